import { randomUUID } from 'node:crypto'
import { nagWriter } from '../action-items/advance'
import { openPost, publicUrlOf } from '../connect-mail'
import type { Console } from '../console'
import { advanceLetters } from '../letters/advance'
import { createRounds } from '../platform/rounds'
import { askWriter, callWriter } from '../postmortems/call-advance'
import type { Job } from './runner'

const EVERY_MS = 15_000

/** lettersJob hands over the mails to people who have an account: reminders of action items, remarks that call them, and asks for a review. */
export function lettersJob(app: Console): Job {
  const baseUrl = publicUrlOf(app)
  return {
    name: 'letters',
    start: async ({ held }) => {
      const room = {
        hot: app.hot,
        run: randomUUID(),
        held,
        writers: { nag: nagWriter(baseUrl), call: callWriter(baseUrl), ask: askWriter(baseUrl) },
        open: () => openPost(app),
      }
      const rounds = createRounds(
        async () => {
          if (held()) await advanceLetters(room, () => app.clock.now())
        },
        (error) => app.log.warn({ err: error }, 'letters could not be handed over'),
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
