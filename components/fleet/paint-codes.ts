import { failsOf, type Matcher } from './filter'
import type { ColourBy } from './params'
import { NO_VALUE, OUT_OF_SET, RAMP_START, RAMP_STEPS } from './tile-codes'

/** RampScale is the value at the ramp's two ends, in the unit shown beside the legend. */
export type RampScale = { readonly from: number; readonly to: number; readonly unit: string }

/** COLOURS names what tiles can be coloured by, in the order of the menu. */
export const COLOURS: readonly { readonly id: ColourBy; readonly title: string }[] = [
  { id: 'rating', title: 'Rating' },
  { id: 'temp', title: 'Temperature' },
  { id: 'util', title: 'Utilisation' },
  { id: 'vram', title: 'Memory use' },
  { id: 'price', title: 'Price' },
]

/** scaleOf gives the ramp's ends: fixed for readings, the fleet's own span for prices (US cents per GPU and hour). */
export function scaleOf(matcher: Matcher, colour: Exclude<ColourBy, 'rating'>): RampScale {
  if (colour === 'temp') return { from: 30, to: 90, unit: '°C' }
  if (colour !== 'price') return { from: 0, to: 100, unit: '%' }
  const { instances } = matcher.fleet
  let from = Number.POSITIVE_INFINITY
  let to = 0
  for (let row = 0; row < instances.count; row += 1) {
    const cents = centsPerGpu(matcher, row)
    if (cents < 0) continue
    from = Math.min(from, cents)
    to = Math.max(to, cents)
  }
  return Number.isFinite(from) ? { from, to, unit: '¢/h' } : { from: 0, to: 1, unit: '¢/h' }
}

/** codeOf gives the look of one GPU row. */
export function codeOf(
  matcher: Matcher,
  row: number,
  by: { readonly colour: ColourBy; readonly scale: RampScale | undefined },
): number {
  if (failsOf(matcher, row) !== 0) return OUT_OF_SET
  const { gpus } = matcher.fleet
  if (by.colour === 'rating' || !by.scale) return gpus.rating[row] ?? 3
  const value =
    by.colour === 'price' ? centsPerGpu(matcher, gpus.instance[row] ?? 0) : (gpus[by.colour][row] ?? -1)
  if (value < 0) return NO_VALUE
  const share = (value - by.scale.from) / Math.max(1e-9, by.scale.to - by.scale.from)
  return RAMP_START + Math.min(RAMP_STEPS - 1, Math.max(0, Math.floor(share * RAMP_STEPS)))
}

function centsPerGpu(matcher: Matcher, instance: number): number {
  const cents = matcher.fleet.instances.centsPerHour[instance] ?? -1
  const gpus = matcher.fleet.instances.gpus[instance] ?? 1
  return cents < 0 ? -1 : cents / Math.max(1, gpus)
}
