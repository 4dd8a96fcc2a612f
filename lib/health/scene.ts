import { failed, type Reading, type Unknown } from '../sources/reading'
import type { SourceFailure } from '../sources/source'
import type { RatedInstance } from './evaluate'
import type { FleetBook } from './fleet-book'
import { type KeptMemory, NOTHING_KEPT } from './memory'
import type {
  ApiFigures,
  CreditObservation,
  GpuObservation,
  InstanceInside,
  InstanceObservation,
  ProviderPage,
  QueueObservation,
  Rating,
  ServiceObservation,
  SourceState,
  Verdict,
  World,
} from './model'
import type { HealthPolicy } from './policy'
import { pollsIn } from './pollers'
import type { HealthEventRow, Strike } from './records'
import { rateApi } from './rules/api'
import { conclusionsOf } from './rules/conclusions'
import { burnOf, rateCredit } from './rules/credit'
import { ratePage } from './rules/page'
import { planesOf } from './rules/planes'
import { type QueueMemory, type QueueRating, rateQueue } from './rules/queue'
import type { RatedWorld } from './rules/rated'
import { rateService, type ServiceMemory, type ServiceRating } from './rules/service'
import type { Conclusion, PlaneRow } from './wire'

/** RatedScene is the whole judged world of one moment, with the rows of the board. */
export type RatedScene = {
  readonly rated: RatedWorld
  readonly queues: readonly { readonly queue: QueueObservation; readonly rating: QueueRating }[]
  readonly services: readonly { readonly service: ServiceObservation; readonly rating: ServiceRating }[]
  readonly planes: readonly PlaneRow[]
  readonly conclusions: readonly Conclusion[]
}

const HARDWARE_CODES = new Set([
  'gpu.fell-off-bus',
  'gpu.ecc-uncorrectable',
  'gpu.row-remap',
  'gpu.nvlink',
  'gpu.driver',
])

const POLLERS_FRESH_MS = 120_000

function insideOf(book: FleetBook): ReadonlyMap<string, InstanceInside> {
  const found = new Map<string, InstanceInside>()
  for (const [id, entry] of book.entries) if (entry.inside) found.set(id, entry.inside)
  return found
}

function unread<T>(source: string, since: Date): Unknown<T> {
  return { kind: 'unknown', why: 'never_observed', source, since }
}

function unreadApi(since: Date): ApiFigures {
  return {
    serverErrorsPerMinute: unread('prometheus', since),
    authErrorsPerMinute: unread('prometheus', since),
    rateLimitedPerMinute: unread('prometheus', since),
    errorRatioPercent: unread('prometheus', since),
    latencyMsP95: unread('prometheus', since),
    latencyMsP99: unread('prometheus', since),
  }
}

function unreadQueue(
  queue: { readonly name: string; readonly type: QueueObservation['type'] },
  since: Date,
): QueueObservation {
  return {
    ...queue,
    backlog: unread('temporal', since),
    oldestSeconds: unread('temporal', since),
    addPerSecond: unread('temporal', since),
    dispatchPerSecond: unread('temporal', since),
    pollers: unread('temporal', since),
    rateLimited: unread('temporal', since),
    everSeen: false,
  }
}

/** Coming to know that all is well is no event; a look that finds trouble is. */
function isFirstLook(before: { readonly rating: Rating }, after: { readonly rating: Rating }): boolean {
  return before.rating === 'unknown' && after.rating === 'clear'
}

/** A verdict is news when its rating changed, or when trouble became another trouble of the same rating. */
function isNews(before: Verdict, after: Verdict): boolean {
  if (before.rating !== after.rating) return !isFirstLook(before, after)
  return before.code !== after.code && (after.rating === 'warning' || after.rating === 'breach')
}

/** Scene is everything observed besides the fleet's tables, and the judgements made of all of it. */
export type Scene = ReturnType<typeof createScene>

/** createScene starts with every value unread. */
export function createScene(kept: KeptMemory = NOTHING_KEPT) {
  const start = new Date(0)
  const queues = new Map<string, QueueObservation>()
  const services = new Map<string, ServiceObservation>()
  const queueMemories = new Map<string, QueueMemory>(kept.queues)
  const serviceMemories = new Map<string, ServiceMemory>(kept.services)
  const instances = new Map<string, InstanceObservation>()
  const instanceVerdicts = new Map<string, Verdict>()
  const gpus = new Map<string, GpuObservation>()
  const gpuVerdicts = new Map<string, Verdict>()
  const evaluatedAt = new Map<string, number>()
  const boardBefore = new Map<string, { readonly rating: Rating; readonly reason: string }>()
  const strikes: Strike[] = []
  let api: ApiFigures = unreadApi(start)
  let page: ProviderPage = {
    indicator: unread('statuspage', start),
    description: '',
    incidents: [],
    machineReadable: false,
  }
  let creditDollars: Reading<number> = unread('vast', start)
  let pollerCounts: ReadonlyMap<string, number> | undefined

  function countPollers(now: Date): ReadonlyMap<string, number> | undefined {
    const counts = new Map<string, number>()
    let readable = false
    for (const queue of queues.values()) {
      if (queue.pollers.kind !== 'known') continue
      readable = true
      for (const { id, atMs } of pollsIn(queue.pollers.value)) {
        if (now.getTime() - atMs <= POLLERS_FRESH_MS) counts.set(id, (counts.get(id) ?? 0) + 1)
      }
    }
    return readable && counts.size > 0 ? counts : undefined
  }

  function noteGpuEvents(
    next: RatedInstance,
    before: RatedInstance | undefined,
    now: Date,
  ): HealthEventRow[] {
    const found: HealthEventRow[] = []
    for (const [index, { gpu, verdict }] of next.gpus.entries()) {
      const key = `${next.instance.id}/${index}`
      gpus.set(key, gpu)
      gpuVerdicts.set(key, verdict)
      const earlier = before?.gpus[index]?.verdict
      if (!earlier) continue
      if (isNews(earlier, verdict)) {
        found.push({
          at: now,
          kind: 'gpu',
          subject: key,
          before: earlier.rating,
          after: verdict.rating,
          reason: verdict.reason,
        })
      }
      if (earlier.code === verdict.code || !HARDWARE_CODES.has(verdict.code)) continue
      strikes.push({
        gpuUuid: gpu.uuid,
        machineId: next.instance.machineId,
        hostId: next.instance.hostId,
        instanceId: next.instance.id,
        kind: verdict.code,
        code: gpu.xid.kind === 'known' && gpu.xid.value > 0 ? gpu.xid.value : undefined,
        at: now,
        detail: verdict.reason,
      })
    }
    return found
  }

  return {
    setQueue(queue: QueueObservation): void {
      const key = `${queue.type}/${queue.name}`
      const everSeen = queue.everSeen || (queues.get(key)?.everSeen ?? false)
      queues.set(key, { ...queue, everSeen })
    },
    /** failQueue turns a queue's readings unknown, keeping what was last known. */
    failQueue(
      queue: { readonly name: string; readonly type: QueueObservation['type'] },
      failure: SourceFailure,
      now: Date,
    ): void {
      const key = `${queue.type}/${queue.name}`
      const before = queues.get(key) ?? unreadQueue(queue, now)
      queues.set(key, {
        ...before,
        backlog: failed(before.backlog, failure, now),
        oldestSeconds: failed(before.oldestSeconds, failure, now),
        addPerSecond: failed(before.addPerSecond, failure, now),
        dispatchPerSecond: failed(before.dispatchPerSecond, failure, now),
        pollers: failed(before.pollers, failure, now),
        rateLimited: failed(before.rateLimited, failure, now),
      })
    },
    setService(service: ServiceObservation): void {
      services.set(service.id, service)
    },
    service: (id: string): ServiceObservation | undefined => services.get(id),
    setApi(figures: ApiFigures): void {
      api = figures
    },
    api: (): ApiFigures => api,
    setPage(next: ProviderPage): void {
      page = next
    },
    page: (): ProviderPage => page,
    setCredit(reading: Reading<number>): void {
      creditDollars = reading
    },
    credit: (): Reading<number> => creditDollars,

    /** pollersOn counts fresh pollers whose identity names the instance; undefined when no identity names any. */
    pollersOn(instanceId: string, now: Date): number | undefined {
      pollerCounts ??= countPollers(now)
      return pollerCounts?.get(instanceId)
    },

    /** noteInstance keeps a judged instance for the board and tells which verdicts changed. */
    noteInstance(next: RatedInstance, before: RatedInstance | undefined, now: Date): HealthEventRow[] {
      const { id } = next.instance
      instances.set(id, next.instance)
      instanceVerdicts.set(id, next.verdict)
      evaluatedAt.set(id, now.getTime())
      const found = noteGpuEvents(next, before, now)
      if (before && isNews(before.verdict, next.verdict)) {
        const { rating, reason } = next.verdict
        found.push({
          at: now,
          kind: 'instance',
          subject: id,
          before: before.verdict.rating,
          after: rating,
          reason,
        })
      }
      return found
    },

    /** isDue tells that an instance was not judged within `cycleMs`, so that its ages must be looked at again. */
    isDue(id: string, now: Date, cycleMs: number): boolean {
      return now.getTime() - (evaluatedAt.get(id) ?? 0) >= cycleMs - 250
    },

    /** memories are what the queue and service rules remember. */
    memories: () => ({ queues: queueMemories, services: serviceMemories }),

    takeStrikes(): Strike[] {
      return strikes.splice(0)
    },

    /** rate judges queues, services, figures and everything together. */
    rate(options: {
      readonly now: Date
      readonly policy: HealthPolicy
      readonly sources: readonly SourceState[]
      readonly book: FleetBook
    }): RatedScene {
      const { now, policy } = options
      pollerCounts = undefined
      for (const id of instances.keys()) {
        if (options.book.entries.has(id)) continue
        for (let index = 0; gpus.delete(`${id}/${index}`); index += 1) gpuVerdicts.delete(`${id}/${index}`)
        instances.delete(id)
        instanceVerdicts.delete(id)
        evaluatedAt.delete(id)
      }
      const ratedQueues = [...queues].map(([key, queue]) => {
        const { memory, ...rating } = rateQueue({ queue, memory: queueMemories.get(key), policy, now })
        queueMemories.set(key, memory)
        return { key, queue, rating }
      })
      const ratedServices = [...services].map(([key, service]) => {
        const { memory, ...rating } = rateService({ service, memory: serviceMemories.get(key), policy, now })
        serviceMemories.set(key, memory)
        return { key, service, rating }
      })
      const credit: CreditObservation = {
        creditDollars,
        burnDollarsPerHour: burnOf({ instances: instances.values(), now }),
      }
      const world: World = {
        at: now,
        instances,
        gpus,
        queues,
        services,
        api,
        providerPage: page,
        credit,
        sources: new Map(options.sources.map((source) => [source.id, source])),
        inside: insideOf(options.book),
      }
      const rated: RatedWorld = {
        world,
        gpus: gpuVerdicts,
        instances: instanceVerdicts,
        queues: new Map(ratedQueues.map(({ key, rating }) => [key, rating])),
        services: new Map(ratedServices.map(({ key, rating }) => [key, rating])),
        api: rateApi({ api, policy, now }),
        page: ratePage({ page, policy, now }),
        credit: rateCredit({ credit, policy, now }),
      }
      return {
        rated,
        queues: ratedQueues,
        services: ratedServices,
        planes: planesOf({ rated, policy, now }),
        conclusions: conclusionsOf({ rated, policy, now }),
      }
    },

    /** boardEvents tells which queues, services and sources changed their rating since the last board. */
    boardEvents(rated: RatedWorld, now: Date): HealthEventRow[] {
      const found: HealthEventRow[] = []
      const note = (
        kind: string,
        subject: string,
        verdict: { readonly rating: Rating; readonly reason: string },
      ): void => {
        const key = `${kind} ${subject}`
        const before = boardBefore.get(key)
        boardBefore.set(key, verdict)
        // A source that is silent from the first look on is a time without evidence from then.
        if (!before && kind === 'source' && verdict.rating === 'unknown')
          found.push({ at: now, kind, subject, before: '', after: 'unknown', reason: verdict.reason })
        if (before && before.rating !== verdict.rating && !isFirstLook(before, verdict)) {
          found.push({
            at: now,
            kind,
            subject,
            before: before.rating,
            after: verdict.rating,
            reason: verdict.reason,
          })
        }
      }
      for (const [key, rating] of rated.queues) note('queue', key, rating.verdict)
      for (const [key, rating] of rated.services) note('service', key, rating.verdict)
      note('page', 'provider', rated.page)
      note('credit', 'account', rated.credit.verdict)
      for (const [key, verdict] of Object.entries(rated.api.figures)) note('api', key, verdict)
      for (const source of rated.world.sources.values()) {
        const rating = source.state === 'live' ? 'clear' : source.state === 'late' ? 'stale' : 'unknown'
        if (source.state !== 'waiting' && source.state !== 'off')
          note('source', source.id, { rating, reason: source.detail || source.state })
      }
      return found
    },
  }
}
