import { BUCKETS, bucketOf } from './bucket'
import type { Flag } from './model'

/** Evaluation is what a flag is for one key: `new` is true, and why. */
export type Evaluation = {
  readonly value: boolean
  readonly variant: 'new' | 'old'
  readonly reason: 'DISABLED' | 'STATIC' | 'SPLIT'
  /** bucket is where the key stands, 0 to 9,999; undefined where the flag is the same for everybody. */
  readonly bucket: number | undefined
}

/**
 * evaluate gives a flag for one key: sticky, because the bucket depends on the salt and the key alone, so that whoever is
 * in 10 % is in 50 % too. Undefined when the answer depends on the key and there is none.
 */
export function evaluate(flag: Flag, key: string | undefined): Evaluation | undefined {
  if (!flag.isOn) return { value: false, variant: 'old', reason: 'DISABLED', bucket: undefined }
  if (flag.share <= 0) return { value: false, variant: 'old', reason: 'STATIC', bucket: undefined }
  if (flag.share >= BUCKETS) return { value: true, variant: 'new', reason: 'STATIC', bucket: undefined }
  if (key === undefined) return undefined
  const bucket = bucketOf(flag.salt, key)
  const value = bucket < flag.share
  return { value, variant: value ? 'new' : 'old', reason: 'SPLIT', bucket }
}
