import type { Line, PlacedBlock, WallLayout } from './layout'

/** Direction is an arrow key. */
export type Direction = 'left' | 'right' | 'up' | 'down'

/** hitTest gives the GPU row at a point of the wall in CSS pixels, or −1 between blocks and outside. */
export function hitTest(layout: WallLayout, x: number, y: number): number {
  const { metrics } = layout
  const line = layout.lines[lineAt(layout, y)]
  if (!line || y < line.top + metrics.labelPx - 1 || y > line.bottom + 1) return -1
  const block = layout.blocks[blockAt(layout, line, x)]
  if (!block || x < block.x - 1) return -1
  const column = Math.floor(Math.max(0, x - block.x) / metrics.pitch)
  const row = Math.floor(Math.max(0, y - block.y - metrics.labelPx) / metrics.pitch)
  if (row >= block.rows) return -1
  const slot = column * block.rows + row
  return slot < block.count ? (layout.order[block.first + slot] ?? -1) : -1
}

/** neighbour gives the GPU row that an arrow key reaches from a row; the row itself at the wall's edge. */
export function neighbour(layout: WallLayout, row: number, direction: Direction): number {
  const at = layout.blockOf[row] ?? -1
  const block = layout.blocks[at]
  if (!block) return layout.order[0] ?? -1
  const slot = layout.slotOf[row] ?? 0
  const inside = slotInside(block, slot, direction)
  if (inside !== undefined) return layout.order[block.first + inside] ?? row
  if (direction === 'left' || direction === 'right')
    return acrossBlock(layout, { at, slot, direction }) ?? row
  return acrossLine(layout, { row, block, direction }) ?? row
}

function slotInside(block: PlacedBlock, slot: number, direction: Direction): number | undefined {
  const row = slot % block.rows
  if (direction === 'up') return row > 0 ? slot - 1 : undefined
  if (direction === 'down') return row < block.rows - 1 && slot + 1 < block.count ? slot + 1 : undefined
  if (direction === 'left') return slot >= block.rows ? slot - block.rows : undefined
  return slot + block.rows < block.count ? slot + block.rows : undefined
}

function acrossBlock(
  layout: WallLayout,
  from: { readonly at: number; readonly slot: number; readonly direction: 'left' | 'right' },
): number | undefined {
  const row = from.slot % (layout.blocks[from.at]?.rows ?? 1)
  const block = layout.blocks[from.at + (from.direction === 'right' ? 1 : -1)]
  if (!block) return undefined
  const column = from.direction === 'right' ? 0 : Math.ceil(block.count / block.rows) - 1
  const slot = Math.min(column * block.rows + row, block.count - 1)
  return layout.order[block.first + slot]
}

function acrossLine(
  layout: WallLayout,
  from: { readonly row: number; readonly block: PlacedBlock; readonly direction: 'up' | 'down' },
): number | undefined {
  const here = lineAt(layout, from.block.y)
  const line = layout.lines[here + (from.direction === 'down' ? 1 : -1)]
  if (!line) return undefined
  const x = layout.tileX[from.row] ?? 0
  const block = layout.blocks[blockAt(layout, line, x)]
  if (!block) return undefined
  const columns = Math.ceil(block.count / block.rows)
  const column = Math.min(columns - 1, Math.max(0, Math.round((x - block.x) / layout.metrics.pitch)))
  const last = Math.min(block.count, (column + 1) * block.rows) - 1
  return layout.order[block.first + (from.direction === 'down' ? column * block.rows : last)]
}

/** lineAt is the index of the last line that begins at or above y, or 0. */
export function lineAt(layout: WallLayout, y: number): number {
  let low = 0
  let high = layout.lines.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((layout.lines[middle]?.top ?? 0) <= y + 1) low = middle
    else high = middle - 1
  }
  return low
}

function blockAt(layout: WallLayout, line: Line, x: number): number {
  let low = line.first
  let high = line.last
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((layout.blocks[middle]?.x ?? 0) <= x + 1) low = middle
    else high = middle - 1
  }
  return low
}
