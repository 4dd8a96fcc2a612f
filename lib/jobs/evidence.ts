import { connectEvidence } from '../connect-evidence'
import type { Console } from '../console'
import { advanceEvidence } from '../evidence/advance'
import { wakeConsoles } from '../live/wake'
import { createRounds } from '../platform/rounds'
import type { Runbooks } from '../runbooks/load'
import { listen } from './listen'
import type { Job } from './runner'

const POLL_MS = 5_000

/** evidenceJob builds the evidence bundles that people ask for; a poll finds what a lost notice left. */
export function evidenceJob(app: Console, runbooks: () => Runbooks): Job {
  return {
    name: 'evidence',
    start: async ({ held }) => {
      const build = (): Promise<void> =>
        advanceEvidence({
          // Prisma's client is opened once something is to be built.
          get db() {
            return app.db
          },
          pool: app.hot,
          clock: app.clock,
          log: app.log,
          held,
          open: () => connectEvidence(app, runbooks),
          told: () => wakeConsoles(app.hot),
        })
      const rounds = createRounds(
        async () => {
          if (held()) await build()
        },
        (error) => app.log.warn({ err: error }, 'evidence could not be collected'),
      )
      const stopListening = await listen(app, {
        name: 'evidence-listen',
        channels: ['watchfloor_evidence'],
        on: rounds.ask,
        onProblem: (error) =>
          app.log.warn({ err: error }, 'not woken for evidence; looking every five seconds'),
      })
      const timer = setInterval(rounds.tick, POLL_MS)
      rounds.tick()
      return async () => {
        clearInterval(timer)
        await stopListening()
        await rounds.stop()
      }
    },
  }
}
