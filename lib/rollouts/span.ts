/** spanWords writes a span as `6 m 05 s`. */
export function spanWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds} s` : `${minutes} m ${String(seconds % 60).padStart(2, '0')} s`
}
