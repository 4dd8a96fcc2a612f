import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** PlainDoor answers a request by itself, on the bare HTTP server beside the framework. */
export type PlainDoor = (request: IncomingMessage, response: ServerResponse) => Promise<void>

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? ''
}

/** The door of exactly this path, else the one of the nearest folder that takes all below it. */
function doorOf(doors: ReadonlyMap<string, PlainDoor>, request: IncomingMessage): PlainDoor | undefined {
  const path = pathOf(request)
  const exact = doors.get(`${request.method} ${path}`)
  if (exact) return exact
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const door = doors.get(`${request.method} ${path.slice(0, end)}/*`)
    if (door) return door
  }
  return undefined
}

/** Longer than any proxy or client keeps a connection that it means to use again: who closes first must not be the one that is asked. */
const KEEP_ALIVE_MS = 75_000

function wrap(server: Server, doors: ReadonlyMap<string, PlainDoor>): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.headersTimeout = KEEP_ALIVE_MS + 5_000
  const behind = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const door = doorOf(doors, request)
    if (!door) {
      for (const listener of behind) listener.call(server, request, response)
      return
    }
    door(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
}

/**
 * openPlainDoors serves these (`METHOD /path`, or `METHOD /path/*` for all below it) before the framework sees them: hundreds of streams, or a storm of alerts,
 * cost a tenth of the memory and of the time that they cost as route handlers. Every HTTP server of the process is wrapped at its first request.
 */
export function openPlainDoors(doors: ReadonlyMap<string, PlainDoor>): void {
  const wrapped = new WeakSet<Server>()
  subscribe('http.server.request.start', (message) => {
    const { server } = message as { readonly server: Server }
    if (wrapped.has(server)) return
    wrapped.add(server)
    wrap(server, doors)
  })
}
