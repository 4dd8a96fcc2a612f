import type { SimQueue } from './build'
import { isActive } from './effects'
import { boundariesOf, countAt, instantOfCount, integrate, type RateSegment, segmentIndex } from './piecewise'
import { unit } from './random'
import { pollBoundaries, polls } from './workers'
import type { World } from './world'

export type QueueReading = {
  readonly backlog: number
  readonly ageMs: number
  readonly addPerSecond: number
  readonly dispatchPerSecond: number
  readonly rateLimited: boolean
}

export type QueueFlow = { at(offsetMs: number): QueueReading }

type BacklogSegment = { readonly fromMs: number; readonly backlog: number; readonly growthPerSecond: number }

const RATE_WINDOW_MS = 30_000
const ROUNDING = 1e-6
const EMPTY: QueueReading = {
  backlog: 0,
  ageMs: 0,
  addPerSecond: 0,
  dispatchPerSecond: 0,
  rateLimited: false,
}

export function buildQueueFlow(world: World, queue: SimQueue): QueueFlow {
  if (queue.neverSeen) return { at: () => EMPTY }
  const boundaries = flowBoundaries(world, queue)
  const arrivals = integrate(boundaries, (offsetMs) => arrivalAt(world, queue, offsetMs))
  const backlog = backlogSegments(arrivals, (offsetMs) => capacityAt(world, queue, offsetMs))
  const limits = world.effects
    .ofKind('queue-rate-limited')
    .filter((effect) => effect.event.queue === queue.name)
  return {
    at(offsetMs) {
      const exact = backlogAt(backlog, offsetMs)
      const added = countAt(arrivals, offsetMs)
      const addedBefore = countAt(arrivals, offsetMs - RATE_WINDOW_MS)
      const doneBefore = addedBefore - backlogAt(backlog, offsetMs - RATE_WINDOW_MS)
      const waiting = exact + ROUNDING < 1 ? passing(world, queue, offsetMs) : Math.floor(exact + ROUNDING)
      const oldestMs =
        exact + ROUNDING < 1 ? offsetMs - waiting * 400 : instantOfCount(arrivals, added - exact)
      return {
        backlog: waiting,
        ageMs: waiting === 0 ? 0 : Math.max(0, Math.round(offsetMs - oldestMs)),
        addPerSecond: perSecond(added - addedBefore),
        dispatchPerSecond: perSecond(Math.max(0, added - exact - doneBefore)),
        rateLimited: limits.some((effect) => isActive(effect, offsetMs)),
      }
    },
  }
}

function perSecond(count: number): number {
  return Math.round((count / (RATE_WINDOW_MS / 1000)) * 1000) / 1000
}

/** Tasks that are just being handed over: a busy queue is rarely empty at every look. */
function passing(world: World, queue: SimQueue, offsetMs: number): number {
  return Math.floor(
    unit(world.seed, queue.index + 900, Math.floor(offsetMs / 10_000)) *
      Math.min(4, queue.arrivalPerSecond * 3),
  )
}

function flowBoundaries(world: World, queue: SimQueue): readonly number[] {
  const own = [
    ...world.effects.ofKind('queue-arrival'),
    ...world.effects.ofKind('queue-dispatch'),
    ...world.effects.ofKind('queue-rate-limited'),
  ].filter((effect) => effect.event.queue === queue.name)
  const instants = new Set(boundariesOf(own))
  for (const index of queue.pollerInstances) {
    const instance = world.fleet.instances[index]
    if (instance === undefined) continue
    for (const atMs of pollBoundaries(world, instance, queue)) instants.add(atMs)
  }
  return [...instants].sort((left, right) => left - right)
}

function arrivalAt(world: World, queue: SimQueue, offsetMs: number): number {
  return world.effects
    .active('queue-arrival', offsetMs)
    .filter((effect) => effect.event.queue === queue.name)
    .reduce((rate, effect) => rate * effect.event.factor, queue.arrivalPerSecond)
}

function capacityAt(world: World, queue: SimQueue, offsetMs: number): number {
  const all = queue.pollerInstances.length
  if (all === 0) return 0
  const healthy = queue.pollerInstances.filter((index) => {
    const instance = world.fleet.instances[index]
    return instance !== undefined && polls(world, instance, queue, offsetMs)
  }).length
  const full = queue.arrivalPerSecond * queue.headroom * (healthy / all)
  const slowed = world.effects
    .active('queue-dispatch', offsetMs)
    .filter((effect) => effect.event.queue === queue.name)
    .reduce((rate, effect) => rate * effect.event.factor, full)
  return world.effects
    .active('queue-rate-limited', offsetMs)
    .filter((effect) => effect.event.queue === queue.name)
    .reduce((rate, effect) => Math.min(rate, effect.event.perSecond ?? queue.arrivalPerSecond * 0.5), slowed)
}

function backlogSegments(
  arrivals: readonly RateSegment[],
  capacity: (offsetMs: number) => number,
): readonly BacklogSegment[] {
  const segments: BacklogSegment[] = []
  let backlog = 0
  for (const [index, arrival] of arrivals.entries()) {
    const slope = arrival.ratePerSecond - capacity(arrival.fromMs)
    const untilMs = arrivals[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY
    const growthPerSecond = backlog <= 0 && slope < 0 ? 0 : slope
    segments.push({ fromMs: arrival.fromMs, backlog, growthPerSecond })
    const emptyAtMs =
      growthPerSecond < 0 ? arrival.fromMs + (backlog / -growthPerSecond) * 1000 : Number.POSITIVE_INFINITY
    if (emptyAtMs < untilMs) {
      segments.push({ fromMs: emptyAtMs, backlog: 0, growthPerSecond: 0 })
      backlog = 0
    } else if (Number.isFinite(untilMs)) backlog += (growthPerSecond * (untilMs - arrival.fromMs)) / 1000
  }
  return segments
}

function backlogAt(segments: readonly BacklogSegment[], offsetMs: number): number {
  const segment = segments[segmentIndex(segments, offsetMs)]
  if (segment === undefined) return 0
  return Math.max(
    0,
    segment.backlog + (segment.growthPerSecond * Math.max(0, offsetMs - segment.fromMs)) / 1000,
  )
}
