/** FacetId names a column of the fleet that can be narrowed; it is also the URL parameter. */
export type FacetId = 'rating' | 'code' | 'region' | 'model' | 'label' | 'allocation' | 'actual' | 'xid'

/** FACET_IDS in the order of the screen. */
export const FACET_IDS: readonly FacetId[] = [
  'rating',
  'code',
  'region',
  'model',
  'allocation',
  'actual',
  'xid',
  'label',
]

/** GroupBy is what a section of the wall stands for. */
export type GroupBy = 'host' | 'label' | 'model' | 'region' | 'image'

/** ColourBy is what a tile's fill stands for. */
export type ColourBy = 'rating' | 'temp' | 'util' | 'vram' | 'price'

/** Chosen holds the accepted values of each facet; an empty list accepts all. */
export type Chosen = Readonly<Record<FacetId, readonly string[]>>

/** FleetParams is everything of the Fleet page that a link carries. */
export type FleetParams = {
  readonly chosen: Chosen
  readonly search: string
  readonly group: GroupBy
  readonly colour: ColourBy
  readonly view: 'wall' | 'table'
  readonly gpu: string | undefined
  readonly sort: string
  /** columns of the table, in the table's own order; empty shows its usual ones. */
  readonly columns: readonly string[]
  readonly display: 'console' | 'wall'
}

const GROUP_IDS: readonly GroupBy[] = ['host', 'label', 'model', 'region', 'image']
const COLOUR_IDS: readonly ColourBy[] = ['rating', 'temp', 'util', 'vram', 'price']

/** readParams reads the URL; unknown words fall back to the defaults, so an old link still opens. */
export function readParams(params: URLSearchParams): FleetParams {
  const chosen = Object.fromEntries(FACET_IDS.map((id) => [id, params.getAll(id).slice(0, 50)])) as Record<
    FacetId,
    string[]
  >
  return {
    chosen,
    search: (params.get('q') ?? '').slice(0, 200),
    group: GROUP_IDS.find((id) => id === params.get('group')) ?? 'host',
    colour: COLOUR_IDS.find((id) => id === params.get('colour')) ?? 'rating',
    view: params.get('view') === 'table' ? 'table' : 'wall',
    gpu: params.get('gpu') ?? undefined,
    sort: params.get('sort') ?? '',
    columns: (params.get('columns') ?? '').split(',').filter((column) => column !== ''),
    display: params.get('display') === 'wall' ? 'wall' : 'console',
  }
}

/** writeParams gives the query string (without `?`) for the parameters; defaults are left out. */
export function writeParams(params: FleetParams): string {
  const out = new URLSearchParams()
  for (const id of FACET_IDS) for (const value of params.chosen[id]) out.append(id, value)
  if (params.search.trim()) out.set('q', params.search)
  if (params.group !== 'host') out.set('group', params.group)
  if (params.colour !== 'rating') out.set('colour', params.colour)
  if (params.view !== 'wall') out.set('view', params.view)
  if (params.sort) out.set('sort', params.sort)
  if (params.columns.length > 0) out.set('columns', params.columns.join(','))
  if (params.gpu) out.set('gpu', params.gpu)
  if (params.display !== 'console') out.set('display', params.display)
  return out.toString().replaceAll('%2F', '/')
}

/** toggled adds the value to a facet's choice, or takes it away. */
export function toggled(params: FleetParams, facet: FacetId, value: string): FleetParams {
  const now = params.chosen[facet]
  const next = now.includes(value) ? now.filter((one) => one !== value) : [...now, value]
  return { ...params, chosen: { ...params.chosen, [facet]: next } }
}

/** cleared drops every facet and the search, and keeps how the fleet is shown. */
export function cleared(params: FleetParams): FleetParams {
  const chosen = Object.fromEntries(FACET_IDS.map((id) => [id, []])) as unknown as Chosen
  return { ...params, chosen, search: '' }
}

/** isNarrowed tells whether any facet or search is set. */
export function isNarrowed(params: FleetParams): boolean {
  return params.search.trim() !== '' || FACET_IDS.some((id) => params.chosen[id].length > 0)
}
