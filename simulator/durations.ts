const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

export function durationMs(text: string): number {
  const match = DURATION_PATTERN.exec(text)
  const unit = match?.[2] === undefined ? undefined : UNIT_MS[match[2]]
  if (match?.[1] === undefined || unit === undefined) throw new Error(`not a duration: ${text}`)
  return Math.round(Number(match[1]) * unit)
}
