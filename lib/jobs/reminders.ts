import { publicUrlOf } from '../connect-mail'
import type { Console } from '../console'
import { wakeConsoles } from '../live/wake'
import { createRounds } from '../platform/rounds'
import { advanceReminders } from '../reminders/advance'
import { DEFAULT_REMINDERS_POLICY } from '../reminders/policy'
import { writeHints } from '../run'
import type { Job } from './runner'

const NAME = 'reminders'
const EVERY_MS = 2_000

/** remindersJob calls for updates that were promised: a nudge, a mention, a page, each once, until one is published. */
export function remindersJob(app: Console): Job {
  return {
    name: NAME,
    start: async ({ epoch, held }) => {
      const room = {
        hot: app.hot,
        policy: DEFAULT_REMINDERS_POLICY,
        lease: { name: NAME, epoch },
        baseUrl: publicUrlOf(app),
        hint: (sql: Parameters<typeof writeHints>[0], incidentId: string, now: Date) =>
          writeHints(
            sql,
            [
              { topic: 'reminders', ref: incidentId },
              { topic: 'incidents', ref: incidentId },
            ],
            now,
          ),
        told: () => wakeConsoles(app.hot),
      }
      const rounds = createRounds(
        async () => {
          if (held()) await advanceReminders(room, app.clock.now())
        },
        (error) => app.log.warn({ err: error }, 'promised updates could not be looked at'),
      )
      const timer = setInterval(rounds.tick, EVERY_MS)
      return async () => {
        clearInterval(timer)
        await rounds.stop()
      }
    },
  }
}
