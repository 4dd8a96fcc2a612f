/** extraCopies is how many copies beside `stable` ones come closest to a share: at least one, so that there is something to see. */
export function extraCopies(stable: number, percent: number): number {
  if (percent >= 100) return 0
  const exact = (stable * percent) / (100 - percent)
  const low = Math.max(1, Math.floor(exact))
  const high = Math.max(1, Math.ceil(exact))
  const off = (copies: number): number => Math.abs(sharePercent(copies, stable + copies) - percent)
  return off(high) < off(low) ? high : low
}

/** copiesOf is how many of `all` copies come closest to a share: at least one, and all of them only at 100 %. */
export function copiesOf(all: number, percent: number): number {
  if (all === 0) return 0
  if (percent >= 100) return all
  return Math.min(all, Math.max(1, Math.round((all * percent) / 100)))
}

/** sharePercent is a part of a whole in percent, with one decimal; nothing of nothing is none. */
export function sharePercent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1_000) / 10
}
