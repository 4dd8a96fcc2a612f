export type Box = {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}
export type Size = { readonly width: number; readonly height: number }

const MARGIN_PX = 8
const GAP_PX = 4

/** placeBeside puts a floating box under its anchor, above when there is no room, inside the viewport always. */
export function placeBeside(options: {
  readonly anchor: Box
  readonly floating: Size
  readonly viewport: Size
  readonly align: 'start' | 'center' | 'end'
}): { readonly left: number; readonly top: number } {
  const { anchor, floating, viewport } = options
  const slack = anchor.width - floating.width
  const wanted = anchor.left + (options.align === 'start' ? 0 : options.align === 'end' ? slack : slack / 2)
  const rightmost = viewport.width - floating.width - MARGIN_PX
  const under = anchor.top + anchor.height + GAP_PX
  const above = anchor.top - floating.height - GAP_PX
  const fitsUnder = under + floating.height <= viewport.height - MARGIN_PX
  return {
    left: Math.max(MARGIN_PX, Math.min(wanted, rightmost)),
    top: fitsUnder || above < MARGIN_PX ? under : above,
  }
}
