import type { Clock } from '../platform/clock'
import { failed, type Reading } from '../sources/reading'
import type { Answer, SourceFailure } from '../sources/source'
import { type Attempt, type Loop, type Pace, startLoop } from './collect-loop'
import type { Minutes } from './minute-store'
import type { ApiFigures, ServiceObservation, SourceState } from './model'
import type { FleetPort, FleetStep, GpuSweep, Ports, ProbeResult, QueuePort, ServicePort } from './ports'
import type { Scene } from './scene'

/** WatchOptions connect the loops to the scene and to the collector. */
export type WatchOptions = {
  readonly ports: Ports
  readonly clock: Clock
  readonly scene: Scene
  readonly minutes: Minutes
  readonly onFleet: (step: FleetStep, now: Date) => void
  readonly onSweep: (sweep: GpuSweep, now: Date) => Promise<void>
  readonly onBoard: () => void
  readonly pace?: Pace
}

/** Watch is every running loop. */
export type Watch = {
  readonly sources: (now: Date) => readonly SourceState[]
  /** lookAtFleetNow makes the next look at the provider's list due at once. */
  readonly lookAtFleetNow: () => void
  readonly stop: () => void
}

function attemptOf(answer: Answer<unknown>): Attempt {
  return answer.ok ? { latencyMs: answer.latencyMs, note: driftNote(answer.drift) } : { failure: answer }
}

function driftNote(drift: readonly string[]): string {
  return drift.length === 0 ? '' : `unexpected: ${drift.slice(0, 5).join(', ')}`
}

const API_KEYS = [
  'serverErrorsPerMinute',
  'authErrorsPerMinute',
  'rateLimitedPerMinute',
  'errorRatioPercent',
  'latencyMsP95',
  'latencyMsP99',
] as const satisfies readonly (keyof ApiFigures)[]

function apiWith(
  before: ApiFigures,
  change: (key: keyof ApiFigures, reading: Reading<number>) => Reading<number>,
): ApiFigures {
  const next: Record<string, Reading<number>> = {}
  for (const key of API_KEYS) next[key] = change(key, before[key])
  return next as ApiFigures
}

async function lookAtFleet(port: FleetPort, options: WatchOptions): Promise<Attempt> {
  const step = await port.step(options.clock.now())
  options.onFleet(step, options.clock.now())
  const { answer } = step
  if (answer && !answer.ok) return { failure: answer, nextMs: step.waitMs, note: step.note }
  return { ...(answer?.ok ? { latencyMs: answer.latencyMs } : {}), nextMs: step.waitMs, note: step.note }
}

/** nextService folds one look into a service's run of hits and misses. */
export function nextService(
  before: ServiceObservation | undefined,
  service: Pick<ServiceObservation, 'id' | 'name' | 'kind' | 'url'>,
  look: ProbeResult,
  now: Date,
): ServiceObservation {
  const { outcome } = look
  const known = outcome.kind === 'known' ? outcome.value.kind : undefined
  const hit = known === 'ok'
  const miss = known === 'not-ok' || known === 'no-answer'
  const lastSuccessAt = hit ? now : before?.lastSuccessAt
  const notOkSince = hit ? undefined : miss ? (before?.notOkSince ?? now) : before?.notOkSince
  return {
    ...service,
    outcome,
    latencyMs: look.latencyMs,
    parts: look.parts,
    hits: hit ? (before?.hits ?? 0) + 1 : miss ? 0 : (before?.hits ?? 0),
    misses: miss ? (before?.misses ?? 0) + 1 : hit ? 0 : (before?.misses ?? 0),
    ...(lastSuccessAt ? { lastSuccessAt } : {}),
    ...(notOkSince ? { notOkSince } : {}),
  }
}

async function lookAtServices(port: ServicePort, options: WatchOptions): Promise<Attempt> {
  const looks = await Promise.all(
    port.services.map(async (service) => {
      const look = await port.probe(service, options.clock.now())
      options.scene.setService(
        nextService(options.scene.service(service.id), service, look, options.clock.now()),
      )
      return look
    }),
  )
  const blind = looks.filter((look) => look.outcome.kind === 'unknown').length
  const note = blind > 0 ? `${blind} of ${looks.length} endpoints could not be judged` : ''
  return { note }
}

const QUEUES_AT_ONCE = 8

async function lookAtQueues(port: QueuePort, options: WatchOptions): Promise<Attempt> {
  const { scene, clock } = options
  const waiting = [...port.queues]
  let failure: SourceFailure | undefined
  let answered = 0
  let latencySum = 0
  async function work(): Promise<void> {
    for (let queue = waiting.shift(); queue; queue = waiting.shift()) {
      const now = clock.now()
      const answer = await port.describe(queue, now)
      if (answer.ok) {
        answered += 1
        latencySum += answer.latencyMs
        scene.setQueue(answer.value)
        options.minutes.note(answer.value, freshPollers(answer.value.pollers, now))
      } else {
        failure = answer
        scene.failQueue(queue, answer, now)
      }
    }
  }
  await Promise.all(Array.from({ length: QUEUES_AT_ONCE }, work))
  if (failure && answered === 0) return { failure }
  return {
    latencyMs: latencySum / Math.max(1, answered),
    note: failure ? `some queues not readable: ${failure.detail}` : '',
  }
}

function freshPollers(pollers: Reading<readonly { readonly lastAt: Date }[]>, now: Date): number | undefined {
  if (pollers.kind !== 'known') return undefined
  return pollers.value.filter((poller) => now.getTime() - poller.lastAt.getTime() <= 120_000).length
}

/** startWatch runs one loop per connected source; a slow or broken one never delays another. */
export function startWatch(options: WatchOptions): Watch {
  const { ports, clock, scene } = options
  const { fleet, credit, metrics, gpus, queues, page, services, cluster } = ports
  const loops: Loop[] = []

  function add(
    port:
      | { id: string; kind: SourceState['kind']; title: string; intervalMs: number; wayRound: string }
      | undefined,
    look: (now: Date) => Promise<Attempt>,
  ): Loop | undefined {
    if (!port) return undefined
    const { id, kind, title, intervalMs, wayRound } = port
    const loop = startLoop({
      id,
      kind,
      title,
      intervalMs,
      wayRound,
      clock,
      look,
      // A list of many pages answers every second: the board takes it in at its next cycle.
      pace: options.pace,
      onAttempt: port === fleet ? () => undefined : options.onBoard,
    })
    loops.push(loop)
    return loop
  }

  const fleetLoop = add(fleet, () => (fleet ? lookAtFleet(fleet, options) : Promise.resolve({})))
  add(credit, async (now) => {
    const answer = await credit?.credit()
    if (!answer) return {}
    scene.setCredit(answer.ok ? answer.value.creditDollars : failed(scene.credit(), answer, now))
    return attemptOf(answer)
  })
  add(metrics, async (now) => {
    const answer = await metrics?.figures(now)
    if (!answer) return {}
    scene.setApi(
      apiWith(scene.api(), (key, before) =>
        answer.ok ? (answer.value[key] ?? before) : failed(before, answer, now),
      ),
    )
    if (answer.ok) options.minutes.noteApi(scene.api())
    return attemptOf(answer)
  })
  add(gpus, async (now) => {
    const answer = await gpus?.sweep(now)
    if (!answer) return {}
    if (answer.ok) await options.onSweep(answer.value, clock.now())
    return attemptOf(answer)
  })
  add(queues, () => (queues ? lookAtQueues(queues, options) : Promise.resolve({})))
  add(page, async (now) => {
    const answer = await page?.look(now)
    if (!answer) return {}
    const before = scene.page()
    scene.setPage(answer.ok ? answer.value : { ...before, indicator: failed(before.indicator, answer, now) })
    return attemptOf(answer)
  })
  add(services, () => (services ? lookAtServices(services, options) : Promise.resolve({})))
  add(cluster, async () => {
    const answer = await cluster?.look()
    return answer ? attemptOf(answer) : {}
  })

  return {
    sources: (now) => loops.map((loop) => loop.state(now)),
    lookAtFleetNow: () => {
      fleet?.hurry?.(clock.now())
      fleetLoop?.nudge()
    },
    stop: () => {
      for (const loop of loops) loop.stop()
    },
  }
}
