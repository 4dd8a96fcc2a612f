import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// One constant answer of the protocol over bare HTTP: what an SDK costs here, it costs by itself.
const text = JSON.stringify({
  key: 'bench-flag',
  value: true,
  variant: 'new',
  reason: 'SPLIT',
  metadata: { percent: 50, version: 2 },
})
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
const server = createServer((asked, answer) => {
  asked.resume().once('end', () => answer.writeHead(200, headers).end(text))
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`)
})
process.on('SIGTERM', () => process.exit(0))
