import type { Program } from '../scenario-events'
import type { SimInstance, SimQueue } from './build'
import { type Effect, isActive } from './effects'
import { boundariesOf } from './piecewise'
import { unit } from './random'
import type { World } from './world'

export type ProgramState = {
  readonly state: 'RUNNING' | 'STOPPED' | 'EXITED' | 'FATAL' | 'BACKOFF' | 'STARTING'
  readonly startMs: number
  readonly sinceMs: number
  readonly working: boolean
}

const BACKOFF_CYCLE_MS = 20_000

export function programAt(
  world: World,
  instance: SimInstance,
  program: Program,
  offsetMs: number,
): ProgramState {
  const bootMs = world.instanceAt(instance, offsetMs).servingSinceMs + 8000
  let found: ProgramState =
    offsetMs < bootMs
      ? { state: 'STARTING', startMs: bootMs, sinceMs: bootMs - 8000, working: false }
      : { state: 'RUNNING', startMs: bootMs, sinceMs: bootMs, working: true }
  for (const effect of world.effects.ofInstance(instance.index)) {
    if (effect.fromMs > offsetMs) continue
    const { event } = effect
    if (event.event === 'instance-restart' && offsetMs >= effect.untilMs) {
      found = { state: 'RUNNING', startMs: effect.untilMs, sinceMs: effect.untilMs, working: true }
    } else if (event.event === 'workers-stopped' && meets(event.program, program)) {
      if (event.state === 'RUNNING' || isActive(effect, offsetMs))
        found = stoppedAt(event.state, effect, offsetMs)
      else found = { state: 'RUNNING', startMs: effect.untilMs, sinceMs: effect.untilMs, working: true }
    } else if (
      event.event === 'workers-wedged' &&
      meets(event.program, program) &&
      isActive(effect, offsetMs)
    ) {
      found = { ...found, sinceMs: effect.fromMs, working: false }
    }
  }
  return found
}

function meets(wanted: Program | undefined, program: Program): boolean {
  return wanted === undefined ? program !== 'llama' : wanted === program
}

function stoppedAt(
  state: 'STOPPED' | 'EXITED' | 'FATAL' | 'BACKOFF' | 'RUNNING',
  effect: Effect,
  offsetMs: number,
): ProgramState {
  if (state === 'RUNNING') return { state, startMs: effect.fromMs, sinceMs: effect.fromMs, working: true }
  const turn = Math.floor((offsetMs - effect.fromMs) / BACKOFF_CYCLE_MS)
  const startMs = state === 'BACKOFF' ? effect.fromMs + turn * BACKOFF_CYCLE_MS : effect.fromMs - 60_000
  return { state, startMs, sinceMs: effect.fromMs, working: false }
}

export function programOfQueue(queue: SimQueue): Program {
  return queue.name.endsWith('@gpu') ? 'worker-gpu' : 'worker-cpu'
}

export function polls(world: World, instance: SimInstance, queue: SimQueue, offsetMs: number): boolean {
  if (!world.instanceAt(instance, offsetMs).serving) return false
  if (!programAt(world, instance, programOfQueue(queue), offsetMs).working) return false
  const astray = world.effects
    .ofInstance(instance.index)
    .some((effect) => effect.event.event === 'workers-wrong-endpoint' && isActive(effect, offsetMs))
  if (astray) return false
  return !world.effects
    .active('queue-pollers-lost', offsetMs)
    .some(
      (effect) =>
        effect.event.queue === queue.name && unit(world.seed, effect.id, instance.index) < effect.event.share,
    )
}

/** Instants at which the answer of `polls` can change for this instance and queue. */
export function pollBoundaries(world: World, instance: SimInstance, queue: SimQueue): readonly number[] {
  const own = world.effects.ofInstance(instance.index)
  const lost = world.effects
    .ofKind('queue-pollers-lost')
    .filter((effect) => effect.event.queue === queue.name)
  const ends = world.credit
    .zeroCrossings()
    .map((atMs) => ({ fromMs: atMs, untilMs: Number.POSITIVE_INFINITY }))
  const ready = [...own].flatMap((effect) =>
    Number.isFinite(effect.untilMs)
      ? [{ fromMs: effect.untilMs + 8000, untilMs: Number.POSITIVE_INFINITY }]
      : [],
  )
  const contracts = own.flatMap((effect) =>
    effect.event.event === 'instance-contract-end'
      ? [{ fromMs: effect.fromMs + effect.event.in, untilMs: Number.POSITIVE_INFINITY }]
      : [],
  )
  return boundariesOf([...own, ...lost, ...ends, ...ready, ...contracts])
}

/** When the instance last polled the queue; undefined when it never did. */
export function lastPollMs(
  world: World,
  instance: SimInstance,
  queue: SimQueue,
  offsetMs: number,
): number | undefined {
  if (polls(world, instance, queue, offsetMs)) {
    const ageMs = (offsetMs + (instance.seed % 55_000) + queue.index * 977) % 55_000
    return offsetMs - ((ageMs + 55_000) % 55_000)
  }
  const past = pollBoundaries(world, instance, queue).filter((atMs) => atMs <= offsetMs)
  for (let index = past.length - 1; index > 0; index -= 1) {
    const endMs = past[index] ?? 0
    if (polls(world, instance, queue, endMs - 1)) return endMs - (instance.seed % 40_000)
  }
  return undefined
}
