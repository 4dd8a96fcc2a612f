import type { Console } from '../console'
import { advanceDeployments, advanceSizing, hasWaiting } from '../deployments/advance'
import { wakeConsoles } from '../live/wake'
import { createRounds } from '../platform/rounds'
import { sqlOf } from '../platform/sql'
import { writeHints } from '../run'
import type { Job } from './runner'

const NAME = 'deployments'
const EVERY_MS = 15_000
const SIZING_MS = 60_000

/** deploymentsJob looks for every waiting deployment: checks, soak, approvals; and once a minute at sizes. */
export function deploymentsJob(app: Console): Job {
  return {
    name: NAME,
    start: async ({ epoch, held }) => {
      const room = {
        console: app,
        held,
        lease: { name: NAME, epoch },
        hint: (
          tx: Parameters<typeof writeHints>[0],
          topics: readonly { topic: string; ref: string }[],
          now: Date,
        ) => writeHints(tx, topics, now),
        told: () => wakeConsoles(app.hot),
        sized: new Map<string, number>(),
      }
      const rounds = createRounds(
        async () => {
          if (held() && (await hasWaiting(sqlOf(app.hot)))) await advanceDeployments(room, app.clock.now())
        },
        (error) => app.log.warn({ err: error }, 'waiting deployments could not be looked at'),
      )
      const sizes = createRounds(
        async () => {
          if (held()) await advanceSizing(room, app.clock.now())
        },
        (error) => app.log.warn({ err: error }, 'sizes could not be looked at'),
      )
      rounds.tick()
      const timer = setInterval(rounds.tick, EVERY_MS)
      const slow = setInterval(sizes.tick, SIZING_MS)
      return async () => {
        clearInterval(timer)
        clearInterval(slow)
        await Promise.all([rounds.stop(), sizes.stop()])
      }
    },
  }
}
