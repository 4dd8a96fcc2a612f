import { createServer } from 'node:net'
import { Failure } from './checkout.mjs'

const PORTS_TRIED = 50

/** isPortFree tells whether a TCP port on 127.0.0.1 can be listened on right now. */
export function isPortFree(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** freePort returns a port on 127.0.0.1 that the system picked and that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** firstFreePort returns the wanted port, or the next free one above it; `taken` are ports already promised away. */
export async function firstFreePort(wanted, taken = []) {
  for (let port = wanted; port < wanted + PORTS_TRIED && port < 65_536; port++)
    if (!taken.includes(port) && (await isPortFree(port))) return port
  throw new Failure(
    `no free port between ${wanted} and ${wanted + PORTS_TRIED - 1}`,
    'end what listens there, or choose another start with --port N',
  )
}
