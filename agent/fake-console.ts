import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export type Delivery = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
}
export type Answer = (response: ServerResponse, delivery: Delivery) => void

/** A console on loopback that records what it is sent and answers as told. */
export type FakeConsole = {
  readonly url: string
  readonly port: number
  readonly deliveries: Delivery[]
  readonly answer: (next: Answer) => void
  readonly received: (count: number) => Promise<Delivery[]>
  readonly close: () => Promise<void>
}

const waiting = new Set<Server>()

/** accept answers 202, as the console does for a good report. */
export function accept(response: ServerResponse): void {
  response.writeHead(202, { 'content-type': 'application/json' }).end('{"accepted":true}')
}

/** openConsole listens on the port, or on a free one; with tls it speaks https. */
export async function openConsole(
  options: { port?: number; tls?: { key: string; cert: string }; answer?: Answer } = {},
): Promise<FakeConsole> {
  const deliveries: Delivery[] = []
  const watchers: (() => void)[] = []
  let answer = options.answer ?? accept
  const server: Server = options.tls ? createSecureServer(options.tls) : createServer()
  server.on('request', (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const delivery = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      }
      deliveries.push(delivery)
      answer(response, delivery)
      for (const look of [...watchers]) look()
    })
  })
  waiting.add(server)
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    deliveries,
    answer: (next) => {
      answer = next
    },
    received: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (deliveries.length < count) return
          watchers.splice(watchers.indexOf(look), 1)
          resolve(deliveries.slice(0, count))
        }
        watchers.push(look)
        look()
      }),
    close: () => closeServer(server),
  }
}

function closeServer(server: Server): Promise<void> {
  waiting.delete(server)
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

/** closeConsoles closes what a failed test left open. */
export async function closeConsoles(): Promise<void> {
  for (const server of [...waiting]) await closeServer(server)
}
