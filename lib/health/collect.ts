import type pg from 'pg'
import type { Clock } from '../platform/clock'
import type { Log } from '../platform/log'
import { type BoardOptions, createBoardPart } from './collect-board'
import { createCommits } from './collect-commit'
import { createFleetPart } from './collect-fleet'
import { createInbox } from './collect-inbox'
import { startWatch } from './collect-sources'
import { epochSeconds } from './evaluate'
import { emptyBook, noteListed, noteSweep } from './fleet-book'
import { keptMemory, memoryBody } from './memory'
import { createMinutes } from './minute-store'
import { pacedPolicy } from './paced-policy'
import type { HealthPolicy } from './policy'
import type { Ports } from './ports'
import { beginSweep, createPublisher, emptyState, type Publisher } from './publisher'
import { createScene } from './scene'
import { lastSeq, readMemory, readState, writeMemory, writeRecords } from './store'

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
  readonly onScene?: BoardOptions['onScene']
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

async function publisherOf(hot: pg.Pool, simulated: boolean): Promise<Publisher> {
  const state = (await readState(hot)) ?? emptyState({ seq: await lastSeq(hot), simulated })
  state.simulated = simulated
  return createPublisher(state)
}

function memoryKeeper(hot: pg.Pool, epoch: number): (body: unknown, now: Date) => Promise<void> {
  let written = ''
  return async (body, now) => {
    const text = JSON.stringify(body)
    if (text === written) return
    await writeMemory(hot, { epoch, at: now, body: text })
    written = text
  }
}

/**
 * startCollector watches every configured source, judges what changed and commits one delta per change under its lease:
 * rating changes at once (at most every 25 ms), plain figures at most once a second, the whole board every 5 s.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { hot, clock, log, ports, epoch } = options
  let sweepMs = 0
  const policy = pacedPolicy(options.policy, () => sweepMs)
  const publisher = await publisherOf(hot, options.simulated)
  const kept = keptMemory(await readMemory(hot), publisher.state)
  const book = emptyBook()
  for (const [key, seen] of kept.xids) book.xids.set(key, seen)
  const scene = createScene(kept)
  const minutes = createMinutes()
  const keepMemory = memoryKeeper(hot, epoch)
  const complain = (what: string) => (error: unknown) => log.warn({ err: error }, what)

  const commits = createCommits({
    hot,
    clock,
    log,
    epoch,
    held: options.held,
    publisher,
    prepare: (now) => {
      fleet.relayoutWhenDue()
      board.publishWhenDue(now)
    },
    hasMore: () => fleet.layoutDue() || board.waits(),
    takeStrikes: scene.takeStrikes,
  })
  const onEvent = commits.noteEvent
  const fleet = createFleetPart({ clock, policy, book, scene, kept, publisher, onEvent })

  function judge(now: Date): void {
    fleet.judgeTouched(now)
    if (publisher.urgent) board.markDirty()
  }

  function settle(now: Date): void {
    judge(now)
    commits.soon()
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
      writeRecords(hot, { epoch, listed: step.instances, gone: step.gone, at: now }).catch(
        complain('instance records not written'),
      )
    },
    onSweep: async (sweep, now) => {
      noteSweep(book, sweep)
      await fleet.judgeSweep(now, () => beginSweep(publisher, epochSeconds(sweep.at)))
      board.markDirty()
      publisher.urgent = true
      commits.soon()
    },
    onBoard: () => {
      board.markDirty()
      commits.soon()
    },
  })
  const board = createBoardPart({
    clock,
    policy,
    book,
    scene,
    sources: watch.sources,
    publisher,
    onEvent,
    onScene: options.onScene,
  })
  const inbox = createInbox({
    hot,
    clock,
    log,
    reports: ports.reports,
    book,
    pendingIds: commits.pendingIds,
    onTaken: commits.noteTaken,
    onReports: settle,
  })

  function cycle(): void {
    const now = clock.now()
    fleet.markDue(now, CYCLE_MS)
    board.markDirty()
    inbox.wake()
    settle(now)
    keepMemory(memoryBody({ rated: fleet.rated, ...scene.memories(), book }), now).catch(
      complain('memory of the rules not written'),
    )
    minutes.write(hot, now, epoch).catch(complain('queue history not written'))
  }

  const cycleTimer = setInterval(cycle, CYCLE_MS)
  inbox.wake()
  return {
    wakeInbox: inbox.wake,
    lookAtFleetNow: watch.lookAtFleetNow,
    stop: async () => {
      clearInterval(cycleTimer)
      watch.stop()
      await Promise.allSettled([commits.stop(), inbox.stop()])
    },
  }
}
