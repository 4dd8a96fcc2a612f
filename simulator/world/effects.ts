import type { EventKind, EventOf, Target, TimelineEvent } from '../scenario-events'
import type { Fleet, SimInstance } from './build'
import { chooseIndexes, hash32 } from './random'

export type EffectOf<Kind extends EventKind> = {
  readonly id: number
  readonly fromMs: number
  readonly untilMs: number
  readonly event: EventOf<Kind>
  readonly instances: readonly number[]
  readonly gpus: readonly number[]
}
export type Effect = { [Kind in EventKind]: EffectOf<Kind> }[EventKind]

const GPU_EVENTS: ReadonlySet<EventKind> = new Set([
  'gpu-xid',
  'gpu-thermal',
  'gpu-ecc',
  'gpu-row-remap',
  'gpu-load',
])
const HOST_EVENTS: ReadonlySet<EventKind> = new Set(['host-loss', 'host-heartbeat-lost'])

export class EffectLog {
  private readonly all: Effect[] = []
  private readonly byKind = new Map<EventKind, Effect[]>()
  private readonly byInstance = new Map<number, Effect[]>()
  private readonly byGpu = new Map<number, Effect[]>()
  version = 0

  add(effect: Effect): void {
    this.version += 1
    this.all.push(effect)
    push(this.byKind, effect.event.event, effect)
    for (const index of effect.instances) push(this.byInstance, index, effect)
    for (const index of effect.gpus) push(this.byGpu, index, effect)
  }

  get size(): number {
    return this.all.length
  }

  list(): readonly Effect[] {
    return this.all
  }

  ofInstance(index: number): readonly Effect[] {
    return this.byInstance.get(index) ?? NONE
  }

  ofGpu(index: number): readonly Effect[] {
    return this.byGpu.get(index) ?? NONE
  }

  ofKind<Kind extends EventKind>(kind: Kind): readonly EffectOf<Kind>[] {
    return narrowed(this.byKind.get(kind) ?? NONE)
  }

  active<Kind extends EventKind>(kind: Kind, offsetMs: number): readonly EffectOf<Kind>[] {
    return this.ofKind(kind).filter((effect) => isActive(effect, offsetMs))
  }
}

const NONE: readonly Effect[] = []

/** The log files effects by the kind of their event, so a list out of `byKind` holds that kind alone. */
function narrowed<Kind extends EventKind>(effects: readonly Effect[]): readonly EffectOf<Kind>[] {
  return effects as readonly unknown[] as readonly EffectOf<Kind>[]
}

export function isActive(
  effect: { readonly fromMs: number; readonly untilMs: number },
  offsetMs: number,
): boolean {
  return offsetMs >= effect.fromMs && offsetMs < effect.untilMs
}

type ExpandInput = {
  readonly event: TimelineEvent
  readonly originMs: number
  readonly horizonMs: number
  readonly salt: number
  readonly fleet: Fleet
  readonly nextId: number
}

/** Turns one timeline event into its effects: one per repetition, each with targets chosen from the salt. */
export function expandEvent({ event, originMs, horizonMs, salt, fleet, nextId }: ExpandInput): Effect[] {
  const effects: Effect[] = []
  const lastMs = event.every === undefined ? event.at : Math.max(event.at, horizonMs)
  const stepMs = event.every ?? Number.POSITIVE_INFINITY
  for (let at = event.at, turn = 0; at <= lastMs; at += stepMs, turn += 1) {
    const fromMs = originMs + at
    const untilMs =
      event.for !== undefined
        ? fromMs + event.for
        : event.until !== undefined
          ? originMs + event.until
          : Number.POSITIVE_INFINITY
    const instances = 'queue' in event ? [] : resolveInstances(event, fleet, hash32(salt, turn, 41))
    const gpus = GPU_EVENTS.has(event.event)
      ? resolveGpus(event, fleet, instances, hash32(salt, turn, 42))
      : []
    effects.push(effectOf({ id: nextId + turn, fromMs, untilMs, event, instances, gpus }))
  }
  return effects
}

function effectOf(parts: Omit<Effect, 'event'> & { readonly event: TimelineEvent }): Effect {
  // The event decides the member of the union; TypeScript cannot follow that through a spread.
  return parts as Effect
}

function targetOf(event: TimelineEvent): Target | undefined {
  return 'target' in event ? event.target : undefined
}

const TARGETED: ReadonlySet<EventKind> = new Set<EventKind>([
  'instance-status',
  'instance-flap',
  'instance-stranded',
  'instance-outbid',
  'instance-contract-end',
  'instance-disk',
  'instance-restart',
  'instance-unreadable',
  'host-loss',
  'host-heartbeat-lost',
  'gpu-xid',
  'gpu-thermal',
  'gpu-ecc',
  'gpu-row-remap',
  'gpu-load',
  'telemetry-zero',
  'telemetry-lost',
  'workers-wedged',
  'workers-stopped',
  'workers-wrong-endpoint',
  'model',
])

function resolveInstances(event: TimelineEvent, fleet: Fleet, salt: number): readonly number[] {
  if (!TARGETED.has(event.event)) return []
  const target = targetOf(event) ?? {}
  const pool = fleet.instances.filter((instance) => meets(instance, target)).map((instance) => instance.index)
  if (HOST_EVENTS.has(event.event)) return wholeHosts(fleet, target, pool, salt)
  const named = target.instances !== undefined || target.hosts !== undefined
  return chooseIndexes(pool, amount(target, pool.length, named), salt)
}

function wholeHosts(fleet: Fleet, target: Target, pool: readonly number[], salt: number): readonly number[] {
  const hostOf = (index: number): number => fleet.instances[index]?.host ?? 0
  const hosts = [...new Set(pool.map(hostOf))]
  const named = target.instances !== undefined || target.hosts !== undefined
  const lost = new Set(chooseIndexes(hosts, amount(target, hosts.length, named), salt))
  return fleet.instances.filter((instance) => lost.has(instance.host)).map((instance) => instance.index)
}

function amount(target: Target, available: number, named: boolean): number {
  if (target.count !== undefined) return target.count
  if (target.share !== undefined) return Math.ceil(target.share * available)
  if (named || target.regions !== undefined || target.models !== undefined) return available
  return 1
}

function meets(instance: SimInstance, target: Target): boolean {
  if (target.instances !== undefined && !target.instances.includes(instance.index + 1)) return false
  if (target.hosts !== undefined && !target.hosts.includes(instance.host + 1)) return false
  if (target.regions !== undefined && !target.regions.includes(instance.region)) return false
  return target.models === undefined || target.models.includes(instance.modelName)
}

function resolveGpus(
  event: TimelineEvent,
  fleet: Fleet,
  instances: readonly number[],
  salt: number,
): number[] {
  const target = targetOf(event)
  return instances.flatMap((index) => {
    const cards = fleet.instances[index]?.gpus ?? []
    if (target?.allGpus === true) return cards.map((card) => card.index)
    const slot = target?.gpu ?? hash32(salt, index) % Math.max(1, cards.length)
    const card = cards[slot % Math.max(1, cards.length)]
    return card === undefined ? [] : [card.index]
  })
}

function push<Key>(map: Map<Key, Effect[]>, key: Key, effect: Effect): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [effect])
  else {
    list.push(effect)
    list.sort((left, right) => left.fromMs - right.fromMs || left.id - right.id)
  }
}
