import http from 'node:http'
import { gunzipSync } from 'node:zlib'
import { stateOf } from '../lib/health/state'
import type { Snapshot } from '../lib/health/wire'
import { monotonicMs, pause } from './clock'
import { frameReader, seqOf } from './frames'
import { newTrack, noteDelta, noteReset, type Track } from './gaps'
import { ACCEPTS, isPacked } from './snapshot'
import type { Answer, Ask, Match, Opened, Stormed } from './viewers'

// One process holds all viewers, so that the console's process measures nobody but itself. Arrival times are of the
// machine's monotonic clock; only the first viewer reads payloads, the others the head of each event.

type Viewer = { readonly track: Track; close: () => void; lastId: string; bytes: number }
type Delta = {
  readonly gpus?: { readonly i: readonly number[]; readonly c: { readonly rating?: readonly number[] } }
}

const RAMP = 50
const viewers: Viewer[] = []
const arrivals = new Map<number, Float64Array>()
let ended = 0
let watched: { readonly match: Match; readonly found: (seq: number) => void } | undefined
const sweeps: {
  readonly seq: number
  readonly atMs: number
  readonly bytes: number
  readonly gpus: number
}[] = []

function arrived(index: number, seq: number): void {
  let times = arrivals.get(seq)
  if (!times) {
    times = new Float64Array(viewers.length)
    arrivals.set(seq, times)
    if (arrivals.size > 400) arrivals.delete(arrivals.keys().next().value ?? -1)
  }
  times[index] = monotonicMs()
}

function isMatch(match: Match, text: string): boolean {
  if (match.kind === 'text') return text === match.text
  const { gpus } = JSON.parse(text) as Delta
  const at = gpus?.i.indexOf(match.row) ?? -1
  return at >= 0 && gpus?.c.rating?.[at] === match.rating
}

function lead(seq: number, text: string): void {
  const atMs = monotonicMs()
  if (watched && isMatch(watched.match, text)) {
    const { found } = watched
    watched = undefined
    found(seq)
  }
  if (text.includes('"dcgmSweep"')) {
    const { gpus } = JSON.parse(text) as Delta
    sweeps.push({ seq, atMs, bytes: text.length, gpus: gpus?.i.length ?? 0 })
  }
}

function get(
  url: string,
  headers: http.OutgoingHttpHeaders,
  agent: http.Agent | false,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.get(url, { headers, agent }, resolve).on('error', reject)
  })
}

async function openOne(index: number, ask: Extract<Ask, { kind: 'open' }>, after = ''): Promise<void> {
  const viewer: Viewer = { track: newTrack(), close: () => undefined, lastId: after, bytes: 0 }
  viewers[index] = viewer
  const reader = frameReader({ keepData: index === 0 }, (frame) => {
    if (frame.id !== '') viewer.lastId = frame.id
    if (frame.event === 'reset') noteReset(viewer.track, seqOf(frame.id))
    if (frame.event !== 'delta') return
    const seq = seqOf(frame.id)
    arrived(index, seq)
    noteDelta(viewer.track, seq)
    if (index === 0) lead(seq, frame.data ?? '')
  })
  const query = after === '' ? '' : `?after=${encodeURIComponent(after)}`
  const response = await get(`${ask.url}${query}`, { cookie: ask.cookie }, false)
  if (response.statusCode !== 200) throw new Error(`${ask.url} answered ${response.statusCode}`)
  viewer.close = () => response.destroy()
  await new Promise<void>((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      viewer.bytes += chunk.length
      reader.push(chunk)
      resolve()
    })
    response.on('error', reject)
    response.on('close', () => {
      ended += 1
      reject(new Error('the stream ended before its first byte'))
    })
  })
}

async function inRamp(count: number, ramp: number, one: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next
      next += 1
      await one(index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(count, ramp) }, work))
}

async function open(ask: Extract<Ask, { kind: 'open' }>): Promise<Opened> {
  const startedMs = monotonicMs()
  viewers.length = ask.count
  await inRamp(ask.count, RAMP, (index) => openOne(index, ask))
  return { openMs: monotonicMs() - startedMs }
}

function closeAll(): void {
  for (const viewer of viewers) viewer?.close()
  viewers.length = 0
  arrivals.clear()
}

async function fetchWhole(ask: Extract<Ask, { kind: 'storm' }>, agent: http.Agent): Promise<Buffer> {
  const response = await get(ask.snapshotUrl, { cookie: ask.cookie, ...ACCEPTS }, agent)
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  if (response.statusCode !== 200) throw new Error(`${ask.snapshotUrl} answered ${response.statusCode}`)
  const body = Buffer.concat(chunks)
  if (!isPacked(response.headers)) throw new Error('the snapshot did not come packed')
  return body
}

async function storm(ask: Extract<Ask, { kind: 'storm' }>): Promise<Stormed> {
  const ids = viewers.map((viewer) => viewer.lastId)
  closeAll()
  await pause(300)
  viewers.length = ask.count
  const agent = new http.Agent({ keepAlive: true, maxSockets: ask.count })
  const startedMs = monotonicMs()
  const bodies: Buffer[] = []
  const doneMs: number[] = []
  const openedMs: number[] = []
  await inRamp(ask.count, ask.count, async (index) => {
    const stream = openOne(index, { ...ask, kind: 'open' }, ids[index]).then(() => {
      openedMs.push(monotonicMs() - startedMs)
    })
    const [body] = await Promise.all([fetchWhole(ask, agent), stream])
    bodies.push(body)
    doneMs.push(monotonicMs() - startedMs)
  })
  agent.destroy()
  const [first = Buffer.alloc(0)] = bodies
  const decodeStartedMs = monotonicMs()
  const state = stateOf(JSON.parse(gunzipSync(first).toString('utf8')) as Snapshot)
  return {
    doneMs,
    openedMs,
    snapshotBytes: Math.max(...bodies.map((body) => body.length)),
    decodeMs: monotonicMs() - decodeStartedMs,
    gpus: state.gpus.count,
    empty: bodies.filter((body) => body.length === 0).length,
  }
}

async function timesOf(seq: number, timeoutMs: number): Promise<number[]> {
  const deadline = monotonicMs() + timeoutMs
  for (;;) {
    const times = arrivals.get(seq)
    if (times?.every((time) => time > 0)) return [...times]
    if (monotonicMs() > deadline) return times ? [...times].filter((time) => time > 0) : []
    await pause(5)
  }
}

async function answer(ask: Ask): Promise<Answer> {
  switch (ask.kind) {
    case 'open':
      return { kind: 'opened', ...(await open(ask)) }
    case 'storm':
      return { kind: 'stormed', ...(await storm(ask)) }
    case 'watch':
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          watched = undefined
          resolve({ kind: 'times', seq: -1, times: [] })
        }, ask.timeoutMs)
        watched = {
          match: ask.match,
          found: (seq) => {
            clearTimeout(timer)
            timesOf(seq, 5_000).then((times) => resolve({ kind: 'times', seq, times }))
          },
        }
      })
    case 'state':
      return {
        kind: 'state',
        viewers: viewers.length,
        ended,
        tracks: viewers.map((viewer) => viewer.track),
        bytes: viewers.reduce((sum, viewer) => sum + viewer.bytes, 0),
        sweeps: sweeps.splice(0),
      }
    case 'close':
      closeAll()
      return { kind: 'closed' }
    default:
      return ask satisfies never
  }
}

process.on('message', (message: { readonly id: number; readonly ask: Ask }) => {
  answer(message.ask).then(
    (reply) => process.send?.({ id: message.id, answer: reply }),
    (error: unknown) => process.send?.({ id: message.id, problem: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
