/** Range is what a slider covers: from `min` to `max` by `step`. */
export type Range = { readonly min: number; readonly max: number; readonly step: number }

/** boundRange is the slider of a bound: from nothing to four times what is shipped, in a hundred steps that people can say. */
export function boundRange(shipped: number): Range {
  const max = shipped > 0 ? shipped * 4 : 20
  const rough = max / 100
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? power * 10
  return { min: 0, max: Math.ceil(max / step) * step, step }
}

/** holdRange is the slider of a hold in seconds, by ticks: three times what is shipped, a quarter of an hour at least. */
export function holdRange(shippedSeconds: number): Range {
  return { min: 0, max: Math.max(900, shippedSeconds * 3), step: 15 }
}
