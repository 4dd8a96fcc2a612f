import type { AlertsPolicy } from '../alerts/policy'
import type { Console } from '../console'
import { advanceAlertLinks } from '../incidents/alert-links-advance'
import { isUnavailable } from '../platform/db'
import { createRounds } from '../platform/rounds'
import type { Job } from './runner'

const NAME = 'incident-alerts'

/** incidentAlertsJob links alerts that fire to the open incidents that they belong to, as the policy says. */
export function incidentAlertsJob(app: Console, policy: () => AlertsPolicy): Job {
  return {
    name: NAME,
    start: async ({ epoch, held }) => {
      const rounds = createRounds(
        async () => {
          if (!held()) return
          const { linking, heartbeat } = policy()
          await advanceAlertLinks(
            app,
            { policy: linking, heartbeat: heartbeat.alertname, lease: { name: NAME, epoch } },
            app.clock.now(),
          )
        },
        (error) => {
          if (isUnavailable(error)) app.log.warn({ err: error }, 'alerts could not be linked to incidents')
          else app.log.error({ err: error }, 'alerts could not be linked to incidents')
        },
      )
      const timer = setInterval(rounds.tick, policy().linking.everySeconds * 1_000)
      return async () => {
        clearInterval(timer)
        await rounds.stop()
      }
    },
  }
}
