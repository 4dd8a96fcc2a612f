import { askBucket, type BucketAddress } from '../platform/bucket'
import type { Http } from '../platform/http-types'
import type { CopyTarget } from './copy-dispatch'

const DEADLINE_MS = 10_000

/** bucketTarget writes copies into an S3-compatible bucket. */
export function bucketTarget(options: {
  readonly id: string
  readonly name: string
  readonly address: BucketAddress
  readonly http: Http
  readonly now: () => Date
}): CopyTarget {
  const { address, http, now } = options
  const ask = async (call: Omit<Parameters<typeof askBucket>[1], 'deadlineMs'>) => {
    const answer = await askBucket(address, { ...call, deadlineMs: DEADLINE_MS }, { http, now: now() })
    if (!answer.ok) throw new Error(`${call.method} ${call.path}: ${answer.detail}`)
    return answer
  }
  return {
    id: options.id,
    name: options.name,
    put: async (file) => {
      await ask({ method: 'PUT', ...file })
    },
    get: async (path) => {
      const answer = await ask({ method: 'GET', path })
      return answer.status === 404 ? undefined : answer.text
    },
    remove: async (path) => {
      await ask({ method: 'DELETE', path })
    },
  }
}
