/** FLAG_KEY is what a flag may be called: it stands in addresses. */
export const FLAG_KEY = /^[a-z0-9][a-z0-9._-]{1,79}$/

/** MAX_BUCKET_KEY is how long the key may be by which a caller is put into a bucket. */
export const MAX_BUCKET_KEY = 512

/** Flag is a boolean flag that is true for a share of all keys; `share` counts hundredths of a percent, 0 to 10,000. */
export type Flag = {
  readonly key: string
  readonly salt: string
  readonly isOn: boolean
  readonly share: number
  readonly version: number
}

/** sharePercent is a share as people say it, e.g. 12.5. */
export function sharePercent(share: number): number {
  return share / 100
}

/** shareOf turns a percentage into hundredths of a percent. */
export function shareOf(percent: number): number {
  return Math.round(percent * 100)
}
