import { createConsole, setConsole } from '../lib/console'
import { rolloutsJob } from '../lib/jobs/rollouts'
import { runJob } from '../lib/jobs/runner'

// A worker with one of its jobs: the same lease, the same code, so that it can be killed without the rest of the product.
const console = createConsole({ name: 'worker', dbConnections: 4 })
setConsole(console)
const stop = runJob(console, rolloutsJob(console))

process.on('SIGTERM', () => {
  stop()
    .then(() => console.close())
    .finally(() => process.exit(0))
})
console.log.info({ pid: process.pid }, 'worker ready')
