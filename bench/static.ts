import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Static serves a few pages from memory on loopback. */
export type Static = { readonly base: string; readonly close: () => void }

/** serveStatic answers each path with its content; everything else is 404. */
export async function serveStatic(
  pages: Readonly<Record<string, { readonly type: string; readonly body: string | Buffer }>>,
): Promise<Static> {
  const server = createServer((incoming, outgoing) => {
    const page = pages[incoming.url ?? '']
    if (!page) return outgoing.writeHead(404).end()
    outgoing.writeHead(200, { 'content-type': page.type }).end(page.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
