import type { Reading } from '../reading'
import type { Answer, CallOptions, TestVerdict } from '../source'

/** QueueType is which of the two queues of a name is meant: an activity queue asked as workflow answers an honest-looking zero. */
export type QueueType = 'activity' | 'workflow'

/** TemporalQueue is one task queue as the server describes it; `everSeen` here is this one look (a poller or a task now). */
export type TemporalQueue = {
  readonly name: string
  readonly type: QueueType
  readonly backlog: Reading<number>
  readonly oldestSeconds: Reading<number>
  readonly addPerSecond: Reading<number>
  readonly dispatchPerSecond: Reading<number>
  readonly pollers: Reading<readonly TemporalPoller[]>
  readonly rateLimited: Reading<boolean>
  readonly everSeen: boolean
  readonly observedAt: Date
}

/** TemporalPoller is a worker with the time of its last long poll (server's clock); listed up to 5 min after its death. */
export type TemporalPoller = { readonly identity: string; readonly lastAt: Date }

/** TemporalConfig points at one namespace; an API key switches TLS on unless `tls` is given. */
export type TemporalConfig = {
  readonly address: string
  readonly namespace: string
  readonly apiKey?: string
  readonly tls?: boolean
  /** sourceId is written into every reading; default `temporal`. */
  readonly sourceId?: string
}

/** Temporal reads queue health from one Temporal namespace over gRPC. */
export type Temporal = {
  readonly describe: (
    queue: { readonly name: string; readonly type: QueueType },
    now: Date,
    options?: Partial<CallOptions>,
  ) => Promise<Answer<TemporalQueue>>
  readonly serverVersion: (options?: Partial<CallOptions>) => Promise<Answer<string>>
  readonly test: (now: Date) => Promise<TestVerdict>
  readonly close: () => Promise<void>
}
