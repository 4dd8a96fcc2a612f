import { createRounds } from '../platform/rounds'
import { type Sql, sqlOf } from '../platform/sql'
import {
  advanceDelivery,
  type DeliveryOptions,
  type Engine,
  Fenced,
  type Line,
  lookSeen,
} from './advance-one'
import { type ChannelRow, type Delivery, hasWork, headsOf, readChannels, unseenOf } from './store'

/** DeliveryEngine sends what was released, one process at a time. */
export type DeliveryEngine = {
  /** wake looks at once. */
  readonly wake: () => void
  readonly stop: () => Promise<void>
}

const TICK_MS = 1_000

/** startDelivery sends what waits, lane by lane: `sending` is committed before each request, and what is unknown is looked for. */
export function startDelivery(options: DeliveryOptions): DeliveryEngine {
  const { clock, log } = options
  const engine: Engine = Object.create(options, {
    pacedUntilMs: { value: new Map<string, number>() },
    lanesUntilMs: { value: new Map<string, number>() },
  })
  const busy = new Map<string, Promise<void>>()
  const lines = new Map<string, Line>()

  function work(key: string, what: () => Promise<void>): void {
    if (busy.has(key)) return
    const done = what()
      .catch((error: unknown) => {
        if (!(error instanceof Fenced)) log.warn({ err: error, key }, 'a message did not get on')
        return 'failed'
      })
      .then((how) => {
        busy.delete(key)
        // What went well may have something behind it; what failed is looked at with the next tick.
        if (how === undefined) void rounds.ask()
      })
    busy.set(key, done)
  }

  async function look(): Promise<void> {
    const sql = sqlOf(options.pool)
    if (!options.held() || !(await hasWork(sql, clock.now()))) return
    await openLines(options, sql, lines)
    const now = clock.now()
    for (const row of await headsOf(sql)) {
      const line = lines.get(row.channelId)
      if (!line || busy.has(row.orderKey)) continue
      const waitMs = waitMsOf(engine, line, row, now)
      if (waitMs <= 0) work(row.orderKey, () => advanceDelivery(engine, line, row))
      else if (waitMs < TICK_MS) soonIn(waitMs)
    }
    for (const row of await unseenOf(sql, now)) {
      const line = lines.get(row.channelId)
      if (line && !busy.has(row.orderKey)) work(`seen:${row.channelId}`, () => lookSeen(engine, line, row))
    }
  }

  const rounds = createRounds(look, (error) => log.warn({ err: error }, 'deliveries could not be looked at'))

  let early: NodeJS.Timeout | undefined
  function soonIn(ms: number): void {
    early ??= setTimeout(() => {
      early = undefined
      void rounds.ask()
    }, ms)
  }

  const timer = setInterval(rounds.ask, TICK_MS)
  void rounds.ask()
  return {
    wake: () => void rounds.ask(),
    stop: async () => {
      clearInterval(timer)
      clearTimeout(early)
      await rounds.stop()
      await Promise.allSettled(busy.values())
    },
  }
}

/** One adapter for each channel, made anew when its settings change. */
async function openLines({ open, log }: DeliveryOptions, sql: Sql, lines: Map<string, Line>): Promise<void> {
  const rows = await readChannels(sql)
  for (const id of lines.keys()) if (!rows.some((row) => row.id === id)) lines.delete(id)
  for (const row of rows) {
    const known = lines.get(row.id)
    if (known && sameSetup(known.row, row)) {
      lines.set(row.id, { row, channel: known.channel })
      continue
    }
    try {
      lines.set(row.id, { row, channel: await open(row) })
    } catch (error) {
      lines.delete(row.id)
      log.warn({ err: error, channel: row.id }, 'a channel can’t be used as it is configured')
    }
  }
}

function sameSetup(a: ChannelRow, b: ChannelRow): boolean {
  const setup = ({ kind, config, sealed, componentMap }: ChannelRow): string =>
    JSON.stringify([kind, config, sealed, componentMap])
  return setup(a) === setup(b)
}

/** How long until this message may be worked on: its own time, the channel's, and the pace of the lane outside. */
function waitMsOf(
  engine: Engine,
  { row: channel, channel: adapter }: Line,
  row: Delivery,
  now: Date,
): number {
  if (row.state === 'sending') return 0
  const until = (at: Date | null): number => (at === null ? 0 : at.getTime() - now.getTime())
  const nowMs = engine.clock.monotonicMs()
  const lane = (engine.lanesUntilMs.get(adapter.lane) ?? 0) - nowMs
  if (row.state === 'unknown') return Math.max(until(row.notBefore), lane)
  const pace = (engine.pacedUntilMs.get(channel.id) ?? 0) - nowMs
  return Math.max(until(row.notBefore), until(channel.notBefore), lane, pace)
}
