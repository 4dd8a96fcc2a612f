import { advanceNags } from '../action-items/advance'
import { publicUrlOf } from '../connect-mail'
import type { Console } from '../console'
import { wakeConsoles } from '../live/wake'
import { createRounds } from '../platform/rounds'
import { writeHints } from '../run'
import type { Job } from './runner'

const NAME = 'action-items'
const EVERY_MS = 30_000

/** actionItemsJob reminds people of what they promised: two days before, on the day, and each week after it. */
export function actionItemsJob(app: Console): Job {
  return {
    name: NAME,
    start: async ({ epoch, held }) => {
      const room = {
        hot: app.hot,
        lease: { name: NAME, epoch },
        held,
        baseUrl: publicUrlOf(app),
        hint: (sql: Parameters<typeof writeHints>[0], itemId: string, now: Date) =>
          writeHints(sql, [{ topic: 'action-items', ref: itemId }], now),
        told: () => wakeConsoles(app.hot),
      }
      const rounds = createRounds(
        async () => {
          if (held()) await advanceNags(room, app.clock.now())
        },
        (error) => app.log.warn({ err: error }, 'action items could not be looked at'),
      )
      const timer = setInterval(rounds.tick, EVERY_MS)
      rounds.tick()
      return async () => {
        clearInterval(timer)
        await rounds.stop()
      }
    },
  }
}
