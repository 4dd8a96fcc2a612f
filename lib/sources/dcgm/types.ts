import type { Prometheus } from '../prometheus/types'
import type { Reading } from '../reading'
import type { Answer, CallOptions, TestVerdict } from '../source'
import type { ThrottleName } from '../throttle'

/** DcgmGpu is one GPU as dcgm-exporter reports it through Prometheus; what it does not export is `not_supported`, never 0. */
export type DcgmGpu = {
  readonly instanceId: string
  readonly index: number
  readonly source: 'dcgm'
  readonly uuid: string
  readonly model?: string
  readonly pciBusId?: string
  readonly utilPercent: Reading<number>
  readonly tempC: Reading<number>
  readonly marginC: Reading<number>
  readonly memoryTempC: Reading<number>
  readonly vramUsedMib: Reading<number>
  readonly vramTotalMib: Reading<number>
  readonly powerW: Reading<number>
  readonly xid: Reading<number>
  readonly xidSince?: Date
  readonly throttle: Reading<readonly ThrottleName[]>
  readonly eccUncorrected: Reading<number>
  readonly remapPending: Reading<boolean>
  readonly remapFailed: Reading<boolean>
  readonly nvlinkDown: Reading<number>
  readonly lost: Reading<boolean>
}

/** DcgmSweep is one look at every GPU that Prometheus knows. */
export type DcgmSweep = {
  readonly at: Date
  readonly gpus: readonly DcgmGpu[]
  /** sampledAt is the oldest sample's own time by instance id. */
  readonly sampledAt: ReadonlyMap<string, Date>
  /** missing are GPUs of the inventory of which the hot set said nothing this time: telemetry lost, not a failure. */
  readonly missing: readonly DcgmMissing[]
  /** unplaced counts GPUs whose labels name no instance. */
  readonly unplaced: number
}

/** DcgmMissing is a GPU that was seen earlier and is absent now. */
export type DcgmMissing = {
  readonly instanceId: string
  readonly index: number
  readonly uuid: string
  readonly lastSeenAt: Date
}

/** DcgmConfig wires the adapter; `instanceLabel` is a further label that holds the instance id. */
export type DcgmConfig = {
  readonly prometheus: Prometheus
  readonly instanceLabel?: string
  /** slowIntervalMs is how long inventory and slow fields are kept; default 60,000. */
  readonly slowIntervalMs?: number
  /** forgetMs drops a GPU that was missing for so long; default 900,000. */
  readonly forgetMs?: number
  readonly sourceId?: string
}

/** Dcgm reads GPU telemetry; it remembers XID codes, so use one per Prometheus and keep it. */
export type Dcgm = {
  readonly sweep: (now: Date, options?: CallOptions) => Promise<Answer<DcgmSweep>>
  readonly test: (now: Date) => Promise<TestVerdict>
}
