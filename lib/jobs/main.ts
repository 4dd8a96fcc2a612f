import { createConsole, setConsole } from '../console'
import { channelsFromEnvironment } from '../delivery/environment-load'
import { startRunbookWatch } from '../runbooks/load-watch'
import { actionItemsJob } from './action-items'
import { actionsJob } from './actions'
import { alertsJob, alertsPolicyOf, startAlertInbox } from './alerts'
import { collectorJob } from './collector'
import { deliveryJob } from './delivery'
import { deploymentsJob } from './deployments'
import { drillsJob } from './drills'
import { evidenceJob } from './evidence'
import { housekeepingJob } from './housekeeping'
import { incidentAlertsJob } from './incident-alerts'
import { lettersJob } from './letters'
import { listen } from './listen'
import { migrationsJob } from './migrations'
import { publicationsJob } from './publications'
import { remindersJob } from './reminders'
import { rolloutsJob } from './rollouts'
import { runJob } from './runner'
import { statusJob } from './status'
import { subscribersJob } from './subscribers'
import { forestReader } from './triage'

const console = createConsole({ name: 'worker', dbConnections: 4 })
setConsole(console)
const { log } = console

const runbooks = await startRunbookWatch(console)
const stopListening = await listen(console, {
  name: 'worker-runbooks',
  channels: ['watchfloor_runbooks'],
  on: () => void runbooks.look(),
  onProblem: (error) => log.warn({ err: error }, 'approved runbooks are found at the next look only'),
})
const alertsPolicy = alertsPolicyOf(runbooks.current)
const alerts = alertsJob(console, {
  policy: alertsPolicy,
  onChange: () => inbox.drain.markChanged(),
})
const inbox = startAlertInbox(console, { policy: alertsPolicy, onTruncated: alerts.pollSoon })

await channelsFromEnvironment(console).catch((error: unknown) =>
  log.error({ err: error }, 'the channels that the environment names could not be taken over'),
)

const stops = [
  runJob(
    console,
    collectorJob(console, () => runbooks.current().health, forestReader(runbooks.current)),
  ),
  runJob(console, housekeepingJob(console)),
  runJob(console, drillsJob(console)),
  runJob(console, deploymentsJob(console)),
  runJob(console, alerts),
  runJob(console, incidentAlertsJob(console, alertsPolicy)),
  runJob(console, actionsJob(console)),
  runJob(console, statusJob(console)),
  runJob(console, deliveryJob(console)),
  runJob(console, evidenceJob(console, runbooks.current)),
  runJob(console, subscribersJob(console)),
  runJob(console, remindersJob(console)),
  runJob(console, publicationsJob(console)),
  runJob(console, rolloutsJob(console)),
  runJob(console, actionItemsJob(console)),
  runJob(console, lettersJob(console)),
  runJob(console, migrationsJob(console)),
  inbox.stop,
  stopListening,
  runbooks.stop,
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
