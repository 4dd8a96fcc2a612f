import type { WallLayout } from './layout'
import type { Palette } from './palette'
import type { Scene } from './scene'

/** Drawing is the canvas with the way from the wall's CSS pixels to its own. */
export type Drawing = {
  readonly context: CanvasRenderingContext2D
  readonly palette: Palette
  readonly scale: number
  readonly toX: (x: number) => number
  readonly toY: (y: number) => number
}

type Sight = { readonly top: number; readonly bottom: number; readonly from: number; readonly until: number }

/** drawNames writes the headings in sight and, where tiles are large enough, the name above each block. */
export function drawNames(drawing: Drawing, layout: WallLayout, sight: Sight): void {
  const { context, palette, scale, toX, toY } = drawing
  const size = Math.round(palette.textPx * scale)
  context.textAlign = 'left'
  context.textBaseline = 'top'
  for (const section of layout.sections) {
    if (section.top + layout.metrics.headPx < sight.top || section.top > sight.bottom) continue
    const x = toX(layout.metrics.insetPx)
    const y = toY(section.top + 3)
    context.font = `500 ${size}px ${palette.family}`
    context.fillStyle = palette.ink
    context.fillText(section.name, x, y)
    const after = x + context.measureText(section.name).width + 6 * scale
    context.font = `400 ${size}px ${palette.family}`
    context.fillStyle = palette.inkSoft
    context.fillText(countWords(section, layout.group), after, y)
  }
  if (layout.metrics.labelPx === 0) return
  context.font = `400 ${size}px ${palette.family}`
  context.fillStyle = palette.inkSoft
  for (const block of layout.blocks.slice(sight.from, sight.until + 1)) {
    context.fillText(shortened(block.name, block.width / palette.textPx), toX(block.x), toY(block.y + 2))
  }
}

/** drawFigures writes the figure on each of the rows' tiles. */
export function drawFigures(drawing: Drawing, scene: Scene, rows: readonly number[]): void {
  const { context, palette, scale, toX, toY } = drawing
  const half = scene.layout.metrics.tile / 2
  context.font = `500 ${Math.round(11 * scale)}px ${palette.family}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const row of rows) {
    context.fillStyle = palette.onFills[scene.codes[row] ?? 0] ?? palette.ink
    const x = toX((scene.layout.tileX[row] ?? 0) + half)
    context.fillText(scene.figureOf(row), x, toY((scene.layout.tileY[row] ?? 0) + half + 1))
  }
}

function countWords(section: WallLayout['sections'][number], group: WallLayout['group']): string {
  const one = group === 'host' ? 'host' : 'rental'
  const blocks = `${section.blocks.toLocaleString('en')} ${section.blocks === 1 ? one : `${one}s`}`
  return `${section.gpus.toLocaleString('en')} ${section.gpus === 1 ? 'GPU' : 'GPUs'}, ${blocks}`
}

function shortened(name: string, widthEm: number): string {
  const fits = Math.floor(widthEm / 0.55)
  return name.length > fits ? `${name.slice(0, Math.max(1, fits - 1))}…` : name
}
