export type LimitScaleGeometry = {
  readonly limitX: number
  readonly warnX: number | undefined
  readonly needleX: number | undefined
  readonly zone: 'clear' | 'warning' | 'breach' | 'none'
}

/**
 * limitScale places limit, warning and needle on an axis from zero to a little past whichever is farther,
 * the value or twice the limit; a limit of zero keeps a visible notch.
 */
export function limitScale(options: {
  readonly value: number | null
  readonly limit: number
  readonly warn?: number
  readonly width: number
}): LimitScaleGeometry {
  const { value, limit, warn, width } = options
  const top = Math.max(limit * 2, (value ?? 0) * 1.15, limit === 0 ? 1 : 0)
  const usable = width - 2
  const at = (amount: number): number => Math.round((1 + (Math.min(amount, top) / top) * usable) * 10) / 10
  return {
    limitX: limit === 0 ? 6 : at(limit),
    warnX: warn === undefined ? undefined : at(warn),
    needleX: value === null ? undefined : at(Math.max(0, value)),
    zone:
      value === null
        ? 'none'
        : value > limit
          ? 'breach'
          : warn !== undefined && value > warn
            ? 'warning'
            : 'clear',
  }
}
