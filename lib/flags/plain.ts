import { bucketOf } from './bucket'
import { evaluate } from './evaluate'
import { type Flag, MAX_BUCKET_KEY, sharePercent } from './model'

/** PlainAnswer is what a flag is for the keys that were asked about; `bucket` is the number that the key falls into. */
export type PlainAnswer = {
  readonly key: string
  readonly percent: number
  readonly isOn: boolean
  readonly version: number
  readonly results: readonly { readonly bucket: string; readonly number: number; readonly value: boolean }[]
}

/** MAX_ASKED is about how many keys one request may ask: an address has at most 16 KiB. */
export const MAX_ASKED = 500

/** plainAnswer evaluates a flag for every key named; a text says what is wrong with the question. */
export function plainAnswer(flag: Flag, asked: readonly string[]): PlainAnswer | string {
  if (asked.length === 0) return 'bucket must name whose answer is wanted, e.g. ?bucket=tenant-17.'
  if (asked.length > MAX_ASKED) return `At most ${MAX_ASKED} keys can be asked about at once.`
  if (asked.some((key) => key === '' || key.length > MAX_BUCKET_KEY))
    return `bucket must be a text of 1 to ${MAX_BUCKET_KEY} characters.`
  return {
    key: flag.key,
    percent: sharePercent(flag.share),
    isOn: flag.isOn,
    version: flag.version,
    results: asked.map((key) => ({
      bucket: key,
      number: bucketOf(flag.salt, key),
      value: evaluate(flag, key)?.value ?? false,
    })),
  }
}
