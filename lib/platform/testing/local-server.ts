import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Handler answers one request of a local server; `body` is the whole request body. */
export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** LocalServer is a real HTTP server on loopback for one test. */
export type LocalServer = {
  readonly url: string
  readonly port: number
  /** answer replaces what the server says from now on. */
  readonly answer: (handler: Handler) => void
  readonly requests: readonly {
    readonly method: string
    readonly path: string
    readonly headers: IncomingMessage['headers']
    readonly body: string
  }[]
  readonly close: () => Promise<void>
}

/** startLocalServer listens on a free loopback port and answers 404 until told otherwise. */
export async function startLocalServer(initial?: Handler): Promise<LocalServer> {
  let handler: Handler = initial ?? ((_request, response) => response.writeHead(404).end())
  const requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
      handler(request, response, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    answer: (next) => {
      handler = next
    },
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** json answers with a status and a JSON body. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
}

/** plain answers with a status and a text of the given type. */
export function plain(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body)
  }
}

/** Fault is one way in which a source misbehaves, with the reasons that a call may then give. */
export type Fault = {
  readonly name: string
  readonly handler: Handler
  readonly why: readonly string[]
}

/** FAULTS are the ways in which every HTTP source must fail without a throw and with an honest reason. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'malformed JSON',
    handler: plain('{"instances": [', 200, { 'content-type': 'application/json' }),
    why: ['schema_mismatch'],
  },
  {
    name: 'an empty body',
    handler: plain('', 200, { 'content-type': 'application/json' }),
    why: ['schema_mismatch'],
  },
  {
    name: 'a web page with 200',
    handler: plain('<!doctype html><title>Sign in</title>', 200, { 'content-type': 'text/html' }),
    why: ['schema_mismatch'],
  },
  { name: 'JSON of another type', handler: json('surprise'), why: ['schema_mismatch'] },
  { name: 'a JSON list', handler: json([1, 2]), why: ['schema_mismatch'] },
  { name: 'an empty object', handler: json({}), why: ['schema_mismatch', 'source_error'] },
  {
    name: '401',
    handler: json({ error: 'auth_error', msg: 'Invalid user key' }, 401),
    why: ['source_refused'],
  },
  { name: '403', handler: plain('Forbidden', 403), why: ['source_refused'] },
  { name: '429 in plain text', handler: plain('API requests too frequent', 429), why: ['rate_limited'] },
  { name: '500', handler: plain('Internal Server Error', 500), why: ['source_error'] },
  {
    name: '503 as a web page',
    handler: plain('<h1>503</h1>', 503, { 'content-type': 'text/html' }),
    why: ['source_error'],
  },
  {
    name: 'a redirect to a sign-in page',
    handler: plain('', 302, { location: 'http://127.0.0.1:1/login' }),
    why: ['source_error'],
  },
  { name: 'silence', handler: () => undefined, why: ['source_unreachable'] },
  { name: 'half a body', handler: halfBody, why: ['source_unreachable'] },
  {
    name: 'a connection cut before the answer',
    handler: (request) => request.socket.destroy(),
    why: ['source_unreachable'],
  },
  { name: '200 MB', handler: endless, why: ['schema_mismatch'] },
]

function halfBody(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
  response.write('{"instances":[{"id":1}', () => response.destroy())
}

const BIG_BYTES = 200 * 1024 * 1024

function endless(_request: IncomingMessage, response: ServerResponse): void {
  const chunk = Buffer.alloc(256 * 1024, 0x20)
  let left = BIG_BYTES
  response.writeHead(200, { 'content-type': 'application/json' })
  const pump = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length
      if (!response.write(chunk)) {
        response.once('drain', pump)
        return
      }
    }
    response.end()
  }
  response.on('error', () => undefined)
  pump()
}
