import type pg from 'pg'
import type { Clock } from '../platform/clock'
import { failpoint } from '../platform/failpoint'
import type { Log } from '../platform/log'
import { apiFigures, creditFigure, pageFigure, queueRow, serviceRow, sourceRow } from './board'
import { startWatch } from './collect-sources'
import {
  epochSeconds,
  evaluateInstance,
  gpuValues,
  instanceValues,
  type RatedInstance,
  SOURCE_CODES,
} from './evaluate'
import { emptyBook, type InstanceEntry, noteAgent, noteListed, noteSweep } from './fleet-book'
import { keptMemory, memoryBody } from './memory'
import { createMinutes } from './minute-store'
import type { HealthPolicy } from './policy'
import type { Ports } from './ports'
import {
  beginSweep,
  confirm,
  createPublisher,
  emptyState,
  type FleetRow,
  giveBack,
  hasNews,
  publishBoard,
  publishGpu,
  publishInstance,
  relayout,
  takeDelta,
} from './publisher'
import type { HealthEventRow } from './records'
import { createScene } from './scene'
import {
  commitCycle,
  lastSeq,
  packSnapshot,
  readInbox,
  readMemory,
  readState,
  writeMemory,
  writeRecords,
  writeStrikes,
} from './store'
import { ageUnread, publishedRow } from './unread-rows'

/** CollectorOptions are what the collector is given; `held` and `epoch` come from its lease. */
export type CollectorOptions = {
  readonly hot: pg.Pool
  readonly clock: Clock
  readonly log: Log
  readonly ports: Ports
  readonly policy: () => HealthPolicy
  readonly epoch: number
  readonly held: () => boolean
  readonly simulated: boolean
}

/** Collector is the one process that looks at the world. */
export type Collector = {
  /** wakeInbox tells it that agents have reported. */
  readonly wakeInbox: () => void
  /** lookAtFleetNow tells it that the provider announced a change. */
  readonly lookAtFleetNow: () => void
  readonly stop: () => Promise<void>
}

const CYCLE_MS = 5_000
const BOARD_MS = 1_000
const PLAIN_GAP_MS = 1_000
const URGENT_GAP_MS = 25
const RELAYOUT_GAP_MS = 2_000
const DROP_GONE_MS = 15 * 60_000
const MAX_EVENTS = 500
const TELEMETRY_GRACE_MS = 45_000

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}

const SWEEP_SLACK = 1.5

/** At the provider's pace a large account's list takes longer than one reading may be old: its age limit follows the sweep. */
function pacedPolicy(policy: () => HealthPolicy, sweepMs: () => number): () => HealthPolicy {
  let made:
    | { readonly from: HealthPolicy; readonly seconds: number; readonly policy: HealthPolicy }
    | undefined
  return () => {
    const from = policy()
    const seconds = Math.max(from.freshness.vastMaxAgeSeconds, Math.ceil((sweepMs() * SWEEP_SLACK) / 1000))
    if (made?.from === from && made.seconds === seconds) return made.policy
    made = {
      from,
      seconds,
      policy: { ...from, freshness: { ...from.freshness, vastMaxAgeSeconds: seconds } },
    }
    return made.policy
  }
}

/**
 * startCollector watches every configured source, judges what changed and commits one delta per change under its lease:
 * rating changes at once (at most every 25 ms), plain figures at most once a second, the whole board every 5 s.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { hot, clock, log, ports } = options
  let sweepMs = 0
  const policy = pacedPolicy(options.policy, () => sweepMs)
  const book = emptyBook()
  const rated = new Map<string, RatedInstance>()
  const publisher = createPublisher(
    (await readState(hot)) ?? emptyState({ seq: await lastSeq(hot), simulated: options.simulated }),
  )
  publisher.state.simulated = options.simulated
  const kept = keptMemory(await readMemory(hot), publisher.state)
  for (const [key, seen] of kept.xids) book.xids.set(key, seen)
  const scene = createScene(kept)
  let memoryText = ''
  let seqInDoubt = false
  const startedAtMs = clock.now().getTime()
  const minutes = createMinutes()
  const events: HealthEventRow[] = []
  let inboxIds: string[] = []
  let layoutDirty = false
  let relayoutAtMs = -Infinity
  let flushedAtMs = -Infinity
  let boardAtMs = -Infinity
  let checkpointMinute = -1
  let boardDirty = true
  let flushing: Promise<void> | undefined
  let flushTimer: NodeJS.Timeout | undefined
  let flushDueMs = Infinity
  let readingInbox: Promise<void> | undefined
  let inboxAgain = false
  let stopped = false

  function noteEvent(event: HealthEventRow): void {
    if (events.length < MAX_EVENTS) events.push(event)
  }

  // After a restart the provider's list comes first: cards that telemetry showed before wait for its first sweep.
  function awaitsTelemetry(id: string, entry: InstanceEntry, now: Date): boolean {
    if (entry.slots.length > 0 || now.getTime() - startedAtMs > TELEMETRY_GRACE_MS) return false
    const row = publisher.rowById.get(id)
    if (row === undefined) return false
    const source = publisher.state.gpus.source[publisher.state.instances.firstGpu[row] ?? 0]
    return source === SOURCE_CODES.dcgm || source === SOURCE_CODES.agent
  }

  function evaluateTouched(now: Date): void {
    for (const id of book.touched) {
      const entry = book.entries.get(id)
      if (!entry) continue
      const before = rated.get(id)
      if (!before && awaitsTelemetry(id, entry, now)) continue
      const next = evaluateInstance(entry, before, {
        book,
        policy: policy(),
        now,
        freshPollers: scene.pollersOn(id, now),
        kept,
      })
      rated.set(id, next)
      for (const event of scene.noteInstance(next, before, now)) noteEvent(event)
      const row = publisher.rowById.get(id)
      if (row === undefined || publisher.state.instances.gpus[row] !== next.gpus.length) {
        layoutDirty = true
        continue
      }
      publishInstance(publisher, row, instanceValues(entry, next))
      const first = publisher.state.instances.firstGpu[row] ?? 0
      for (const [index, gpu] of next.gpus.entries()) publishGpu(publisher, first + index, gpuValues(gpu))
    }
    book.touched.clear()
    if (publisher.urgent) boardDirty = true
  }

  function relayoutNow(): void {
    const order = [
      ...publisher.rowById.keys(),
      ...[...rated.keys()].filter((id) => !publisher.rowById.has(id)),
    ]
    const rows: FleetRow[] = []
    for (const id of order) {
      const entry = book.entries.get(id)
      const known = rated.get(id)
      if (entry && known) {
        rows.push({ id, values: instanceValues(entry, known), gpus: known.gpus.map(gpuValues) })
      } else {
        const kept = publishedRow(publisher, id)
        if (kept) rows.push(kept)
      }
    }
    relayout(publisher, rows)
    layoutDirty = false
    relayoutAtMs = clock.monotonicMs()
  }

  function buildBoard(now: Date): void {
    const current = policy()
    const world = scene.rate({ now, policy: current, sources: watch.sources(now), book })
    for (const event of scene.boardEvents(world.rated, now)) noteEvent(event)
    publishBoard(publisher, {
      queues: world.queues.map(({ queue, rating }) => queueRow(queue, rating, current)),
      services: world.services.map(({ service, rating }) => serviceRow(service, rating, current)),
      sources: watch.sources(now).map(sourceRow),
      planes: world.planes,
      api: apiFigures(world.rated, current),
      page: pageFigure(world.rated),
      credit: creditFigure(world.rated),
      conclusions: world.conclusions,
    })
    boardDirty = false
    boardAtMs = clock.monotonicMs()
  }

  async function flushNow(): Promise<void> {
    flushedAtMs = clock.monotonicMs()
    flushDueMs = Infinity
    const now = clock.now()
    if (layoutDirty && clock.monotonicMs() - relayoutAtMs >= RELAYOUT_GAP_MS) relayoutNow()
    if (boardDirty && clock.monotonicMs() - boardAtMs >= BOARD_MS) buildBoard(now)
    if (!options.held() || (!hasNews(publisher) && inboxIds.length === 0)) return
    if (seqInDoubt) {
      publisher.state.seq = Math.max(publisher.state.seq, await lastSeq(hot))
      seqInDoubt = false
    }
    const { delta, taken } = takeDelta(publisher, epochSeconds(now))
    const minute = Math.floor(now.getTime() / 60_000)
    const checkpointDue = taken.reset || minute !== checkpointMinute
    const carried = { events: events.splice(0), inboxIds }
    inboxIds = []
    try {
      await failpoint('collector.before-commit')
      const written = await commitCycle(hot, {
        epoch: options.epoch,
        seq: delta.seq,
        at: now,
        body: Buffer.from(JSON.stringify(delta)),
        checkpoint: checkpointDue
          ? packSnapshot({ ...publisher.state, seq: delta.seq, at: delta.at })
          : undefined,
        events: carried.events,
        inboxIds: carried.inboxIds,
      })
      await failpoint('collector.after-commit')
      if (!written) {
        log.warn({ epoch: options.epoch }, 'the lease is no longer ours: nothing was written')
        return
      }
      confirm(publisher, delta)
      if (checkpointDue) checkpointMinute = minute
    } catch (error) {
      giveBack(publisher, taken)
      events.unshift(...carried.events)
      inboxIds = [...carried.inboxIds, ...inboxIds]
      // A commit whose answer was lost stands in the table under our number: go on after it, the values are sent again.
      seqInDoubt = isDuplicate(error)
      throw error
    }
    await writeStrikes(hot, scene.takeStrikes())
  }

  function flush(): void {
    if (flushing || stopped) return
    flushing = flushNow()
      .catch((error: unknown) =>
        log.warn({ err: error }, 'a cycle could not be committed; it will be part of the next'),
      )
      .finally(() => {
        flushing = undefined
        if (hasNews(publisher) || layoutDirty || inboxIds.length > 0) flushSoon()
      })
  }

  function flushSoon(): void {
    if (stopped || flushing) return
    const gapMs = publisher.urgent ? URGENT_GAP_MS : PLAIN_GAP_MS
    const dueMs = flushedAtMs + gapMs
    if (dueMs >= flushDueMs) return
    clearTimeout(flushTimer)
    const waitMs = dueMs - clock.monotonicMs()
    flushDueMs = dueMs
    if (waitMs <= 0) flush()
    else flushTimer = setTimeout(flush, waitMs)
  }

  function settle(now: Date): void {
    evaluateTouched(now)
    flushSoon()
  }

  async function takeInbox(): Promise<void> {
    const rows = await readInbox(hot, inboxIds)
    for (const row of rows) {
      inboxIds.push(row.id)
      const look = ports.reports.parse(row.body, row.receivedAt)
      if ('problem' in look)
        log.warn({ instance: row.instanceId, problem: look.problem }, 'agent report not understood')
      else noteAgent(book, { ...look, instanceId: row.instanceId })
    }
    if (rows.length > 0) settle(clock.now())
  }

  function wakeInbox(): void {
    if (stopped) return
    if (readingInbox) {
      inboxAgain = true
      return
    }
    readingInbox = takeInbox()
      .catch((error: unknown) => log.warn({ err: error }, 'agent reports could not be read'))
      .finally(() => {
        readingInbox = undefined
        if (!inboxAgain) return
        inboxAgain = false
        wakeInbox()
      })
  }

  const watch = startWatch({
    ports,
    clock,
    scene,
    minutes,
    onFleet: (step, now) => {
      sweepMs = step.sweepMs
      noteListed(book, step, now)
      settle(now)
      writeRecords(hot, { epoch: options.epoch, listed: step.instances, gone: step.gone, at: now }).catch(
        (error: unknown) => log.warn({ err: error }, 'instance records not written'),
      )
    },
    onSweep: (sweep, now) => {
      beginSweep(publisher, epochSeconds(sweep.at))
      noteSweep(book, sweep)
      evaluateTouched(now)
      publisher.urgent = true
      flushSoon()
    },
    onBoard: () => {
      boardDirty = true
      flushSoon()
    },
  })

  async function keepMemory(now: Date): Promise<void> {
    const text = JSON.stringify(memoryBody({ rated, ...scene.memories(), book }))
    if (text === memoryText) return
    await writeMemory(hot, { epoch: options.epoch, at: now, body: text })
    memoryText = text
  }

  function cycle(): void {
    const now = clock.now()
    for (const [id, entry] of book.entries) {
      if (entry.goneAt && now.getTime() - entry.goneAt.getTime() > DROP_GONE_MS) {
        book.entries.delete(id)
        rated.delete(id)
        publisher.rowById.delete(id)
        layoutDirty = true
      } else if (scene.isDue(id, now, CYCLE_MS)) {
        book.touched.add(id)
      }
    }
    ageUnread(publisher, book, now)
    boardDirty = true
    wakeInbox()
    settle(now)
    keepMemory(now).catch((error: unknown) => log.warn({ err: error }, 'memory of the rules not written'))
    minutes
      .write(hot, now, options.epoch)
      .catch((error: unknown) => log.warn({ err: error }, 'queue history not written'))
  }

  const cycleTimer = setInterval(cycle, CYCLE_MS)
  wakeInbox()
  return {
    wakeInbox,
    lookAtFleetNow: watch.lookAtFleetNow,
    stop: async () => {
      stopped = true
      clearInterval(cycleTimer)
      clearTimeout(flushTimer)
      watch.stop()
      await Promise.allSettled([flushing, readingInbox])
    },
  }
}
