import type { AlertsPolicy } from '../alerts/policy'
import type { Console } from '../console'
import { advanceAlertLinks } from '../incidents/alert-links-advance'
import { isUnavailable } from '../platform/db'
import type { Job } from './runner'

const NAME = 'incident-alerts'

/** incidentAlertsJob links alerts that fire to the open incidents that they belong to, as the policy says. */
export function incidentAlertsJob(app: Console, policy: () => AlertsPolicy): Job {
  return {
    name: NAME,
    start: async ({ epoch, held }) => {
      let working: Promise<void> | undefined
      async function look(): Promise<void> {
        const { linking, heartbeat } = policy()
        try {
          await advanceAlertLinks(
            app,
            { policy: linking, heartbeat: heartbeat.alertname, lease: { name: NAME, epoch } },
            app.clock.now(),
          )
        } catch (error) {
          if (isUnavailable(error)) app.log.warn({ err: error }, 'alerts could not be linked to incidents')
          else app.log.error({ err: error }, 'alerts could not be linked to incidents')
        }
      }
      const timer = setInterval(() => {
        if (!held()) return
        working ??= look().finally(() => {
          working = undefined
        })
      }, policy().linking.everySeconds * 1_000)
      return async () => {
        clearInterval(timer)
        await working
      }
    },
  }
}
