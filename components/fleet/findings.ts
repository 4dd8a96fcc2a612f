import { RATINGS, type Rating } from '@/lib/health/model'
import { isInService } from '@/lib/health/rules/instance-verdicts'
import type { FleetRows } from './rows'

/** Finding is a run of GPUs on one rental with the same rating and reason: one line of the list beside the wall. */
export type Finding = {
  readonly key: string
  readonly rating: Rating
  readonly code: string
  readonly reason: string
  readonly instance: number
  readonly rows: readonly number[]
}

const SEVERITY: readonly number[] = [9, 1, 0, 2, 3]

/** Findings are the lines to look at, and how many matching GPUs are away on purpose: stopped, coming or gone. */
export type Findings = { readonly list: readonly Finding[]; readonly away: number }

/** findingsOf lists the matching GPUs that are not clear: breach, warning, unknown, stale, then in the fleet's order. */
export function findingsOf(fleet: FleetRows, matches: Uint8Array): Findings {
  const open: { finding: Finding & { rows: number[] }; severity: number }[] = []
  const known = new Map<string, number>()
  let away = 0
  for (let row = 0; row < fleet.gpus.count; row += 1) {
    const code = fleet.gpus.rating[row] ?? 3
    if (code === 0 || matches[row] !== 1) continue
    const instance = fleet.gpus.instance[row] ?? 0
    const reason = fleet.gpus.reason[row] ?? ''
    const rating = RATINGS[code] ?? 'unknown'
    const verdictCode = fleet.gpus.code[row] ?? ''
    if (!isInService({ rating, code: verdictCode, reason })) {
      away += 1
      continue
    }
    const key = `${fleet.instances.id[instance]} ${code} ${reason}`
    const at = known.get(key)
    const finding = at === undefined ? undefined : open[at]?.finding
    if (finding) {
      finding.rows.push(row)
      continue
    }
    known.set(key, open.length)
    open.push({
      finding: { key, rating, code: verdictCode, reason, instance, rows: [row] },
      severity: SEVERITY[code] ?? 9,
    })
  }
  open.sort((a, b) => a.severity - b.severity)
  return { list: open.map((entry) => entry.finding), away }
}

/** nextUnhealthy gives the row of the finding after (+1) or before (−1) the one that holds `row`; −1 when there is none. */
export function nextUnhealthy(findings: readonly Finding[], row: number, step: 1 | -1): number {
  if (findings.length === 0) return -1
  const at = findings.findIndex((finding) => finding.rows.includes(row))
  if (at < 0) return (step === 1 ? findings[0] : findings.at(-1))?.rows[0] ?? -1
  const next = findings[(at + step + findings.length) % findings.length]
  return next?.rows[0] ?? -1
}
