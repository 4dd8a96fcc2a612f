import pg from 'pg'
import type { Console } from '../console'
import { applyDelta, type HealthState } from '../health/state'
import type { Delta } from '../health/wire'
import { poolConfig } from '../platform/db'
import { createRounds } from '../platform/rounds'
import { type HintRow, lastHintSeq, readHints } from './hints'

/** Frame is one server-sent event, encoded once for every viewer; `seq` and `hint` are the positions after it. */
export type Frame = { readonly bytes: Uint8Array; readonly seq: number; readonly hint: number }

/** Viewer is one open stream. */
export type Viewer = { readonly push: (bytes: Uint8Array) => boolean; readonly close: () => void }

/** Hub is a web process's one reader of the live tables and its fan-out to viewers. */
export type Hub = {
  readonly ready: () => Promise<void>
  readonly state: () => HealthState | undefined
  /** join adds a viewer after sending what it missed since `after` (`<delta seq>.<hint seq>`), or `reset`. */
  readonly join: (viewer: Viewer, after: string | undefined) => Promise<() => void>
  readonly viewers: () => number
  /** drain closes every stream with a spread-out reconnect time: the process is going. */
  readonly drain: () => void
  readonly close: () => Promise<void>
  /** framesBuilt counts serialisations, so that "once per delta, whatever the viewers" can be measured. */
  readonly framesBuilt: () => number
}

const RING = 300
const POLL_MS = 2_000
const PRESENT = 'present:'
const encoder = new TextEncoder()

function frameOf(event: string, id: string, data: string): Uint8Array {
  return encoder.encode(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`)
}

/** HealthFeed reads the committed state and what followed it. */
export type HealthFeed = {
  readonly readState: (pool: pg.Pool) => Promise<HealthState | undefined>
  readonly readDeltas: (pool: pg.Pool, seq: number) => Promise<readonly { readonly body: Buffer }[]>
}

/** createHub starts reading at once; `NOTIFY watchfloor_live` wakes it, a poll every 2 s makes a lost notify harmless. */
export function createHub(console: Console, feed: HealthFeed): Hub {
  const { log, clock } = console
  const viewers = new Set<Viewer>()
  const ring: Frame[] = []
  let state: HealthState | undefined
  let hintSeq = 0
  let built = 0
  let closed = false
  let listener: pg.Client | undefined

  function broadcast(bytes: Uint8Array): void {
    for (const viewer of viewers) {
      if (!viewer.push(bytes)) {
        viewers.delete(viewer)
        viewer.close()
      }
    }
  }

  function remember(event: string, data: string): void {
    const seq = state?.seq ?? 0
    const bytes = frameOf(event, `${seq}.${hintSeq}`, data)
    built += 1
    ring.push({ bytes, seq, hint: hintSeq })
    if (ring.length > RING) ring.shift()
    broadcast(bytes)
  }

  /** Who looks where is true for seconds: it is told once, has no number and is never sent again. */
  function tellPresent(incident: string): void {
    broadcast(encoder.encode(`event: present\ndata: ${JSON.stringify(incident)}\n\n`))
  }

  async function reload(): Promise<void> {
    const loaded = await feed.readState(console.hot)
    if (loaded) state = loaded
    ring.length = 0
    remember('reset', '1')
  }

  async function pullDeltas(): Promise<void> {
    if (!state) {
      state = await feed.readState(console.hot)
      return
    }
    const rows = await feed.readDeltas(console.hot, state.seq)
    for (const row of rows) {
      const text = row.body.toString('utf8')
      const applied = applyDelta(state, JSON.parse(text) as Delta)
      if (applied.kind === 'gap') return reload()
      if (applied.kind === 'applied') remember('delta', text)
    }
  }

  async function pullHints(): Promise<void> {
    const rows: HintRow[] = await readHints(console.hot, hintSeq)
    for (const row of rows) {
      hintSeq = row.seq
      remember('hint', JSON.stringify(row))
    }
  }

  const rounds = createRounds(
    async () => {
      await pullDeltas()
      await pullHints()
    },
    (error) => log.warn({ err: error }, 'live tables could not be read'),
  )
  const pull = rounds.ask

  async function listen(): Promise<void> {
    if (closed) return
    const {
      max: _max,
      idleTimeoutMillis: _idle,
      ...config
    } = poolConfig({ url: console.env.DATABASE_URL, name: 'live', max: 1 })
    const client = new pg.Client(config)
    listener = client
    const retry = (): void => {
      if (listener !== client) return
      listener = undefined
      client.end().catch(() => undefined)
      if (!closed) setTimeout(() => void listen(), 500 + Math.random() * 1000).unref()
    }
    client.on('error', retry)
    client.on('end', retry)
    client.on('notification', ({ payload }) => {
      if (payload?.startsWith(PRESENT)) tellPresent(payload.slice(PRESENT.length))
      else void pull()
    })
    try {
      await client.connect()
      await client.query('LISTEN watchfloor_live')
      await pull()
    } catch (error) {
      log.warn({ err: error }, 'cannot listen for live changes; polling every 2 s')
      retry()
    }
  }

  const started = (async () => {
    hintSeq = await lastHintSeq(console.hot)
    await pull()
  })().catch((error: unknown) => log.warn({ err: error }, 'live start failed; will keep trying'))
  void started.then(listen)
  const poll = setInterval(() => void pull(), POLL_MS)
  poll.unref()
  const ping = setInterval(
    () => broadcast(encoder.encode(`event: ping\ndata: ${clock.now().getTime()}\n\n`)),
    15_000,
  )
  ping.unref()

  function missed(after: string | undefined): Uint8Array[] | undefined {
    if (after === undefined) return []
    const [seq, hint] = after.split('.').map(Number)
    if (seq === undefined || hint === undefined || Number.isNaN(seq) || Number.isNaN(hint)) return undefined
    const now = state?.seq ?? 0
    if (seq === now && hint === hintSeq) return []
    const start = ring.findIndex((frame) => frame.seq === seq && frame.hint === hint)
    if (start >= 0) return ring.slice(start + 1).map((frame) => frame.bytes)
    const [oldest] = ring
    if (!oldest || oldest.seq > seq + 1 || oldest.hint > hint + 1 || seq > now || hint > hintSeq)
      return undefined
    return ring.filter((frame) => frame.seq > seq || frame.hint > hint).map((frame) => frame.bytes)
  }

  return {
    ready: async () => {
      await started
      if (!state) await pull()
    },
    state: () => state,
    join: async (viewer, after) => {
      await started
      const frames = missed(after)
      viewer.push(
        encoder.encode(
          `retry: ${1000 + Math.floor(Math.random() * 2000)}\nevent: ping\ndata: ${clock.now().getTime()}\n\n`,
        ),
      )
      if (frames) for (const frame of frames) viewer.push(frame)
      else viewer.push(frameOf('reset', `${state?.seq ?? 0}.${hintSeq}`, '1'))
      viewers.add(viewer)
      return () => viewers.delete(viewer)
    },
    viewers: () => viewers.size,
    framesBuilt: () => built,
    drain: () => {
      for (const viewer of viewers) {
        viewer.push(encoder.encode(`retry: ${1000 + Math.floor(Math.random() * 4000)}\n\n`))
        viewer.close()
      }
      viewers.clear()
    },
    close: async () => {
      closed = true
      clearInterval(poll)
      clearInterval(ping)
      const client = listener
      listener = undefined
      await client?.end().catch(() => undefined)
      await rounds.stop()
    },
  }
}
