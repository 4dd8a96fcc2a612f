import type { Known, Reading, Unknown, UnknownWhy } from '../../../sources/reading'
import type {
  ApiFigures,
  GpuObservation,
  InstanceObservation,
  QueueObservation,
  ServiceObservation,
  SourceState,
  Verdict,
  World,
} from '../../model'
import { DEFAULT_HEALTH_POLICY } from '../../policy'
import { rateApi } from '../api'
import { rateCredit } from '../credit'
import { ratePage } from '../page'
import type { RatedWorld } from '../rated'

/** t0 is the instant at which every test of the rules begins. */
export const t0 = new Date('2026-11-18T02:29:41Z')

/** later is t0 plus seconds (negative: before). */
export function later(seconds: number): Date {
  return new Date(t0.getTime() + seconds * 1000)
}

/** known makes a reading that was just taken. */
export function known<T>(value: T, at: Date = t0): Known<T> {
  return { kind: 'known', value, unit: '', source: 'test', observedAt: at }
}

/** unknown makes a reading without a value; `last` is what was known before and when. */
export function unknown<T>(
  why: UnknownWhy,
  last?: { readonly value: T; readonly observedAt: Date },
): Unknown<T> {
  return { kind: 'unknown', why, source: 'test', since: t0, ...(last ? { last } : {}) }
}

/** gpuAt is a healthy DCGM card read at `at`, with changes. */
export function gpuAt(at: Date, change: Partial<GpuObservation> = {}): GpuObservation {
  return {
    instanceId: '15204417',
    index: 0,
    source: 'dcgm',
    model: 'H100 SXM 80 GB',
    utilPercent: known(92, at),
    tempC: known(61, at),
    marginC: unknown<number>('not_supported'),
    memoryTempC: known(70, at),
    vramUsedMib: known(40_000, at),
    vramTotalMib: known(81_559, at),
    powerW: known(540, at),
    xid: known(0, at),
    throttle: known(['power-cap'] as const, at),
    eccUncorrected: known(0, at),
    remapPending: known(false, at),
    remapFailed: known(false, at),
    nvlinkDown: known(0, at),
    lost: known(false, at),
    ...change,
  }
}

/** instanceAt is a running instance as listed at `at`, confirmed by our own probe, with changes. */
export function instanceAt(at: Date, change: Partial<InstanceObservation> = {}): InstanceObservation {
  return {
    id: '15204417',
    machineId: '8841',
    hostId: '771',
    label: 'eu-01',
    region: 'eu-fra',
    gpuModel: 'H100 SXM 80 GB',
    gpuCount: 8,
    image: 'ghcr.io/acme/worker:stable',
    actual: known('running', at),
    intended: known('running', at),
    allocation: known('running', at),
    statusText: '',
    dollarsPerHour: known(2.14, at),
    storageDollarsPerHour: known(0.02, at),
    interruptible: false,
    diskUsedShare: known(0.4, at),
    gpuUtilPercent: known(90, at),
    gpuTempC: known(61, at),
    vramUsedMib: known(40_000, at),
    probe: known(true, at),
    observedAt: at,
    ...change,
  }
}

/** queueAt is a busy queue that keeps up, read at `at`, with changes. */
export function queueAt(at: Date, change: Partial<QueueObservation> = {}): QueueObservation {
  return {
    name: 'video-processing@gpu',
    type: 'activity',
    backlog: known(18, at),
    oldestSeconds: known(6, at),
    addPerSecond: known(1.2, at),
    dispatchPerSecond: known(1.3, at),
    pollers: known([{ identity: '812@C.15204417', lastAt: at }], at),
    rateLimited: known(false, at),
    everSeen: true,
    ...change,
  }
}

/** serviceAt is a service that answers well at `at`, with changes. */
export function serviceAt(at: Date, change: Partial<ServiceObservation> = {}): ServiceObservation {
  return {
    id: 'integration',
    name: 'vastai-integration',
    kind: 'integration',
    url: 'http://integration.test/health',
    outcome: known({ kind: 'ok', status: 200 } as const, at),
    latencyMs: known(48, at),
    misses: 0,
    hits: 5,
    parts: [],
    ...change,
  }
}

/** apiAt are figures well within every limit, read at `at`, with changes. */
export function apiAt(at: Date, change: Partial<ApiFigures> = {}): ApiFigures {
  return {
    serverErrorsPerMinute: known(0, at),
    authErrorsPerMinute: known(0, at),
    rateLimitedPerMinute: known(0, at),
    errorRatioPercent: known(0.2, at),
    latencyMsP95: known(212, at),
    latencyMsP99: known(800, at),
    ...change,
  }
}

/** sourceIn is a configured source in the given state. */
export function sourceIn(kind: SourceState['kind'], state: SourceState['state'] = 'live'): SourceState {
  return {
    id: kind,
    kind,
    title: kind,
    state,
    lastOkAt: t0,
    lastTriedAt: t0,
    failures: state === 'live' ? 0 : 4,
    detail: state === 'live' ? '' : 'no answer within 10 s',
    intervalMs: 15_000,
    latencyMs: 48,
  }
}

/** worldOf is a world in which every source is live and nothing is rented or configured, with changes. */
export function worldOf(change: Partial<World> = {}): World {
  const kinds = ['vast', 'prometheus', 'dcgm', 'temporal', 'statuspage', 'service-health'] as const
  return {
    at: t0,
    instances: new Map(),
    gpus: new Map(),
    queues: new Map(),
    services: new Map(),
    api: apiAt(t0),
    providerPage: {
      indicator: known('none' as const),
      description: '',
      incidents: [],
      machineReadable: true,
    },
    credit: { creditDollars: known(82_400), burnDollarsPerHour: known(1_228) },
    sources: new Map(kinds.map((kind) => [kind, sourceIn(kind)])),
    ...change,
  }
}

/** ratedOf rates a world's account figures and takes the other verdicts as given. */
export function ratedOf(world: World, change: Partial<RatedWorld> = {}): RatedWorld {
  const policy = DEFAULT_HEALTH_POLICY
  return {
    world,
    gpus: new Map(),
    instances: new Map(),
    queues: new Map(),
    services: new Map(),
    api: rateApi({ api: world.api, policy, now: t0 }),
    page: ratePage({ page: world.providerPage, policy, now: t0 }),
    credit: rateCredit({ credit: world.credit, policy, now: t0 }),
    ...change,
  }
}

/** verdictOf is a bare verdict of a rating, for tests of what is made from verdicts. */
export function verdictOf(rating: Verdict['rating'], code = `test.${rating}`): Verdict {
  return { rating, code, reason: `it is ${rating}` }
}

/** unread is any reading that nobody has taken yet. */
export const unread: Reading<never> = { kind: 'unknown', why: 'never_observed', source: 'test', since: t0 }
