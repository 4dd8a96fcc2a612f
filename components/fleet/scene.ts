import type { WallLayout } from './layout'

/** Scene is what the wall shows: where each GPU stands, its tile code by row, and the figure on large tiles. */
export type Scene = {
  readonly layout: WallLayout
  readonly codes: Uint8Array
  readonly figureOf: (row: number) => string
}

/** breachedBeside lists the breached rows that touch a row's tile within its block: they reach into its gap. */
export function breachedBeside(scene: Scene, row: number): number[] {
  const { layout, codes } = scene
  const block = layout.blocks[layout.blockOf[row] ?? -1]
  if (!block) return []
  const slot = layout.slotOf[row] ?? 0
  const { rows } = block
  const found: number[] = []
  for (const step of [-1, 1, -rows, rows, -rows - 1, -rows + 1, rows - 1, rows + 1]) {
    const beside = slot + step
    if (beside < 0 || beside >= block.count) continue
    const other = layout.order[block.first + beside] ?? -1
    if (codes[other] === 2) found.push(other)
  }
  return found
}
