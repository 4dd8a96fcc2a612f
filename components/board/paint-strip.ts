import { readPalette } from '@/components/fleet/palette'
import { drawTiles } from '@/components/fleet/tiles'
import { RATINGS } from '@/lib/health/model'
import type { StripLayout } from './strip-layout'

/** paintStrip draws the whole strip: names, then the tiles rating by rating, the loud ones last. */
export function paintStrip(options: {
  readonly canvas: HTMLCanvasElement
  readonly layout: StripLayout
  readonly ratings: ArrayLike<number>
  readonly scale: number
}): void {
  const { canvas, layout, ratings, scale } = options
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) return
  const palette = readPalette(canvas, context)
  context.fillStyle = palette.background
  context.fillRect(0, 0, canvas.width, canvas.height)
  paintNames(context, layout, { family: palette.family, ink: palette.ink, soft: palette.inkSoft, scale })
  const size = {
    side: Math.round((layout.pitch - (layout.pitch > 10 ? 2 : 1)) * scale),
    line: Math.max(1, Math.round(scale)),
  }
  for (const code of [0, 4, 3, 1, 2]) {
    const xy = new Int32Array(layout.x.length * 2)
    let count = 0
    for (let row = 0; row < layout.x.length; row += 1) {
      const rating = (ratings[row] ?? 3) < RATINGS.length ? (ratings[row] ?? 3) : 3
      const x = layout.x[row] ?? -1
      if (rating !== code || x < 0) continue
      xy[count] = Math.round((x + 1) * scale)
      xy[count + 1] = Math.round(((layout.y[row] ?? 0) + 1) * scale)
      count += 2
    }
    if (count === 0) continue
    context.fillStyle = palette.fills[code] ?? palette.ink
    context.strokeStyle = context.fillStyle
    drawTiles(context, code, { xy, count, size })
  }
}

function paintNames(
  context: CanvasRenderingContext2D,
  layout: StripLayout,
  look: { readonly family: string; readonly ink: string; readonly soft: string; readonly scale: number },
): void {
  const { scale } = look
  context.textBaseline = 'top'
  for (const region of layout.regions) {
    context.font = `400 ${Math.round(12 * scale)}px ${look.family}`
    context.fillStyle = look.ink
    const y = (region.y + 2) * scale
    context.fillText(region.name, region.x * scale, y)
    const after = region.x * scale + context.measureText(region.name).width + 5 * scale
    context.font = `400 ${Math.round(11 * scale)}px ${look.family}`
    context.fillStyle = look.soft
    context.fillText(region.gpus.toLocaleString('en-US'), after, y + scale)
  }
}
