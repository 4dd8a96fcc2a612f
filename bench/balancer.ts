import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd } from './cleanup'
import { pause } from './clock'
import { isReady } from './crew'

/** Balancer leads requests to the web processes that say they are ready, as the one in front of a real installation does. */
export type Balancer = { readonly base: string; readonly stop: () => Promise<void> }

const LOOK_EVERY_MS = 250

type Backend = { readonly base: string; readonly agent: http.Agent; isUp: boolean }

/**
 * startBalancer takes turns between the processes that are up. A refused connection, and a question whose process died, go
 * to another one; a post whose process died is answered 502, because nobody knows whether it was taken.
 */
export async function startBalancer(bases: readonly string[]): Promise<Balancer> {
  const backends: Backend[] = bases.map((base) => ({
    base,
    agent: new http.Agent({ keepAlive: true }),
    isUp: true,
  }))
  let turn = 0
  let isStopped = false
  const next = (not: readonly Backend[]): Backend | undefined => {
    turn += 1
    const rotated = backends.map((_, index) => backends[(turn + index) % backends.length])
    const left = rotated.flatMap((one) => (one === undefined || not.includes(one) ? [] : [one]))
    return left.find(({ isUp }) => isUp) ?? left[0]
  }
  const watch = async (backend: Backend): Promise<void> => {
    while (!isStopped) {
      backend.isUp = await isReady(backend.base)
      await pause(LOOK_EVERY_MS)
    }
  }
  for (const backend of backends) void watch(backend)
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => forward({ request, response, body: Buffer.concat(chunks), next, tried: [] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: atEnd(async () => {
      isStopped = true
      server.closeAllConnections()
      server.close()
      for (const { agent } of backends) agent.destroy()
    }),
  }
}

type Exchange = {
  readonly request: http.IncomingMessage
  readonly response: http.ServerResponse
  readonly body: Buffer
  readonly next: (not: readonly Backend[]) => Backend | undefined
  readonly tried: readonly Backend[]
}

function forward(exchange: Exchange): void {
  const { request, response, body, next, tried } = exchange
  const backend = next(tried)
  if (!backend) {
    response.writeHead(502).end()
    return
  }
  const { hostname, port } = new URL(backend.base)
  const { method, url: path, headers } = request
  const onward = http.request({ hostname, port, method, path, headers, agent: backend.agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.on('error', () => response.destroy())
    answer.pipe(response)
  })
  onward.on('error', (error: NodeJS.ErrnoException) => {
    if (response.headersSent) return void response.destroy()
    const isUntouched = error.code === 'ECONNREFUSED'
    if (isUntouched) backend.isUp = false
    if (isUntouched || method === 'GET') forward({ ...exchange, tried: [...tried, backend] })
    else response.writeHead(502).end()
  })
  response.on('close', () => onward.destroy())
  onward.end(body)
}
