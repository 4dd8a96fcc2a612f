import type { Clock } from '../platform/clock'
import { apiFigures, creditFigure, pageFigure, queueRow, serviceRow, sourceRow } from './board'
import type { FleetBook } from './fleet-book'
import type { SourceState } from './model'
import type { HealthPolicy } from './policy'
import { type Publisher, publishBoard } from './publisher'
import type { HealthEventRow } from './records'
import type { RatedScene, Scene } from './scene'

/** BoardOptions are what the board's part of the collector reads and writes; `onEvent` gets every change of rating. */
export type BoardOptions = {
  readonly clock: Clock
  readonly policy: () => HealthPolicy
  readonly book: FleetBook
  readonly scene: Scene
  readonly sources: (now: Date) => readonly SourceState[]
  readonly publisher: Publisher
  readonly onEvent: (event: HealthEventRow) => void
  /** onScene gets the judged world each time the board is built: what triage reads. */
  readonly onScene?: ((scene: RatedScene, policy: HealthPolicy, now: Date) => void) | undefined
}

/** BoardPart judges the world as a whole and publishes the board. */
export type BoardPart = {
  /** markDirty says that something on the board may differ. */
  readonly markDirty: () => void
  /**
   * publishWhenDue builds the board anew when something may differ, at most once a second; while a change of rating is on
   * its way to the viewers it may wait another second.
   */
  readonly publishWhenDue: (now: Date) => void
  /** waits tells that a change of rating went before it. */
  readonly waits: () => boolean
}

const BOARD_MS = 1_000
const BEHIND_URGENT_MS = 2_000

/** createBoardPart begins with a board that is due. */
export function createBoardPart(options: BoardOptions): BoardPart {
  const { clock, scene, publisher } = options
  let dirty = true
  let waits = false
  let builtAtMs = -Infinity

  function publish(now: Date): void {
    const policy = options.policy()
    const sources = options.sources(now)
    const world = scene.rate({ now, policy, sources, book: options.book })
    options.onScene?.(world, policy, now)
    for (const event of scene.boardEvents(world.rated, now)) options.onEvent(event)
    publishBoard(publisher, {
      queues: world.queues.map(({ queue, rating }) => queueRow(queue, rating, policy)),
      services: world.services.map(({ service, rating }) => serviceRow(service, rating, policy)),
      sources: sources.map(sourceRow),
      planes: world.planes,
      api: apiFigures(world.rated, policy),
      page: pageFigure(world.rated),
      credit: creditFigure(world.rated),
      conclusions: world.conclusions,
    })
    dirty = false
    waits = false
    builtAtMs = clock.monotonicMs()
  }

  return {
    markDirty: () => {
      dirty = true
    },
    publishWhenDue: (now) => {
      const ageMs = clock.monotonicMs() - builtAtMs
      if (!dirty || ageMs < BOARD_MS) return
      if (publisher.urgent && ageMs < BEHIND_URGENT_MS) waits = true
      else publish(now)
    },
    waits: () => waits,
  }
}
