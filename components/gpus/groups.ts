import { findingTitle } from '@/components/fleet/finding-words'
import type { FleetRows } from '@/components/fleet/rows'
import { RATINGS, type Rating } from '@/lib/health/model'
import { isInService } from '@/lib/health/rules/in-service'
import { xidName } from '@/lib/health/rules/xid-names'

/** FindingGroup is every GPU with one finding: what it is, how many, where, and the filter that shows them. */
export type FindingGroup = {
  readonly key: string
  readonly title: string
  readonly rating: Rating
  readonly code: string
  readonly reason: string
  readonly rows: readonly number[]
  readonly hosts: number
  /** query is the Fleet page's query string (without `?`) for this group. */
  readonly query: string
}

const URGENCY: Readonly<Record<Rating, number>> = { breach: 0, warning: 1, unknown: 2, stale: 3, clear: 4 }

type Open = {
  rows: number[]
  hosts: Set<string>
  code: string
  reason: string
  rating: Rating
  xid: number | undefined
}

/** findingGroups groups all GPUs that are not clear by what is found on them, worst first, then most GPUs first. */
export function findingGroups(fleet: FleetRows): FindingGroup[] {
  const open = new Map<string, Open>()
  for (let row = 0; row < fleet.gpus.count; row += 1) {
    const rating = RATINGS[fleet.gpus.rating[row] ?? 3] ?? 'unknown'
    const code = fleet.gpus.code[row] ?? ''
    const reason = fleet.gpus.reason[row] ?? ''
    if (rating === 'clear' || !isInService({ code })) continue
    const xid = xidOf(reason)
    const key = `${rating} ${code} ${xid ?? ''}`
    const group = open.get(key) ?? { rows: [], hosts: new Set(), code, reason, rating, xid }
    open.set(key, group)
    group.rows.push(row)
    group.hosts.add(fleet.instances.host[fleet.gpus.instance[row] ?? 0] ?? '')
  }
  return [...open]
    .map(([key, group]) => groupOf(key, group))
    .sort((a, b) => URGENCY[a.rating] - URGENCY[b.rating] || b.rows.length - a.rows.length)
}

function groupOf(key: string, { rows, hosts, code, reason, rating, xid }: Open): FindingGroup {
  const query = new URLSearchParams({ rating, code })
  if (xid !== undefined) query.set('xid', String(xid))
  const title = findingTitle(code)
  return {
    key,
    title: xid === undefined ? title : xidTitle(code, xid),
    rating,
    code,
    reason,
    rows,
    hosts: hosts.size,
    query: query.toString(),
  }
}

function xidOf(reason: string): number | undefined {
  const code = /^XID (\d+)/.exec(reason)?.[1]
  return code === undefined ? undefined : Number(code)
}

function xidTitle(code: string, xid: number): string {
  if (code === 'xid.latched') return `XID ${xid}, age unknown`
  return `XID ${xid}: ${xidName(xid)}`
}
