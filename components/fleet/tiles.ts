import { NO_VALUE } from './tile-codes'

/** TileSize is a tile's side and a hairline's width in device pixels. */
export type TileSize = { readonly side: number; readonly line: number }

const WARNING = 1
const BREACH = 2
const UNKNOWN = 3
const STALE = 4

/**
 * drawTiles draws tiles of one code at the points `xy` (x, y, x, y … in device pixels, `count` numbers long); the
 * caller has set fill and stroke colour. Silhouettes differ from 4 px on: full, cut corner, larger, hollow, half.
 */
export function drawTiles(
  context: CanvasRenderingContext2D,
  code: number,
  tiles: { readonly xy: Int32Array; readonly count: number; readonly size: TileSize },
): void {
  if (code === WARNING) drawCut(context, tiles)
  else if (code === UNKNOWN || code === NO_VALUE) drawHollow(context, tiles)
  else if (code === STALE) drawHalf(context, tiles)
  else drawFull(context, tiles, code === BREACH ? tiles.size.line : 0)
}

type Batch = Parameters<typeof drawTiles>[2]

function drawFull(context: CanvasRenderingContext2D, tiles: Batch, grow: number): void {
  const side = tiles.size.side + 2 * grow
  const { xy, count } = tiles
  for (let at = 0; at < count; at += 2)
    context.fillRect((xy[at] ?? 0) - grow, (xy[at + 1] ?? 0) - grow, side, side)
}

function drawCut(context: CanvasRenderingContext2D, { xy, count, size }: Batch): void {
  const cut = Math.max(2 * size.line, Math.round(size.side * 0.36))
  for (let at = 0; at < count; at += 2) {
    const x = xy[at] ?? 0
    const y = xy[at + 1] ?? 0
    context.fillRect(x, y, size.side - cut, size.side)
    context.fillRect(x + size.side - cut, y + cut, cut, size.side - cut)
  }
}

function drawHollow(context: CanvasRenderingContext2D, { xy, count, size }: Batch): void {
  context.lineWidth = size.line
  const inset = size.line / 2
  context.beginPath()
  for (let at = 0; at < count; at += 2) {
    context.rect(
      (xy[at] ?? 0) + inset,
      (xy[at + 1] ?? 0) + inset,
      size.side - size.line,
      size.side - size.line,
    )
  }
  context.stroke()
}

function drawHalf(context: CanvasRenderingContext2D, { xy, count, size }: Batch): void {
  context.beginPath()
  for (let at = 0; at < count; at += 2) {
    const x = xy[at] ?? 0
    const y = xy[at + 1] ?? 0
    context.moveTo(x, y + size.side)
    context.lineTo(x + size.side, y + size.side)
    context.lineTo(x + size.side, y)
    context.closePath()
  }
  context.fill()
}
