import { setImmediate as breath } from 'node:timers/promises'
import type { Clock } from '../platform/clock'
import { evaluateInstance, gpuValues, instanceValues, type RatedInstance, SOURCE_CODES } from './evaluate'
import type { FleetBook, InstanceEntry } from './fleet-book'
import type { KeptMemory } from './memory'
import type { HealthPolicy } from './policy'
import { type FleetRow, type Publisher, publishGpu, publishInstance, relayout } from './publisher'
import type { HealthEventRow } from './records'
import type { Scene } from './scene'
import { ageUnread, publishedRow } from './unread-rows'

/** FleetOptions are what the fleet's part of the collector reads and writes; `onEvent` gets every change of rating. */
export type FleetOptions = {
  readonly clock: Clock
  readonly policy: () => HealthPolicy
  readonly book: FleetBook
  readonly scene: Scene
  readonly kept: KeptMemory
  readonly publisher: Publisher
  readonly onEvent: (event: HealthEventRow) => void
}

/** FleetPart judges instances and cards and keeps their published rows. */
export type FleetPart = {
  /** rated are the judged instances by id. */
  readonly rated: ReadonlyMap<string, RatedInstance>
  /** judgeTouched judges what the sources touched since the last call and writes it into the published rows. */
  readonly judgeTouched: (now: Date) => void
  /**
   * judgeSweep does the same for a telemetry sweep, in slices of a few milliseconds between which an agent's report may
   * overtake, and publishes it whole: `begin` is called just before the rows are written.
   */
  readonly judgeSweep: (now: Date, begin: () => void) => Promise<void>
  /** markDue touches instances whose judgement may change by time alone within `withinMs`, and forgets those long gone. */
  readonly markDue: (now: Date, withinMs: number) => void
  /** layoutDue tells that rows came or went which the published table lacks. */
  readonly layoutDue: () => boolean
  /** relayoutWhenDue rebuilds the published table, at most every 2 s. */
  readonly relayoutWhenDue: () => void
}

const RELAYOUT_GAP_MS = 2_000
const DROP_GONE_MS = 15 * 60_000
const TELEMETRY_GRACE_MS = 45_000
const SLICE = 100

/** createFleetPart begins with nothing judged; rows published before stay until they are read or grow old. */
export function createFleetPart(options: FleetOptions): FleetPart {
  const { clock, policy, book, scene, kept, publisher } = options
  const rated = new Map<string, RatedInstance>()
  const startedAtMs = clock.now().getTime()
  let layoutDirty = false
  let relayoutAtMs = -Infinity

  // After a restart the provider's list comes first: cards that telemetry showed before wait for its first sweep.
  function awaitsTelemetry(id: string, entry: InstanceEntry, now: Date): boolean {
    if (entry.slots.length > 0 || now.getTime() - startedAtMs > TELEMETRY_GRACE_MS) return false
    const row = publisher.rowById.get(id)
    if (row === undefined) return false
    const source = publisher.state.gpus.source[publisher.state.instances.firstGpu[row] ?? 0]
    return source === SOURCE_CODES.dcgm || source === SOURCE_CODES.agent
  }

  function publishJudged(id: string): void {
    const entry = book.entries.get(id)
    const judged = rated.get(id)
    if (!entry || !judged) return
    const row = publisher.rowById.get(id)
    if (row === undefined || publisher.state.instances.gpus[row] !== judged.gpus.length) {
      layoutDirty = true
      return
    }
    publishInstance(publisher, row, instanceValues(entry, judged))
    const first = publisher.state.instances.firstGpu[row] ?? 0
    for (const [index, gpu] of judged.gpus.entries()) publishGpu(publisher, first + index, gpuValues(gpu))
  }

  function judge(id: string, now: Date): void {
    const entry = book.entries.get(id)
    const before = rated.get(id)
    if (!entry || (!before && awaitsTelemetry(id, entry, now))) return
    const next = evaluateInstance(entry, before, {
      book,
      policy: policy(),
      now,
      freshPollers: scene.pollersOn(id, now),
      kept,
    })
    rated.set(id, next)
    for (const event of scene.noteInstance(next, before, now)) options.onEvent(event)
  }

  async function judgeSweep(now: Date, begin: () => void): Promise<void> {
    const ids = [...book.touched]
    book.touched.clear()
    for (let first = 0; first < ids.length; first += SLICE) {
      for (const id of ids.slice(first, first + SLICE)) judge(id, now)
      await breath()
    }
    begin()
    for (const id of ids) publishJudged(id)
  }

  function rowOf(id: string): FleetRow | undefined {
    const entry = book.entries.get(id)
    const judged = rated.get(id)
    if (!entry || !judged) return publishedRow(publisher, id)
    return { id, values: instanceValues(entry, judged), gpus: judged.gpus.map(gpuValues) }
  }

  function relayoutNow(): void {
    const order = [
      ...publisher.rowById.keys(),
      ...[...rated.keys()].filter((id) => !publisher.rowById.has(id)),
    ]
    relayout(
      publisher,
      order.map(rowOf).filter((row) => row !== undefined),
    )
    layoutDirty = false
    relayoutAtMs = clock.monotonicMs()
  }

  function forget(id: string): void {
    book.entries.delete(id)
    rated.delete(id)
    publisher.rowById.delete(id)
    layoutDirty = true
  }

  return {
    rated,
    judgeTouched: (now) => {
      for (const id of book.touched) {
        judge(id, now)
        publishJudged(id)
      }
      book.touched.clear()
    },
    judgeSweep,
    markDue: (now, withinMs) => {
      for (const [id, entry] of book.entries) {
        if (entry.goneAt && now.getTime() - entry.goneAt.getTime() > DROP_GONE_MS) forget(id)
        else if (scene.isDue(id, now, withinMs)) book.touched.add(id)
      }
      ageUnread(publisher, book, now)
    },
    layoutDue: () => layoutDirty,
    relayoutWhenDue: () => {
      if (layoutDirty && clock.monotonicMs() - relayoutAtMs >= RELAYOUT_GAP_MS) relayoutNow()
    },
  }
}
