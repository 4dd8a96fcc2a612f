/** RunwayPlot places the money's straight line on a small axis of hours: now at `nowX`, empty at `zeroX`. */
export type RunwayPlot = {
  readonly nowX: number
  readonly zeroX: number
  readonly warnX: number | undefined
  readonly breachX: number | undefined
}

/**
 * runwayPlot draws credit falling to zero over `runwayHours`; the warning and breach marks stand where that many
 * hours are left. Marks outside the line are left out.
 */
export function runwayPlot(options: {
  readonly runwayHours: number
  readonly warnHours?: number
  readonly breachHours?: number
  readonly width: number
}): RunwayPlot {
  const { runwayHours, width } = options
  const nowX = Math.round(width * 0.08)
  const zeroX = Math.round(width * 0.9)
  const at = (hoursLeft: number | undefined): number | undefined => {
    if (hoursLeft === undefined || runwayHours <= 0 || hoursLeft >= runwayHours) return undefined
    return Math.round(zeroX - (zeroX - nowX) * (hoursLeft / runwayHours))
  }
  return { nowX, zeroX, warnX: at(options.warnHours), breachX: at(options.breachHours) }
}
