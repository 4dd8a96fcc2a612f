import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Hub, Viewer } from './hub'

const MAX_WAITING_BYTES = 4 * 1024 * 1024
const RECHECK_MS = 15_000
const LIFETIME_MS = 15 * 60_000

function afterOf(request: IncomingMessage): string | undefined {
  const header = request.headers['last-event-id']
  if (typeof header === 'string') return header
  return new URL(request.url ?? '/', 'http://local').searchParams.get('after') ?? undefined
}

/**
 * streamLive is the stream of one browser: at most 4 MiB unread (then it is closed and resumes by snapshot), the session
 * checked again every 15 s, and a life of at most 15 min with jitter. Resumes after `Last-Event-ID` or `?after=`.
 */
export async function streamLive(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
  options: {
    readonly hub: Hub
    readonly headers: Readonly<Record<string, string>>
    readonly stillAllowed: () => Promise<boolean>
  },
): Promise<void> {
  const { request, response } = exchange
  request.socket.setNoDelay(true)
  request.socket.setTimeout(0)
  response.writeHead(200, {
    ...options.headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  const viewer: Viewer = {
    push(bytes) {
      if (response.writableEnded || response.writableLength > MAX_WAITING_BYTES) return false
      response.write(bytes)
      return true
    },
    close: () => response.end(),
  }
  const recheck = setInterval(() => {
    options
      .stillAllowed()
      .then((allowed) => {
        if (!allowed) response.end()
      })
      .catch(() => undefined)
  }, RECHECK_MS)
  const lifetime = setTimeout(() => response.end(), LIFETIME_MS * (0.8 + Math.random() * 0.2))
  const leave = await options.hub.join(viewer, afterOf(request))
  response.on('close', () => {
    clearInterval(recheck)
    clearTimeout(lifetime)
    leave()
  })
  if (response.closed) response.emit('close')
}
