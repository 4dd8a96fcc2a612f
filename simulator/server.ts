import http from 'node:http'
import https from 'node:https'
import type { SimClock } from './clock'
import { type Faults, HUGE_BODY_BYTES, slowMs, spoil } from './faults'
import type { Reply, SimRequest } from './reply'
import type { SourceName } from './scenario-events'

export type Source = {
  readonly name: SourceName | 'control'
  readonly prefix: string
  handle(request: SimRequest, offsetMs: number): Reply
}

type Served = {
  readonly sources: readonly Source[]
  readonly faults: Faults
  readonly clock: SimClock
}

const MAX_BODY_BYTES = 4 * 1024 * 1024
const HUGE_CHUNK = Buffer.alloc(1024 * 1024, 0x20)

export function createHttpServer(running: () => Served): http.Server {
  return http.createServer(listener(running, ''))
}

/** One source alone, at the root of an address of its own, with TLS: clients send a token over nothing less. */
export function createTlsServer(
  running: () => Served,
  options: https.ServerOptions & { readonly source: SourceName },
): https.Server {
  return https.createServer(options, listener(running, `/${options.source}`))
}

function listener(running: () => Served, prefix: string): http.RequestListener {
  return (incoming, outgoing) => {
    serve(running(), incoming, outgoing, prefix).catch((error: unknown) => {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
      process.stderr.write(`${incoming.method ?? ''} ${incoming.url ?? ''} failed: ${reason}\n`)
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'text/plain' })
      outgoing.end('the simulator failed; its log says why\n')
    })
  }
}

async function serve(
  { sources, faults, clock }: Served,
  incoming: http.IncomingMessage,
  outgoing: http.ServerResponse,
  prefix: string,
): Promise<void> {
  const url = new URL(`${prefix}${incoming.url ?? '/'}`, 'http://simulator')
  const source = sources.find(
    ({ prefix }) => url.pathname === prefix || url.pathname.startsWith(`${prefix}/`),
  )
  if (source === undefined)
    return send(outgoing, { status: 404, type: 'text/plain', body: 'no such source\n' })
  const bytes = await bodyOf(incoming)
  const request: SimRequest = {
    method: incoming.method ?? 'GET',
    path: url.pathname.slice(source.prefix.length) || '/',
    query: url.searchParams,
    headers: headersOf(incoming),
    body: bytes.toString('utf8'),
    bytes,
    remote: incoming.socket.remoteAddress ?? '',
  }
  const nowMs = clock.offsetMs()
  const fault = source.name === 'control' ? undefined : faults.find(source.name, request, nowMs)
  if (fault === undefined) return send(outgoing, source.handle(request, nowMs))
  switch (fault.event.fault) {
    case 'refused':
      incoming.socket.destroy()
      return
    case 'blackhole':
      return
    case 'huge':
      return sendHuge(outgoing)
    case 'stale':
      return send(outgoing, source.handle(request, Math.min(nowMs, fault.fromMs)))
    case 'slow':
      await pause(slowMs(fault.event))
      return send(outgoing, source.handle(request, clock.offsetMs()))
    case 'answer-lost':
      source.handle(request, nowMs)
      incoming.socket.destroy()
      return
    case 'truncated':
      return sendCut(
        outgoing,
        spoil(fault.event, () => source.handle(request, nowMs)),
      )
    default:
      return send(
        outgoing,
        spoil(fault.event, () => source.handle(request, nowMs)),
      )
  }
}

function headersOf(incoming: http.IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
}

async function bodyOf(incoming: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MAX_BODY_BYTES) break
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

async function send(outgoing: http.ServerResponse, reply: Reply): Promise<void> {
  if (reply.delayMs !== undefined) await pause(reply.delayMs)
  if (reply.close === true) {
    outgoing.socket?.destroy()
    return
  }
  if (reply.stream !== undefined) return sendStream(outgoing, reply, reply.stream)
  const body = Buffer.from(reply.body, 'utf8')
  outgoing.writeHead(reply.status, {
    'content-type': reply.type,
    'content-length': body.length,
    'cache-control': 'no-store',
    ...reply.headers,
  })
  outgoing.end(body)
}

function sendStream(outgoing: http.ServerResponse, reply: Reply, stream: NonNullable<Reply['stream']>): void {
  outgoing.writeHead(reply.status, {
    'content-type': reply.type,
    'cache-control': 'no-store',
    ...reply.headers,
  })
  outgoing.flushHeaders()
  stream({
    write: (text) => void outgoing.write(text),
    end: () => void outgoing.end(),
    onClose: (callback) => void outgoing.once('close', callback),
  })
}

/** Half a body under the length of the whole, then a dead connection. */
function sendCut(outgoing: http.ServerResponse, reply: Reply): void {
  if (reply.close === true) {
    outgoing.socket?.destroy()
    return
  }
  outgoing.writeHead(reply.status, {
    'content-type': reply.type,
    'content-length': Buffer.byteLength(reply.body) * 2,
  })
  outgoing.write(reply.body, () => outgoing.socket?.destroy())
}

async function sendHuge(outgoing: http.ServerResponse): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'application/json' })
  for (let sent = 0; sent < HUGE_BODY_BYTES && !outgoing.destroyed; sent += HUGE_CHUNK.length) {
    if (!outgoing.write(HUGE_CHUNK)) await drained(outgoing)
  }
  outgoing.end()
}

function drained(outgoing: http.ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done)
      outgoing.off('close', done)
      resolve()
    }
    outgoing.on('drain', done)
    outgoing.on('close', done)
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
