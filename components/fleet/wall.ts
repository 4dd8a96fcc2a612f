import { FIGURE_FROM_PX } from './block-metrics'
import type { WallLayout } from './layout'
import { lineAt } from './neighbours'
import { type Palette, readPalette } from './palette'
import type { Scene } from './scene'
import { breachedBeside } from './scene'
import { drawTiles, type TileSize } from './tiles'
import { type Drawing, drawFigures, drawNames } from './wall-text'

const NEVER = 255
const CODES = 16

/**
 * Wall paints a scene on a canvas as tall as its scroller, only when something changed, coalesced by frame.
 * After each paint the canvas says so: `data-seq`, `data-painted-at` (epoch ms), `data-paint-ms`, `data-tiles`.
 */
export class Wall {
  private readonly canvas: HTMLCanvasElement
  private readonly scroller: HTMLElement
  private readonly context: CanvasRenderingContext2D
  private readonly onScroll = (): void => this.repaint()
  private palette: Palette | undefined
  private scene: Scene | undefined
  private painted = new Uint8Array(0)
  private patches: number[] = []
  private everything = true
  private frame = 0
  private seq = -1
  private scale = 1
  /** top and height are what is in sight during a paint: read from the page once, not once per tile. */
  private top = 0
  private height = 0
  private figures: number[] = []
  private buckets: { xy: Int32Array; count: number }[] = []

  constructor(options: { readonly canvas: HTMLCanvasElement; readonly scroller: HTMLElement }) {
    const context = options.canvas.getContext('2d', { alpha: false })
    if (!context) throw new Error('This browser gives no 2D canvas')
    this.canvas = options.canvas
    this.scroller = options.scroller
    this.context = context
    this.scroller.addEventListener('scroll', this.onScroll, { passive: true })
  }

  /** show replaces the scene and paints all of it at once, so that the coming frame already holds it. */
  show(scene: Scene, seq: number): void {
    this.scene = scene
    this.seq = seq
    this.painted = new Uint8Array(scene.codes.length).fill(NEVER)
    this.buckets = Array.from({ length: CODES }, () => ({ xy: new Int32Array(0), count: 0 }))
    this.fit()
    this.everything = true
    this.paint()
  }

  /** patch paints those of the rows whose code differs from what stands on the canvas. */
  patch(rows: Iterable<number>, seq: number): void {
    this.seq = seq
    for (const row of rows) this.patches.push(row)
    this.schedule()
  }

  /** retheme reads the colours again and repaints. */
  retheme(): void {
    this.palette = undefined
    this.repaint()
  }

  /** repaint paints everything in sight. */
  repaint(): void {
    this.everything = true
    this.schedule()
  }

  /** dispose stops painting and listening. */
  dispose(): void {
    cancelAnimationFrame(this.frame)
    this.frame = 0
    this.scroller.removeEventListener('scroll', this.onScroll)
  }

  private fit(): void {
    this.scale = Math.max(1, window.devicePixelRatio)
    const width = this.scroller.clientWidth
    const height = this.scroller.clientHeight
    this.canvas.width = Math.round(width * this.scale)
    this.canvas.height = Math.round(height * this.scale)
    this.canvas.style.width = `${width}px`
    this.canvas.style.height = `${height}px`
  }

  /** The first change of a frame is painted at once, later ones of the same frame together at its end. */
  private schedule(): void {
    if (this.frame !== 0) return
    this.paint()
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      if (this.everything || this.patches.length > 0) this.paint()
    })
  }

  private paint(): void {
    const { scene } = this
    if (!scene || this.canvas.width === 0) return
    const started = performance.now()
    this.top = this.scroller.scrollTop
    this.height = this.scroller.clientHeight
    this.palette ??= readPalette(this.canvas, this.context)
    const rows = this.everything ? this.beginFull(scene) : this.beginPatch(scene)
    this.everything = false
    this.patches = []
    const tiles = this.fillBuckets(scene, rows)
    this.drawBuckets(scene)
    this.tell(tiles, performance.now() - started)
  }

  private tell(tiles: number, paintMs: number): void {
    const { dataset } = this.canvas
    dataset.seq = String(this.seq)
    dataset.tiles = String(tiles)
    dataset.paintMs = paintMs.toFixed(2)
    dataset.paintedAt = (performance.timeOrigin + performance.now()).toFixed(1)
  }

  private beginFull(scene: Scene): Uint32Array {
    const { context, palette } = this
    if (!palette) return new Uint32Array(0)
    context.fillStyle = palette.background
    context.fillRect(0, 0, this.canvas.width, this.canvas.height)
    const { layout } = scene
    const { top } = this
    const last = layout.lines[lineAt(layout, top + this.height)]
    const first = layout.lines[lineAt(layout, top)]
    const from = layout.blocks[first?.first ?? 0]
    const until = layout.blocks[last?.last ?? 0]
    drawNames(this.drawing(palette), layout, {
      top,
      bottom: top + this.height,
      from: first?.first ?? 0,
      until: last?.last ?? -1,
    })
    return layout.order.subarray(from?.first ?? 0, until ? until.first + until.count : 0)
  }

  /** A patch clears its cell with the gap around it, so breached neighbours that reach into the gap are drawn again. */
  private beginPatch(scene: Scene): number[] {
    const { layout, codes } = scene
    const alwaysDiffers = layout.metrics.tile >= FIGURE_FROM_PX
    const rows = new Set<number>()
    for (const row of this.patches) {
      if (!this.isVisible(layout, row) || (!alwaysDiffers && this.painted[row] === codes[row])) continue
      rows.add(row)
    }
    if (this.palette) this.context.fillStyle = this.palette.background
    const size = this.size(layout)
    for (const row of [...rows]) {
      this.context.fillRect(
        this.toX(layout.tileX[row] ?? 0) - size.line,
        this.toY(layout.tileY[row] ?? 0) - size.line,
        size.side + 2 * size.line,
        size.side + 2 * size.line,
      )
      for (const beside of breachedBeside(scene, row)) rows.add(beside)
    }
    return [...rows]
  }

  private isVisible(layout: WallLayout, row: number): boolean {
    const y = layout.tileY[row] ?? -1
    if (y < 0 || (layout.tileX[row] ?? -1) < 0) return false
    const { top } = this
    return y + layout.metrics.pitch > top && y < top + this.height
  }

  private fillBuckets(scene: Scene, rows: ArrayLike<number>): number {
    const { layout, codes } = scene
    for (const bucket of this.buckets) bucket.count = 0
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? 0
      const code = codes[row] ?? 0
      const bucket = this.buckets[code]
      if (!bucket) continue
      if (bucket.count === 0 && bucket.xy.length < rows.length * 2)
        bucket.xy = new Int32Array(rows.length * 2)
      this.painted[row] = code
      bucket.xy[bucket.count] = this.toX(layout.tileX[row] ?? 0)
      bucket.xy[bucket.count + 1] = this.toY(layout.tileY[row] ?? 0)
      bucket.count += 2
    }
    if (layout.metrics.tile >= FIGURE_FROM_PX) this.figures = Array.from(rows)
    return rows.length
  }

  private drawBuckets(scene: Scene): void {
    const { context, palette } = this
    if (!palette) return
    const size = this.size(scene.layout)
    for (const [code, bucket] of this.buckets.entries()) {
      if (bucket.count === 0) continue
      context.fillStyle = palette.fills[code] ?? palette.ink
      context.strokeStyle = context.fillStyle
      drawTiles(context, code, { ...bucket, size })
    }
    if (scene.layout.metrics.tile >= FIGURE_FROM_PX) drawFigures(this.drawing(palette), scene, this.figures)
  }

  private drawing(palette: Palette): Drawing {
    return {
      context: this.context,
      palette,
      scale: this.scale,
      toX: (x) => this.toX(x),
      toY: (y) => this.toY(y),
    }
  }

  private size(layout: WallLayout): TileSize {
    return { side: Math.round(layout.metrics.tile * this.scale), line: Math.max(1, Math.round(this.scale)) }
  }

  private toX(x: number): number {
    return Math.round(x * this.scale)
  }

  private toY(y: number): number {
    return Math.round((y - this.top) * this.scale)
  }
}
