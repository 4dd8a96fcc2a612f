import { json, type Reply } from '../reply'
import type { SimInstance } from '../world/build'
import type { World } from '../world/world'
import { type VastRow, vastRow } from './vast-row'

const MAX_PAGE = 25
const COMPUTED = new Set(['dph_total', 'num_gpus', 'offline'])

type Filter = { readonly column: string; readonly op: string; readonly wanted: unknown }
type LabelOf = (id: number) => string | null

export function listInstances(
  world: World,
  query: URLSearchParams,
  offsetMs: number,
  labelOf: LabelOf,
): Reply {
  const filters = filtersOf(query.get('select_filters'))
  if (filters === undefined)
    return json(
      {
        success: false,
        error: 'invalid_request',
        msg: 'select_filters names a column that cannot be filtered',
      },
      400,
    )
  const after = cursorOf(query.get('after_token'))
  if (after === undefined)
    return json({ success: false, error: 'invalid_token', msg: 'after_token is not valid' }, 400)
  const descending = /"dir"\s*:\s*"desc"/.test(query.get('order_by') ?? '')
  const row = (instance: SimInstance): VastRow => vastRow(world, instance, offsetMs, labelOf(instance.id))
  const matching = world.fleet.instances.filter(
    (instance) => filters.length === 0 || meets(row(instance), filters),
  )
  const ordered = descending ? [...matching].reverse() : matching
  const rest = ordered.filter((instance) =>
    descending ? instance.id < (after || Infinity) : instance.id > after,
  )
  const page = rest.slice(0, limitOf(query.get('limit')))
  const last = page.at(-1)
  return json({
    success: true,
    instances_found: page.length,
    total_instances: matching.length,
    label_counts: labelCounts(matching, labelOf),
    next_token: rest.length > page.length && last !== undefined ? tokenOf(last.id) : null,
    instances: page.map((instance) => selected(row(instance), query.get('select_cols'))),
  })
}

function limitOf(text: string | null): number {
  const wanted = text === null ? MAX_PAGE : Number.parseInt(text, 10)
  if (Number.isNaN(wanted)) return MAX_PAGE
  return wanted <= 0 ? 5 : Math.min(wanted, MAX_PAGE)
}

function tokenOf(id: number): string {
  return Buffer.from(JSON.stringify({ id })).toString('base64url')
}

function cursorOf(token: string | null): number | undefined {
  if (token === null || token === '') return 0
  const id = /^\{"id":(\d+)\}$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1]
  return id === undefined ? undefined : Number(id)
}

function labelCounts(instances: readonly SimInstance[], labelOf: LabelOf): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const instance of instances) {
    const label = labelOf(instance.id) ?? ''
    counts[label] = (counts[label] ?? 0) + 1
  }
  return counts
}

function selected(row: VastRow, columns: string | null): VastRow {
  if (columns === null) return row
  const names: unknown = parsed(columns)
  if (!Array.isArray(names) || names.includes('*')) return row
  return Object.fromEntries(names.map((name) => [String(name), row[String(name)] ?? null]))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function filtersOf(text: string | null): readonly Filter[] | undefined {
  if (text === null) return []
  const value = parsed(text)
  if (typeof value !== 'object' || value === null) return undefined
  const filters = Object.entries(value).flatMap(([column, ops]) =>
    typeof ops === 'object' && ops !== null
      ? Object.entries(ops).map(([op, wanted]): Filter => ({ column, op, wanted }))
      : [{ column, op: 'eq', wanted: ops }],
  )
  return filters.some((filter) => COMPUTED.has(filter.column)) ? undefined : filters
}

function meets(row: VastRow, filters: readonly Filter[]): boolean {
  return filters.every(({ column, op, wanted }) => {
    const found = row[column]
    switch (op) {
      case 'eq':
        return found === wanted
      case 'neq':
        return found !== wanted
      case 'in':
        return Array.isArray(wanted) && wanted.includes(found)
      case 'notin':
        return Array.isArray(wanted) && !wanted.includes(found)
      case 'gt':
        return Number(found) > Number(wanted)
      case 'gte':
        return Number(found) >= Number(wanted)
      case 'lt':
        return Number(found) < Number(wanted)
      case 'lte':
        return Number(found) <= Number(wanted)
      default:
        return false
    }
  })
}
