import type { QueueObservation } from '../health/model'
import type { HealthPolicy } from '../health/policy'
import { pollsIn } from '../health/pollers'
import type { RatedWorld } from '../health/rules/rated'
import type { PlaneRow } from '../health/wire'
import type { ClusterObservation } from './cluster'
import type { BeforeAndNow, MetricsAsked, Taken } from './ports'

/** Sight is everything that one triage reads: the judged world, the looks taken on demand, and what is remembered of earlier ones. */
export type Sight = {
  readonly nowMs: number
  readonly rated: RatedWorld
  readonly planes: readonly PlaneRow[]
  readonly policy: HealthPolicy
  readonly metrics: Taken<MetricsAsked> | undefined
  readonly comparison: Taken<BeforeAndNow> | undefined
  readonly cluster: Taken<ClusterObservation> | undefined
  readonly memory: SightMemory
  /** symptomAtMs is when the first symptom that still holds was seen; null while there is none. */
  readonly symptomAtMs: number | null
}

/** SightMemory is what looks remember: who polled which queue when, and which model files an instance had. */
export type SightMemory = {
  /** polled: instance → queue → last poll (epoch ms), kept for a day. */
  readonly polled: Polls
  /** files: instance → model files that were there. */
  readonly files: Readonly<Record<string, readonly string[]>>
  /** lost: instance → since when the provider has called it offline or unknown (epoch ms). */
  readonly lost: Readonly<Record<string, number>>
}

type Polls = ReadonlyMap<string, ReadonlyMap<string, number>>

/** NOTHING_SEEN is the memory before the first look. */
export const NOTHING_SEEN: SightMemory = { polled: new Map(), files: {}, lost: {} }

const POLLED_KEPT_MS = 24 * 3_600_000

/** rememberSight folds one moment into the memory. */
export function rememberSight(memory: SightMemory, rated: RatedWorld, nowMs: number): SightMemory {
  const polled = withPolls(memory.polled, rated.world.queues.values(), nowMs)
  const files: Record<string, readonly string[]> = {}
  for (const [id, inside] of rated.world.inside ?? []) {
    const now = inside.modelFiles.kind === 'known' ? inside.modelFiles.value : []
    files[id] = [...new Set([...(memory.files[id] ?? []), ...now])].slice(0, 200)
  }
  const lost: Record<string, number> = {}
  for (const [id, { actual }] of rated.world.instances) {
    const said = actual.kind === 'known' ? actual.value : actual.last?.value
    if (said === 'offline' || said === 'unknown') lost[id] = memory.lost[id] ?? nowMs
  }
  return { polled, files, lost }
}

function withPolls(before: Polls, queues: Iterable<QueueObservation>, nowMs: number): Polls {
  const next = new Map<string, ReadonlyMap<string, number>>()
  for (const [id, polls] of before) {
    const isOld = [...polls.values()].some((atMs) => nowMs - atMs >= POLLED_KEPT_MS)
    const kept = isOld ? new Map([...polls].filter(([, atMs]) => nowMs - atMs < POLLED_KEPT_MS)) : polls
    if (kept.size > 0) next.set(id, kept)
  }
  for (const { name, pollers } of queues) {
    if (pollers.kind !== 'known') continue
    for (const { id, atMs } of pollsIn(pollers.value)) {
      const polls = next.get(id)
      if ((polls?.get(name) ?? -Infinity) < atMs) next.set(id, new Map(polls).set(name, atMs))
    }
  }
  return next
}
