import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createConsole, setConsole } from '../lib/console'
import { PLAIN_DOORS } from '../lib/plain-doors'
import { openPlainDoors } from '../lib/platform/plain-doors'

// The doors beside the framework, as the web process opens them, without the pages.
const app = createConsole({ name: 'web' })
setConsole(app)
openPlainDoors(PLAIN_DOORS)
const server = createServer((_request, response) => response.writeHead(404).end())
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`)
})
process.on('SIGTERM', () => process.exit(0))
