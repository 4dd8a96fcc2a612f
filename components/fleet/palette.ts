import { NO_VALUE, OUT_OF_SET, RAMP_START, RAMP_STEPS } from './tile-codes'

/** Palette is the page's colours as the canvas needs them: `fills` by tile code. */
export type Palette = {
  readonly fills: readonly string[]
  /** onFills is the text colour that reads on each fill. */
  readonly onFills: readonly string[]
  readonly background: string
  readonly ink: string
  readonly inkSoft: string
  readonly family: string
  /** textPx is the size of names in CSS pixels. */
  readonly textPx: number
}

/** readPalette reads the custom properties that hold now, so a theme change needs only a new palette. */
export function readPalette(element: HTMLElement, context: CanvasRenderingContext2D): Palette {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(name).trim() || '#808080'
  const fills = ['ok', 'warn', 'breach', 'unknown', 'stale'].map((name) => colour(`--tile-${name}`))
  fills[OUT_OF_SET] = colour('--line')
  fills[NO_VALUE] = colour('--tile-unknown')
  const from = parts(colour('--line-2'), context)
  const to = parts(colour('--ink'), context)
  for (let step = 0; step < RAMP_STEPS; step += 1) {
    fills[RAMP_START + step] = mix(from, to, (step + 0.4) / (RAMP_STEPS - 0.6))
  }
  const ink = colour('--ink')
  const background = colour('--tile-bg')
  return {
    fills,
    onFills: fills.map((fill, code) => (HOLLOW.has(code) ? ink : textOn(parts(fill, context)))),
    background,
    ink,
    inkSoft: colour('--ink-3'),
    family: style.fontFamily,
    textPx: Number.parseFloat(style.fontSize),
  }
}

/** Hollow and half tiles show the page behind their text. */
const HOLLOW: ReadonlySet<number> = new Set([3, 4, NO_VALUE])

type Rgb = readonly [number, number, number]

/** A canvas answers any opaque CSS colour as `#rrggbb`. */
function parts(colour: string, context: CanvasRenderingContext2D): Rgb {
  context.fillStyle = colour
  const hex = String(context.fillStyle)
  const at = (start: number): number => Number.parseInt(hex.slice(start, start + 2), 16) || 0
  return [at(1), at(3), at(5)]
}

function mix(from: Rgb, to: Rgb, share: number): string {
  const channel = (at: 0 | 1 | 2): number => Math.round(from[at] + (to[at] - from[at]) * share)
  return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`
}

/** Black or white, whichever has the greater contrast on the colour (WCAG relative luminance). */
function textOn(rgb: Rgb): string {
  const [red, green, blue] = rgb.map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
  return luminance > 0.179 ? '#000000' : '#ffffff'
}
