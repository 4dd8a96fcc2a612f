import http from 'node:http'
import { monotonicMs } from './clock'
import type { RelayAnswer } from './relay'

// Stands between the worker and the simulated Prometheus and notes when the last byte of each answer left for the worker.

const target = new URL(process.argv[2] ?? '')
const agent = new http.Agent({ keepAlive: true })

const server = http.createServer((incoming, outgoing) => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const body = Buffer.concat(chunks)
    const text = decodeURIComponent(`${incoming.url ?? ''} ${body.toString('utf8')}`.replaceAll('+', ' '))
    const upstream = http.request(
      {
        agent,
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: `${target.pathname}${incoming.url ?? ''}`,
        headers: { ...incoming.headers, host: target.host },
      },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () => {
          const whole = Buffer.concat(parts)
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          outgoing.end(whole, () => note(text, whole.length))
        })
      },
    )
    upstream.on('error', () => outgoing.destroy())
    upstream.end(body)
  })
})

function note(text: string, bytes: number): void {
  if (!text.includes('DCGM_')) return
  const answer: RelayAnswer = { kind: 'answer', bytes, atMs: monotonicMs() }
  process.send?.(answer)
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ kind: 'port', port: typeof address === 'object' ? address?.port : 0 })
})
process.on('disconnect', () => process.exit(0))
