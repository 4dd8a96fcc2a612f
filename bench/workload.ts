import { callerOf, declareIncident } from './commands'
import { deliverAlerts } from './incident-seed'
import type { Rig } from './rig'
import { signIn } from './sign-in'

const ALERTS = 2_000
const INCIDENTS = 20

/** WORKLOAD_W says what the large workload is. */
export const WORKLOAD_W =
  'W: 10,000 GPUs on 2,000 instances, 200 queues, 1,000 GPUs changing per 5 s cycle through Prometheus, 40 agents pushing every 12 s; ' +
  `${ALERTS} open alerts of 40 rules, ${INCIDENTS} open incidents, each with its triage; ` +
  'production build, real Postgres, real worker and web, simulated world, all on this machine'

/** seedWorkload opens the alerts and incidents of W; the rig needs the hooks' environment. */
export async function seedWorkload(rig: Rig): Promise<void> {
  await deliverAlerts(rig, { alerts: ALERTS, rules: 40 })
  const caller = { ...callerOf(rig), cookie: await signIn(rig.base, 'ana') }
  for (let number = 1; number <= INCIDENTS; number += 1)
    await declareIncident(caller, `Inference slow in part ${number} of the fleet`)
}
