import { byUrgency } from '@/components/ui/rating'
import { RATINGS, type Rating } from '@/lib/health/model'
import { isInService } from '@/lib/health/rules/in-service'
import type { FleetRows } from './rows'

/** Finding is one line of the list beside the wall: GPUs of one rental with the same reason, or the rental itself. */
export type Finding = {
  readonly scope: 'gpu' | 'rental'
  readonly key: string
  readonly rating: Rating
  readonly code: string
  readonly reason: string
  readonly instance: number
  readonly rows: readonly number[]
}

/** Findings are the lines to look at, and how many matching GPUs are away on purpose: stopped, coming or gone. */
export type Findings = { readonly list: readonly Finding[]; readonly away: number }

/**
 * findingsOf lists what is found on matching GPUs and on their rentals: breach, warning, unknown, stale, then in the
 * fleet's order. A rental that can't be judged adds nothing to what its GPUs say.
 */
export function findingsOf(fleet: FleetRows, matches: Uint8Array): Findings {
  const { list, away } = gpuFindings(fleet, matches)
  const all = [...list, ...rentalFindings(fleet, matches)]
  all.sort((a, b) => byUrgency(a.rating, b.rating))
  return { list: all, away }
}

function gpuFindings(fleet: FleetRows, matches: Uint8Array): { list: Finding[]; away: number } {
  const open = new Map<string, Finding & { rows: number[] }>()
  let away = 0
  for (let row = 0; row < fleet.gpus.count; row += 1) {
    const rating = RATINGS[fleet.gpus.rating[row] ?? 3] ?? 'unknown'
    if (rating === 'clear' || matches[row] !== 1) continue
    const instance = fleet.gpus.instance[row] ?? 0
    const reason = fleet.gpus.reason[row] ?? ''
    const code = fleet.gpus.code[row] ?? ''
    if (!isInService({ code })) {
      away += 1
      continue
    }
    const key = `${fleet.instances.id[instance]} ${rating} ${reason}`
    const known = open.get(key)
    if (known) known.rows.push(row)
    else open.set(key, { scope: 'gpu', key, rating, code, reason, instance, rows: [row] })
  }
  return { list: [...open.values()], away }
}

function rentalFindings(fleet: FleetRows, matches: Uint8Array): Finding[] {
  const { instances } = fleet
  const list: Finding[] = []
  for (let instance = 0; instance < instances.count; instance += 1) {
    const rating = RATINGS[instances.rating[instance] ?? 3] ?? 'unknown'
    if (rating !== 'breach' && rating !== 'warning') continue
    const first = instances.firstGpu[instance] ?? 0
    const rows = Array.from({ length: instances.gpus[instance] ?? 0 }, (_, index) => first + index)
    if (!rows.some((row) => matches[row] === 1)) continue
    const code = instances.code[instance] ?? ''
    const reason = instances.reason[instance] ?? ''
    list.push({
      scope: 'rental',
      key: `rental ${instances.id[instance]} ${code}`,
      rating,
      code,
      reason,
      instance,
      rows,
    })
  }
  return list
}

/** Cursor is a place among the findings: a GPU's row (−1 = none), and the line that led there, as several may hold one GPU. */
export type Cursor = { readonly row: number; readonly key?: string | undefined }

/** currentFinding is the one line that the cursor stands on: the line that led there, else the first that holds its GPU. */
export function currentFinding(findings: readonly Finding[], { row, key }: Cursor): Finding | undefined {
  if (row < 0) return undefined
  const holding = findings.filter((finding) => finding.rows.includes(row))
  return holding.find((finding) => finding.key === key) ?? holding[0]
}

/** nextFinding is the line after (+1) or before (−1) the current one, round at the ends; undefined when there is none. */
export function nextFinding(findings: readonly Finding[], cursor: Cursor, step: 1 | -1): Finding | undefined {
  const current = currentFinding(findings, cursor)
  if (!current) return step === 1 ? findings[0] : findings.at(-1)
  return findings[(findings.indexOf(current) + step + findings.length) % findings.length]
}
