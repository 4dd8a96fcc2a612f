import { createConsole, setConsole } from '../lib/console'
import { deliveryJob } from '../lib/jobs/delivery'
import { runJob } from '../lib/jobs/runner'

// A worker with one of its jobs: the same lease, the same code, so that it can be killed without the rest of the product.
const console = createConsole({ name: 'worker', dbConnections: 2 })
setConsole(console)
const stop = runJob(console, deliveryJob(console))

process.on('SIGTERM', () => {
  stop()
    .then(() => console.close())
    .finally(() => process.exit(0))
})
console.log.info({ pid: process.pid }, 'worker ready')
