import type { Console } from '../console'
import { enqueueDeliveries } from '../delivery/enqueue-store'
import { wakeConsoles } from '../live/wake'
import { isUnavailable } from '../platform/db'
import { sqlOf } from '../platform/sql'
import { advancePublications, type Told } from '../publications/advance'
import { nextRelease } from '../publications/queries-due'
import { applyPublicUpdate } from '../status/apply-store'
import { enqueueMails } from '../subscribers/enqueue-store'
import { listen } from './listen'
import type { Job } from './runner'

const NAME = 'publications'
const POLL_MS = 5_000
const RETRY_MS = 1_000

/** waysOf are where a released message goes, in its order; `baseUrl` is the console's own address, for links to the incident. */
function waysOf(baseUrl: string): readonly Told[] {
  return [
    (tx, publication, now) => applyPublicUpdate({ tx, publication, now }),
    (tx, publication, now) =>
      enqueueDeliveries({ tx, publication, channels: publication.channelIds, now, baseUrl }),
    (tx, publication, now) => enqueueMails({ tx, publication, now }),
  ]
}

/** publicationsJob lets messages out when their undo is over; a poll finds what a lost notice left. */
export function publicationsJob(app: Console): Job {
  return {
    name: NAME,
    start: async ({ epoch, held }) => {
      const { WATCHFLOOR_PUBLIC_URL, NEXTAUTH_URL } = app.env
      const ways = waysOf((WATCHFLOOR_PUBLIC_URL ?? NEXTAUTH_URL).replace(/\/+$/, ''))
      let timer: NodeJS.Timeout | undefined
      let working: Promise<void> | undefined
      let isEnded = false
      async function look(): Promise<number> {
        if (!held()) return RETRY_MS
        const now = app.clock.now()
        const { released, failed } = await advancePublications(
          { pool: app.hot, lease: { name: NAME, epoch }, ways },
          now,
        )
        for (const error of failed) app.log.error({ err: error }, 'a message could not be released')
        if (released > 0) wakeConsoles(app.hot)
        if (failed.length > 0) return RETRY_MS
        const next = await nextRelease(sqlOf(app.hot))
        if (next === undefined) return POLL_MS
        return Math.min(POLL_MS, Math.max(20, next.getTime() - app.clock.now().getTime()))
      }
      function work(): void {
        if (isEnded || working) return
        clearTimeout(timer)
        working = look()
          .catch((error: unknown) => {
            if (isUnavailable(error)) app.log.warn({ err: error }, 'messages could not be released')
            else app.log.error({ err: error }, 'messages could not be released')
            return RETRY_MS
          })
          .then((waitMs) => {
            working = undefined
            if (!isEnded) timer = setTimeout(work, waitMs)
          })
      }
      const stopListening = await listen(app, {
        name: 'publications-listen',
        channels: ['watchfloor_publications'],
        on: work,
        onProblem: (error) =>
          app.log.warn({ err: error }, 'not woken for messages; looking every five seconds'),
      })
      work()
      return async () => {
        isEnded = true
        clearTimeout(timer)
        await stopListening()
        await working
      }
    },
  }
}
