import { createConsole, setConsole } from '../console'
import { createRunbooks } from '../runbooks/load'
import { alertsJob, alertsPolicyOf, startAlertInbox } from './alerts'
import { collectorJob } from './collector'
import { housekeepingJob } from './housekeeping'
import { runJob } from './runner'

const console = createConsole({ name: 'worker', dbConnections: 4 })
setConsole(console)
const { log } = console

const runbooks = await createRunbooks({ dir: console.env.WATCHFLOOR_RUNBOOKS, now: console.clock.now() })
for (const problem of runbooks.problems())
  log.error({ problem }, 'runbook file refused; the last good one stays')

const alertsPolicy = alertsPolicyOf(runbooks.current)
const alerts = alertsJob(console, {
  policy: alertsPolicy,
  onChange: () => inbox.drain.markChanged(),
})
const inbox = startAlertInbox(console, { policy: alertsPolicy, onTruncated: alerts.pollSoon })

const stops = [
  runJob(
    console,
    collectorJob(console, () => runbooks.current().health),
  ),
  runJob(console, housekeepingJob(console)),
  runJob(console, alerts),
  inbox.stop,
]

let ending = false
async function end(signal: NodeJS.Signals): Promise<void> {
  if (ending) return
  ending = true
  log.info({ signal }, 'worker stopping')
  await Promise.allSettled(stops.map((stop) => stop()))
  await console.close()
  process.exit(0)
}

process.on('SIGTERM', (signal) => void end(signal))
process.on('SIGINT', (signal) => void end(signal))
process.on('unhandledRejection', (error) => {
  log.fatal({ err: error }, 'unhandled rejection')
  process.exit(1)
})
log.info({ pid: process.pid }, 'worker ready')
