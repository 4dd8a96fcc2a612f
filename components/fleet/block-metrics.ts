/** TILE_SIZES are the zoom levels: the side of a tile in CSS pixels. */
export const TILE_SIZES: readonly number[] = [4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 44]

/** BlockMetrics are the distances of one zoom level in CSS pixels. */
export type BlockMetrics = {
  readonly tile: number
  readonly tileGap: number
  readonly pitch: number
  readonly gapX: number
  readonly gapY: number
  /** labelPx is the room for a block's name above it; 0 when tiles are too small for names. */
  readonly labelPx: number
  readonly minBlockPx: number
  readonly headPx: number
  readonly sectionGapPx: number
  readonly insetPx: number
}

/** NAME_FROM_PX is the tile size from which a block carries its host's name. */
export const NAME_FROM_PX = 16

/** FIGURE_FROM_PX is the tile size from which a tile carries its figure. */
export const FIGURE_FROM_PX = 32

/** blockMetrics gives the distances for a tile size on a wall of this width, with names of this size (CSS pixels). */
export function blockMetrics(
  tile: number,
  { widthPx, textPx }: { readonly widthPx: number; readonly textPx: number },
): BlockMetrics {
  const named = tile >= NAME_FROM_PX
  const tileGap = named ? 2 : 1
  const gap = Math.max(3, Math.round(tile * 0.6))
  return {
    tile,
    tileGap,
    pitch: tile + tileGap,
    gapX: named ? Math.max(gap, 16) : gap,
    gapY: gap,
    labelPx: named ? Math.round(textPx * 1.5) : 0,
    minBlockPx: named ? Math.round(textPx * 6.3) : 0,
    headPx: Math.round(textPx * 1.67),
    sectionGapPx: 6,
    insetPx: widthPx < 600 ? 16 : 24,
  }
}

/** rowsPerBlock is the block height in tiles (1–8) that needs the least area for these blocks; of equals the highest. */
export function rowsPerBlock(
  sections: readonly { readonly blocks: readonly { readonly gpus: readonly number[] }[] }[],
  metrics: BlockMetrics,
): number {
  const sizes = new Map<number, number>()
  for (const section of sections) {
    for (const block of section.blocks) sizes.set(block.gpus.length, (sizes.get(block.gpus.length) ?? 0) + 1)
  }
  let best = 1
  let least = Number.POSITIVE_INFINITY
  for (let rows = 1; rows <= 8; rows += 1) {
    let area = 0
    for (const [count, blocks] of sizes) {
      const width = Math.max(Math.ceil(count / rows) * metrics.pitch, metrics.minBlockPx) + metrics.gapX
      area += blocks * width * (rows * metrics.pitch + metrics.gapY + metrics.labelPx)
    }
    if (area <= least * 1.01) {
      least = Math.min(area, least)
      best = rows
    }
  }
  return best
}
