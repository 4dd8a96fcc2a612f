import type { Console } from '../console'
import { advanceDrill, hasDrill } from '../drills/advance'
import { wakeConsoles } from '../live/wake'
import { createRounds } from '../platform/rounds'
import { sqlOf } from '../platform/sql'
import { writeHints } from '../run'
import type { Job } from './runner'

const EVERY_MS = 500

/** drillsJob plays the drill that goes on: it loads the world, lets events happen when they are due, and ends it. */
export function drillsJob(app: Console): Job {
  return {
    name: 'drills',
    start: async ({ held }) => {
      const stage = {
        get db() {
          return app.db
        },
        reach: app.reachWorld,
        hint: (tx: Parameters<typeof writeHints>[0], now: Date) =>
          writeHints(tx, [{ topic: 'drills', ref: 'current' }], now),
        told: () => wakeConsoles(app.hot),
      }
      const rounds = createRounds(
        async () => {
          if (held() && (await hasDrill(sqlOf(app.hot)))) await advanceDrill(stage, app.clock.now())
        },
        (error) => app.log.warn({ err: error }, 'the drill could not be moved on'),
      )
      const timer = setInterval(rounds.tick, EVERY_MS)
      return async () => {
        clearInterval(timer)
        await rounds.stop()
      }
    },
  }
}
