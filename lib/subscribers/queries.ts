import { z } from 'zod'
import { defineQuery } from '../operation'
import { sqlOf } from '../platform/sql'
import { countMails, readLane } from './mail-store'
import { readSmtp } from './smtp-load'
import { countSubscribers } from './subscriber-store'

/** settings gives the mail server without its password, what stops mail if anything does, and the number of subscribers. */
export const settings = defineQuery({
  name: 'mail.settings',
  summary: 'Gives the mail server without its password, what stops mail, and the number of subscribers.',
  permission: 'subscribers.read',
  input: z.strictObject({}),
  run: async ({ console }) => {
    const sql = sqlOf(console.hot)
    const [{ held, version }, lane, subscribers] = await Promise.all([
      readSmtp(console),
      readLane(sql),
      countSubscribers(sql),
    ])
    return {
      settings: held?.settings ?? null,
      hasPassword: held?.password !== undefined,
      origin: held?.origin ?? null,
      version,
      stopped:
        lane === undefined
          ? null
          : { problem: lane.problem, since: lane.since.toISOString(), retryAt: lane.retryAt.toISOString() },
      subscribers,
    }
  },
})

/** outcomes counts the mails of publications: waiting, sent, perhaps sent, failed, not wanted any more. */
export const outcomes = defineQuery({
  name: 'subscribers.outcomes',
  summary: 'Counts the mails of publications: waiting, sent, perhaps sent, failed, not wanted any more.',
  permission: 'incidents.read',
  input: z.strictObject({ publicationIds: z.array(z.uuid()).max(200) }),
  run: async ({ console }, { publicationIds }) => countMails(sqlOf(console.hot), publicationIds),
})
