/** StripFleet is the part of the fleet that the strip draws. */
export type StripFleet = {
  readonly instances: {
    readonly count: number
    readonly host: readonly string[]
    readonly region: readonly string[]
    readonly gpus: ArrayLike<number>
    readonly firstGpu: ArrayLike<number>
  }
  readonly gpus: { readonly count: number }
}

export type StripRegion = {
  readonly name: string
  readonly gpus: number
  readonly x: number
  readonly y: number
}

export type StripLayout = {
  readonly pitch: number
  readonly height: number
  readonly regions: readonly StripRegion[]
  /** x and y of every GPU row, CSS pixels. */
  readonly x: Int16Array
  readonly y: Int16Array
}

type Column = { readonly rows: number[] }
type Region = { readonly name: string; readonly columns: readonly Column[]; readonly gpus: number }
type Grid = { readonly pitch: number; readonly bands: number }

const COLUMN_TILES = 8
const LABEL_PX = 20
const REGION_GAP_PX = 20
const MOST_GAP_PX = 160
const LETTER_PX = 6.6
const COUNT_PX = 34
const BAND_GAP_PX = 4
const LINE_GAP_PX = 10
const PITCHES = [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4] as const
const BANDS = [1, 2, 3, 4, 5, 6, 8, 10] as const

/**
 * layoutStrip gives every GPU a place: regions by name, hosts as columns in fleet order, so a host keeps its place.
 * It takes the largest tiles that fit `maxHeight`, and the smallest readable ones when nothing fits.
 */
export function layoutStrip(fleet: StripFleet, width: number, maxHeight: number): StripLayout {
  const regions = regionsOf(fleet)
  for (const pitch of PITCHES) {
    for (const bands of BANDS) {
      const layout = place(regions, { pitch, bands }, width, fleet.gpus.count)
      if (layout && layout.height <= maxHeight) return layout
    }
  }
  const smallest = PITCHES[PITCHES.length - 1] ?? 4
  for (const bands of BANDS) {
    const layout = place(regions, { pitch: smallest, bands }, width, fleet.gpus.count)
    if (layout) return layout
  }
  const empty = new Int16Array(fleet.gpus.count).fill(-1)
  return { pitch: smallest, height: 0, regions: [], x: empty, y: empty }
}

function regionsOf(fleet: StripFleet): readonly Region[] {
  const hosts = new Map<string, Map<string, number[]>>()
  for (let instance = 0; instance < fleet.instances.count; instance += 1) {
    const region = fleet.instances.region[instance] || 'no region'
    const host = fleet.instances.host[instance] ?? ''
    const ofRegion = hosts.get(region) ?? new Map<string, number[]>()
    hosts.set(region, ofRegion)
    const rows = ofRegion.get(host) ?? []
    ofRegion.set(host, rows)
    const first = fleet.instances.firstGpu[instance] ?? 0
    const count = fleet.instances.gpus[instance] ?? 0
    for (let row = first; row < first + count; row += 1) rows.push(row)
  }
  return [...hosts.entries()]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([name, byHost]) => {
      const columns = columnsOf([...byHost.values()])
      return { name, columns, gpus: columns.reduce((sum, column) => sum + column.rows.length, 0) }
    })
}

function columnsOf(hosts: readonly number[][]): readonly Column[] {
  const columns: Column[] = []
  let open: number[] = []
  for (const host of hosts) {
    if (open.length > 0 && open.length + host.length > COLUMN_TILES) {
      columns.push({ rows: open })
      open = []
    }
    for (const row of host) {
      if (open.length === COLUMN_TILES) {
        columns.push({ rows: open })
        open = []
      }
      open.push(row)
    }
  }
  if (open.length > 0) columns.push({ rows: open })
  return columns
}

function place(
  regions: readonly Region[],
  grid: Grid,
  width: number,
  count: number,
): StripLayout | undefined {
  const { pitch, bands } = grid
  const blockHeight = LABEL_PX + bands * COLUMN_TILES * pitch + (bands - 1) * BAND_GAP_PX
  const x = new Int16Array(count).fill(-1)
  const y = new Int16Array(count).fill(-1)
  const placed: StripRegion[] = []
  let left = 0
  let top = 0
  for (const region of regions) {
    const across = Math.ceil(region.columns.length / bands)
    const blockWidth = Math.max(nameWidth(region), across * pitch)
    if (across * pitch > width) return undefined
    if (left > 0 && left + blockWidth > width) {
      left = 0
      top += blockHeight + LINE_GAP_PX
    }
    placed.push({ name: region.name, gpus: region.gpus, x: left, y: top })
    region.columns.forEach((column, index) => {
      const band = index % bands
      const columnX = left + Math.floor(index / bands) * pitch
      const columnY = top + LABEL_PX + band * (COLUMN_TILES * pitch + BAND_GAP_PX)
      column.rows.forEach((row, tile) => {
        x[row] = columnX
        y[row] = columnY + tile * pitch
      })
    })
    left += blockWidth + REGION_GAP_PX
  }
  const layout = { pitch, height: top + blockHeight, regions: placed, x, y }
  return top === 0 ? spread(layout, regions, width - (left - REGION_GAP_PX)) : layout
}

/** A single line of regions takes the whole width: what is left over goes between them. */
function spread(layout: StripLayout, regions: readonly Region[], spare: number): StripLayout {
  const between = Math.max(1, regions.length - 1)
  const extra = Math.min(MOST_GAP_PX - REGION_GAP_PX, Math.floor(spare / between))
  if (extra <= 0) return layout
  for (const [index, region] of regions.entries()) {
    for (const column of region.columns)
      for (const row of column.rows) layout.x[row] = (layout.x[row] ?? 0) + extra * index
  }
  return {
    ...layout,
    regions: layout.regions.map((region, index) => ({ ...region, x: region.x + extra * index })),
  }
}

function nameWidth(region: Region): number {
  return Math.ceil(region.name.length * LETTER_PX) + COUNT_PX
}
