import { type BlockMetrics, blockMetrics, rowsPerBlock, TILE_SIZES } from './block-metrics'
import { arrange, type Block, type Section } from './grouping'
import type { GroupBy } from './params'
import type { FleetRows } from './rows'

/** WallLayout places every shown GPU in CSS pixels; hidden rows have `tileX` −1. Order is visual order. */
export type WallLayout = {
  readonly group: GroupBy
  readonly metrics: BlockMetrics
  readonly width: number
  readonly height: number
  readonly tileX: Int32Array
  readonly tileY: Int32Array
  readonly blockOf: Int32Array
  readonly slotOf: Int32Array
  readonly order: Uint32Array
  readonly blocks: readonly PlacedBlock[]
  readonly lines: readonly Line[]
  readonly sections: readonly PlacedSection[]
}

/** PlacedBlock is one host or rental on the wall; its GPUs fill columns of `rows` from the top. */
export type PlacedBlock = {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly rows: number
  readonly first: number
  readonly count: number
}

/** Line is a run of blocks side by side: `first` to `last` are block indexes, both included. */
export type Line = {
  readonly top: number
  readonly bottom: number
  readonly first: number
  readonly last: number
}

/** PlacedSection is a heading with what stands under it. */
export type PlacedSection = {
  readonly name: string
  readonly top: number
  readonly blocks: number
  readonly gpus: number
}

/** LayoutRequest is what a layout depends on; live readings are no part of it, so tiles never move by themselves. */
export type LayoutRequest = {
  readonly fleet: FleetRows
  /** shown has 1 for every instance that keeps its place under the present filters. */
  readonly shown: Uint8Array
  readonly group: GroupBy
  readonly widthPx: number
  readonly tilePx: number
  /** textPx is the size of names on the wall. */
  readonly textPx: number
}

/** layoutWall places the shown hosts section by section, in the order in which the snapshot lists them. */
export function layoutWall(request: LayoutRequest): WallLayout {
  return placeSections(arrange(request), request)
}

/** fittingTilePx is the largest tile with which the whole wall fits the height, else the smallest tile. */
export function fittingTilePx(
  request: Omit<LayoutRequest, 'tilePx'> & { readonly heightPx: number },
): number {
  const sections = arrange(request)
  for (let at = TILE_SIZES.length - 1; at > 0; at -= 1) {
    const tilePx = TILE_SIZES[at] ?? 4
    if (wallHeight(sections, { ...request, tilePx }) <= request.heightPx) return tilePx
  }
  return TILE_SIZES[0] ?? 4
}

/** nextTilePx is the tile one zoom step larger (+1) or smaller (−1), within the sizes that exist. */
export function nextTilePx(tilePx: number, step: 1 | -1): number {
  if (step === 1) return TILE_SIZES.find((size) => size > tilePx) ?? tilePx
  return TILE_SIZES.findLast((size) => size < tilePx) ?? tilePx
}

function wallHeight(
  sections: readonly Section[],
  { widthPx, tilePx, textPx }: Pick<LayoutRequest, 'widthPx' | 'tilePx' | 'textPx'>,
): number {
  const metrics = blockMetrics(tilePx, { widthPx, textPx })
  const rows = rowsPerBlock(sections, metrics)
  let y = 0
  for (const section of sections) {
    y += metrics.headPx
    for (const line of wrap(section.blocks, { metrics, rows, widthPx })) y += line.height + metrics.gapY
    y += metrics.sectionGapPx
  }
  return y
}

type Sized = { readonly block: Block; readonly x: number; readonly width: number; readonly rows: number }

type Wrapping = { readonly metrics: BlockMetrics; readonly rows: number; readonly widthPx: number }

function wrap(
  blocks: readonly Block[],
  { metrics, rows, widthPx }: Wrapping,
): { sized: Sized[]; height: number }[] {
  const maxColumns = Math.max(1, Math.floor((widthPx - 2 * metrics.insetPx) / metrics.pitch))
  const lines: { sized: Sized[]; height: number }[] = []
  let line: Sized[] = []
  let x = metrics.insetPx
  let height = 0
  for (const block of blocks) {
    const count = block.gpus.length
    const tall = Math.max(rows, Math.ceil(count / maxColumns))
    const columns = Math.ceil(count / tall)
    const width = Math.max(columns * metrics.pitch - metrics.tileGap, metrics.minBlockPx)
    if (line.length > 0 && x + width > widthPx - metrics.insetPx) {
      lines.push({ sized: line, height })
      line = []
      x = metrics.insetPx
      height = 0
    }
    line.push({ block, x, width, rows: tall })
    x += width + metrics.gapX
    height = Math.max(height, metrics.labelPx + Math.min(tall, count) * metrics.pitch - metrics.tileGap)
  }
  if (line.length > 0) lines.push({ sized: line, height })
  return lines
}

function placeSections(sections: readonly Section[], request: LayoutRequest): WallLayout {
  const metrics = blockMetrics(request.tilePx, request)
  const rows = rowsPerBlock(sections, metrics)
  const total = request.fleet.gpus.count
  const shownGpus = sections.reduce((sum, section) => sum + section.gpus, 0)
  const out = {
    tileX: new Int32Array(total).fill(-1),
    tileY: new Int32Array(total).fill(-1),
    blockOf: new Int32Array(total).fill(-1),
    slotOf: new Int32Array(total).fill(-1),
    order: new Uint32Array(shownGpus),
  }
  const blocks: PlacedBlock[] = []
  const lines: Line[] = []
  const placed: PlacedSection[] = []
  let y = 0
  let first = 0
  for (const section of sections) {
    placed.push({ name: section.name, top: y, blocks: section.blocks.length, gpus: section.gpus })
    y += metrics.headPx
    for (const line of wrap(section.blocks, { metrics, rows, widthPx: request.widthPx })) {
      lines.push({
        top: y,
        bottom: y + line.height,
        first: blocks.length,
        last: blocks.length + line.sized.length - 1,
      })
      for (const sized of line.sized) {
        const block = {
          name: sized.block.name,
          x: sized.x,
          y,
          width: sized.width,
          rows: sized.rows,
          first,
          count: sized.block.gpus.length,
        }
        placeTiles(block, { gpus: sized.block.gpus, at: blocks.length, metrics, out })
        blocks.push(block)
        first += block.count
      }
      y += line.height + metrics.gapY
    }
    y += metrics.sectionGapPx
  }
  return {
    group: request.group,
    metrics,
    width: request.widthPx,
    height: y,
    ...out,
    blocks,
    lines,
    sections: placed,
  }
}

type Placing = {
  readonly gpus: readonly number[]
  readonly at: number
  readonly metrics: BlockMetrics
  readonly out: Pick<WallLayout, 'tileX' | 'tileY' | 'blockOf' | 'slotOf' | 'order'>
}

function placeTiles(block: PlacedBlock, { gpus, at, metrics, out }: Placing): void {
  for (let slot = 0; slot < gpus.length; slot += 1) {
    const row = gpus[slot] ?? 0
    out.order[block.first + slot] = row
    out.tileX[row] = block.x + Math.floor(slot / block.rows) * metrics.pitch
    out.tileY[row] = block.y + metrics.labelPx + (slot % block.rows) * metrics.pitch
    out.blockOf[row] = at
    out.slotOf[row] = slot
  }
}
