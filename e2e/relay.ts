import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Relay passes a console's bytes on from a port of its own, so that a journey can cut the line and mend it. */
export type Relay = {
  readonly url: string
  readonly cut: () => Promise<void>
  readonly mend: () => Promise<void>
  readonly close: () => Promise<void>
}

/** openRelay starts a relay in front of the console at `target`. */
export async function openRelay(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let server: Server | undefined
  let ownPort = 0

  const mend = async (): Promise<void> => {
    const fresh = createServer((socket) => {
      const beyond = connect(Number(port), hostname)
      for (const end of [socket, beyond]) {
        sockets.add(end)
        end.on('error', () => end.destroy())
        end.on('close', () => sockets.delete(end))
      }
      socket.pipe(beyond).pipe(socket)
    })
    await new Promise<void>((resolve) => fresh.listen(ownPort, '127.0.0.1', resolve))
    ownPort = (fresh.address() as AddressInfo).port
    server = fresh
  }
  const cut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      if (server === undefined) resolve()
      else server.close(() => resolve())
    })
    for (const socket of sockets) socket.destroy()
    await closed
    server = undefined
  }
  await mend()
  return { url: `http://127.0.0.1:${ownPort}`, cut, mend, close: cut }
}
