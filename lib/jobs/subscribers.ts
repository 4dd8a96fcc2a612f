import { randomUUID } from 'node:crypto'
import { openPost, publicUrlOf } from '../connect-mail'
import type { Console } from '../console'
import { wakeConsoles } from '../live/wake'
import { createRounds } from '../platform/rounds'
import { sqlOf } from '../platform/sql'
import { writeHints } from '../run'
import { advanceMail } from '../subscribers/advance'
import { linksOf } from '../subscribers/links-verify'
import { listen } from './listen'
import type { Job } from './runner'

const POLL_MS = 2_000

/** subscribersJob hands mails to the mail server; a poll finds what a lost notice left. */
export function subscribersJob(app: Console): Job {
  return {
    name: 'subscribers',
    start: async ({ held }) => {
      const sql = sqlOf(app.hot)
      const room = {
        sql,
        seal: app.seal,
        links: linksOf(app.env.NEXTAUTH_SECRET),
        run: randomUUID(),
        baseUrl: publicUrlOf(app),
        now: () => app.clock.now(),
        held,
        open: () => openPost(app),
        told: async () => {
          await writeHints(sql, [{ topic: 'subscribers', ref: 'mail' }], app.clock.now())
          wakeConsoles(app.hot)
        },
      }
      const rounds = createRounds(
        async () => {
          if (held()) await advanceMail(room)
        },
        (error) => app.log.warn({ err: error }, 'mail could not be handed over'),
      )
      const stopListening = await listen(app, {
        name: 'mail-listen',
        channels: ['watchfloor_mail'],
        on: rounds.ask,
        onProblem: (error) => app.log.warn({ err: error }, 'not woken for mail; looking every two seconds'),
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
