import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Planter gives the next text to plant. */
export type Planter = () => string

/** Texts of the sources' answers that nobody reads as a name or a number. */
const TEXTS = new Set([
  'status_msg',
  'message',
  'description',
  'lastError',
  'note',
  'detail',
  'error',
  'body',
  'impact_override',
])
const MAPS = new Set(['annotations'])
const MOST = 6

/** plantIn puts secrets where such things turn up in a source's JSON: environment, labels, annotations, messages. */
export function plantIn(value: unknown, next: Planter, left = { count: MOST }): unknown {
  if (Array.isArray(value)) return value.map((item) => plantIn(item, next, left))
  if (value === null || typeof value !== 'object') return value
  const planted: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    if (left.count > 0 && TEXTS.has(key) && typeof item === 'string') {
      left.count -= 1
      planted[key] = `${item} ${next()}`
    } else if (left.count > 0 && MAPS.has(key) && typeof item === 'object' && item !== null) {
      left.count -= 1
      planted[key] = { ...item, 'example.com/note': next() }
    } else if (left.count > 0 && key === 'label' && (typeof item === 'string' || item === null)) {
      left.count -= 1
      planted[key] = `${item ?? 'gpu'} ${next()}`
    } else planted[key] = plantIn(item, next, left)
  }
  if ('actual_status' in value) {
    planted.extra_env = [['VAST_API_KEY', next()]]
    planted.onstart = `export ${next()}`
    planted.status_msg = `failed: ${next()}`
  }
  if ('image' in value && 'name' in value) planted.env = [{ name: 'VAST_API_KEY', value: next() }]
  return planted
}

/** plantingProxy stands before a source and plants secrets into what it answers: in JSON, in logs, and in the text of errors. */
export async function plantingProxy(
  target: string,
  next: Planter,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void forward(Buffer.concat(chunks)).catch(() => response.destroy())
    })
    async function forward(body: Buffer): Promise<void> {
      const { 'accept-encoding': _packed, host: _host, connection: _connection, ...headers } = request.headers
      const isRead = request.method === 'GET' || request.method === 'HEAD'
      const answer = await fetch(`${target}${request.url}`, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(isRead ? {} : { body: new Uint8Array(body) }),
      })
      const text = await answer.text()
      const type = answer.headers.get('content-type') ?? 'text/plain'
      // The credit is refused, with an error text that tells too much.
      const isRefused = request.url?.includes('/users/current') === true
      response.writeHead(isRefused ? 500 : answer.status, { 'content-type': type })
      response.end(
        isRefused
          ? JSON.stringify({ msg: `bad credential ${next()}` })
          : planted(text, type, request.url ?? ''),
      )
    }
  })
  function planted(text: string, type: string, url: string): string {
    if (url.includes('/log?')) return `${text}${new Date().toISOString()} ERROR refused ${next()}\n`
    if (!type.includes('json')) return text
    try {
      return JSON.stringify(plantIn(JSON.parse(text), next))
    } catch {
      return text
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
