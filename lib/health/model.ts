import type { Reading, UnknownWhy } from '../sources/reading'
import type { SourceKind } from '../sources/source'

/** Rating is the console's judgement of a subject: unknown and stale are neither healthy nor unhealthy. */
export type Rating = 'clear' | 'warning' | 'breach' | 'unknown' | 'stale'

/** RATINGS in the order of their wire codes (0–4). */
export const RATINGS: readonly Rating[] = ['clear', 'warning', 'breach', 'unknown', 'stale']

/** Verdict is a rating with its reason: a stable code for filters and a sentence for people; `action` is the advised next step. */
export type Verdict = {
  readonly rating: Rating
  readonly code: string
  readonly reason: string
  readonly action?: string
}

/** PlaneId names a cell of the attribution strip; the order on screen is PLANES and never changes. */
export type PlaneId =
  | 'code'
  | 'account'
  | 'quota'
  | 'provider-api'
  | 'provider-page'
  | 'host'
  | 'gpu'
  | 'queue'
  | 'control-plane'

/** PLANES in screen order with their titles. */
export const PLANES: readonly { readonly id: PlaneId; readonly title: string }[] = [
  { id: 'code', title: 'Our code' },
  { id: 'account', title: 'Account, credit' },
  { id: 'quota', title: 'Our quota' },
  { id: 'provider-api', title: 'Provider API' },
  { id: 'provider-page', title: 'Provider status' },
  { id: 'host', title: 'Host, network' },
  { id: 'gpu', title: 'GPU, driver' },
  { id: 'queue', title: 'Queue, workers' },
  { id: 'control-plane', title: 'Control plane' },
]

/** GpuObservation is what one source says of one GPU; every field is a reading of its own. */
export type GpuObservation = {
  readonly instanceId: string
  readonly index: number
  readonly source: 'dcgm' | 'agent' | 'vast'
  readonly uuid?: string
  readonly model?: string
  readonly utilPercent: Reading<number>
  readonly tempC: Reading<number>
  /** marginC is degrees left before the slowdown regime begins (T.Limit), where the driver tells. */
  readonly marginC: Reading<number>
  readonly memoryTempC: Reading<number>
  readonly vramUsedMib: Reading<number>
  readonly vramTotalMib: Reading<number>
  readonly powerW: Reading<number>
  /** xid is the last code the driver logged (0 = none since start); latched until the driver restarts. */
  readonly xid: Reading<number>
  /** xidSince is when this code was first seen to appear; undefined when it stood there at our first look. */
  readonly xidSince?: Date
  readonly throttle: Reading<readonly ThrottleReason[]>
  readonly eccUncorrected: Reading<number>
  readonly remapPending: Reading<boolean>
  readonly remapFailed: Reading<boolean>
  readonly nvlinkDown: Reading<number>
  readonly lost: Reading<boolean>
  readonly limits?: ThermalLimits
}

/** ThrottleReason is a clock-event bit by name; `idle` and `power-cap` are normal. */
export type ThrottleReason =
  | 'idle'
  | 'clocks-setting'
  | 'power-cap'
  | 'hw-slowdown'
  | 'sync-boost'
  | 'sw-thermal'
  | 'hw-thermal'
  | 'power-brake'
  | 'display'

/** ThermalLimits are what the device itself told: either absolute degrees or offsets of the T.Limit margin. */
export type ThermalLimits =
  | {
      readonly regime: 'absolute'
      readonly slowdownC: number
      readonly shutdownC: number
      readonly maxOperatingC?: number
    }
  | { readonly regime: 'margin'; readonly slowdownOffsetC: number; readonly shutdownOffsetC: number }

/** InstanceObservation is one rented instance as the provider lists it, plus our own probes of it. */
export type InstanceObservation = {
  readonly id: string
  readonly machineId: string
  readonly hostId: string
  readonly label: string
  readonly region: string
  readonly gpuModel: string
  readonly gpuCount: number
  readonly image: string
  readonly actual: Reading<string>
  readonly intended: Reading<string>
  /** allocation is the provider's `cur_state`: does the contract hold the hardware now. */
  readonly allocation: Reading<string>
  readonly statusText: string
  readonly dollarsPerHour: Reading<number>
  readonly storageDollarsPerHour: Reading<number>
  readonly interruptible: boolean
  readonly endsAt?: Date
  readonly diskUsedShare: Reading<number>
  readonly gpuUtilPercent: Reading<number>
  readonly gpuTempC: Reading<number>
  readonly vramUsedMib: Reading<number>
  /** probe is our own look at the instance (agent or health endpoint): reachable or not, independent of the provider. */
  readonly probe: Reading<boolean>
  /** agentAt is the arrival of the newest agent report. */
  readonly agentAt?: Date
  readonly observedAt: Date
  /** gone is set once two complete sweeps and a direct look have missed it. */
  readonly gone?: Date
}

/** InstanceInside is what an agent tells from inside an instance, beside its cards; its own time is `at`. */
export type InstanceInside = {
  readonly at: Date
  readonly programs: Reading<readonly InsideProgram[]>
  /** controlPlane is where the workers are told to find Temporal; unknown when the variable is not set. */
  readonly controlPlane: Reading<string>
  /** missingEndpoints are those of the three endpoint variables that are not set. */
  readonly missingEndpoints: Reading<readonly string[]>
  readonly modelFiles: Reading<readonly string[]>
  readonly driver: Reading<'ok' | 'hung' | 'failed' | 'not_supported'>
  readonly errorLines: readonly { readonly path: string; readonly lines: Reading<readonly string[]> }[]
}

/** InsideProgram is a supervised program; `startsAt` are its starts seen within ten minutes, oldest first (epoch ms). */
export type InsideProgram = {
  readonly name: string
  readonly state: string
  readonly startedAt?: Date
  readonly startsAt: readonly number[]
}

/** QueueObservation is one task queue of one type as Temporal describes it. */
export type QueueObservation = {
  readonly name: string
  readonly type: 'activity' | 'workflow'
  readonly backlog: Reading<number>
  readonly oldestSeconds: Reading<number>
  readonly addPerSecond: Reading<number>
  readonly dispatchPerSecond: Reading<number>
  /** pollers with the time of their last poll; listed up to 5 min after death, so only those ≤ 120 s count as fresh. */
  readonly pollers: Reading<readonly { readonly identity: string; readonly lastAt: Date }[]>
  readonly rateLimited: Reading<boolean>
  /** everSeen is whether a poller or a task was ever seen on this queue since it was configured. */
  readonly everSeen: boolean
  readonly observedAt?: Date
}

/** ServiceObservation is one probed endpoint with its run of misses and hits. */
export type ServiceObservation = {
  readonly id: string
  readonly name: string
  readonly kind: 'integration' | 'app' | 'llama' | 'whisper' | 'minio' | 'vllm' | 'http'
  readonly url: string
  readonly outcome: Reading<ProbeOutcome>
  readonly latencyMs: Reading<number>
  readonly misses: number
  readonly hits: number
  readonly lastSuccessAt?: Date
  readonly parts: readonly {
    readonly name: string
    readonly status: Reading<string>
    readonly latencyMs?: number
  }[]
  readonly notOkSince?: Date
}

/** ProbeOutcome is one of three things: ok, an answer that says not ok (with its class), or no answer (with its kind). */
export type ProbeOutcome =
  | { readonly kind: 'ok'; readonly status: number }
  | {
      readonly kind: 'not-ok'
      readonly status: number
      readonly class: 'loading' | 'busy' | 'unhealthy' | 'refused' | 'error'
      readonly body: string
    }
  | { readonly kind: 'no-answer'; readonly cause: 'dns' | 'refused' | 'timeout' | 'tls' | 'reset' }

/** ApiFigures are the integration's own numbers about the provider's API, from Prometheus. */
export type ApiFigures = {
  readonly serverErrorsPerMinute: Reading<number>
  readonly authErrorsPerMinute: Reading<number>
  readonly rateLimitedPerMinute: Reading<number>
  readonly errorRatioPercent: Reading<number>
  readonly latencyMsP95: Reading<number>
  readonly latencyMsP99: Reading<number>
}

/** ProviderPage is what the vendor's status page says, when it says anything a machine can read. */
export type ProviderPage = {
  readonly indicator: Reading<'none' | 'minor' | 'major' | 'critical' | 'maintenance'>
  readonly description: string
  readonly incidents: readonly {
    readonly id: string
    readonly name: string
    readonly status: string
    readonly impact: string
    readonly updatedAt?: Date
  }[]
  readonly machineReadable: boolean
  readonly pageUpdatedAt?: Date
}

/** CreditObservation is the account's prepaid money and what burns it. */
export type CreditObservation = {
  readonly creditDollars: Reading<number>
  readonly burnDollarsPerHour: Reading<number>
}

/** SourceState is the liveness of one source as the header shows it. */
export type SourceState = {
  readonly id: string
  readonly kind: SourceKind
  readonly title: string
  readonly state: 'live' | 'late' | 'silent' | 'refused' | 'limited' | 'off' | 'waiting'
  readonly lastOkAt?: Date
  readonly lastTriedAt?: Date
  readonly failures: number
  /** why and status are of the last attempt, when it failed. */
  readonly why?: UnknownWhy
  readonly status?: number
  readonly detail: string
  readonly wayRound?: string
  readonly intervalMs: number
  readonly latencyMs?: number
}

/** World is everything observed at one moment: the input of every rating rule. */
export type World = {
  readonly at: Date
  readonly instances: ReadonlyMap<string, InstanceObservation>
  /** gpus by `instanceId/index`. */
  readonly gpus: ReadonlyMap<string, GpuObservation>
  readonly queues: ReadonlyMap<string, QueueObservation>
  readonly services: ReadonlyMap<string, ServiceObservation>
  readonly api: ApiFigures
  readonly providerPage: ProviderPage
  readonly credit: CreditObservation
  readonly sources: ReadonlyMap<string, SourceState>
  /** inside is what agents tell, by instance id; absent where nothing is asked of agents. */
  readonly inside?: ReadonlyMap<string, InstanceInside>
}
