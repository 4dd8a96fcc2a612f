import type { Seal } from '../platform/crypto'
import { failpoint } from '../platform/failpoint'
import type { Sql } from '../platform/sql'
import { afterLoss, LANE_PAUSE_MS, LEFT_IN_THE_AIR, moveAfter, SKIPPED, verdictOf } from './ledger'
import { confirmLetter, type Letter, listHeaders, updateLetter } from './letters'
import type { Links } from './links-verify'
import {
  type Claimed,
  claimMails,
  findLost,
  freeLane,
  hasWork,
  readLane,
  releaseRested,
  settle,
  stopLane,
} from './mail-store'
import type { Mailer, Verdict } from './model'
import { addressPlace, suppress } from './subscriber-store'

const BATCH = 25

/** Post is the mail server as configured now: close the mailer after the burst. */
export type Post = {
  readonly mailer: Mailer
  /** page is how mail is signed; host stands in Message-IDs. */
  readonly page: string
  readonly host: string
}

/** MailRoom is what sending needs of the process around it. */
export type MailRoom = {
  readonly sql: Sql
  readonly seal: Seal
  readonly links: Links
  /** run is this holding of the job's lease: what another run left in the air is settled as such. */
  readonly run: string
  /** baseUrl is the console's public address, without a slash at its end. */
  readonly baseUrl: string
  readonly now: () => Date
  readonly held: () => boolean
  /** open gives the configured mail server; undefined while there is none, and then everything waits. */
  readonly open: () => Promise<Post | undefined>
  readonly told: () => Promise<void>
}

/** advanceMail hands over what is due; it asks the database one question and nothing else while there is nothing to do. */
export async function advanceMail(room: MailRoom): Promise<void> {
  const { sql, now } = room
  if (!(await hasWork(sql, now()))) return
  await settleLost(room)
  await releaseRested(sql, now())
  const lane = await readLane(sql)
  if (lane && lane.retryAt.getTime() > now().getTime()) return
  const post = await room.open()
  if (!post) return
  let most = lane ? 1 : BATCH
  try {
    while (room.held()) {
      const mails = await claimMails(sql, { run: room.run, host: post.host, most, now: now() })
      if (mails.length === 0) return
      const verdicts = await Promise.all(mails.map((mail) => deliver(room, post, mail)))
      await room.told()
      const refusal = verdicts.find((verdict) => verdict?.kind === 'lane')
      if (refusal?.kind === 'lane') {
        const retryAt = new Date(now().getTime() + LANE_PAUSE_MS)
        return await stopLane(sql, { problem: refusal.note || 'The mail server refuses.', retryAt }, now())
      }
      if (verdicts.some((verdict) => verdict !== undefined)) {
        if (most === 1) await freeLane(sql)
        most = BATCH
      }
    }
  } finally {
    post.mailer.close()
  }
}

async function settleLost({ sql, run, now }: MailRoom): Promise<void> {
  for (const row of await findLost(sql, run)) {
    const move = afterLoss(row, now().getTime(), LEFT_IN_THE_AIR)
    await settle(sql, { id: row.id, run: undefined, move, now: now() })
  }
}

/** Hands over one mail and settles it; undefined when it was not wanted any more. */
async function deliver(room: MailRoom, post: Post, mail: Claimed): Promise<Verdict | undefined> {
  const { sql, run, now } = room
  const letter = letterFor(room, post, mail)
  if (letter === undefined) {
    await settle(sql, { id: mail.id, run, move: SKIPPED, now: now() })
    return undefined
  }
  await failpoint('mail.before-send')
  const outcome = await post.mailer.send({
    ...letter,
    to: room.seal.open(mail.sealed, addressPlace(mail.subscriberId)),
    messageId: mail.messageId,
    inReplyTo: mail.repliesTo,
    headers: listHeaders({ endUrl: endUrl(room, mail.subscriberId), host: post.host }),
  })
  await failpoint('mail.after-send')
  const verdict = verdictOf(outcome)
  const move = moveAfter(mail, verdict, now().getTime())
  await settle(sql, { id: mail.id, run, move, now: now() })
  if (move.isSuppressed) await suppress(sql, mail.subscriberId, now())
  return verdict
}

function letterFor(room: MailRoom, post: Post, mail: Claimed): Letter | undefined {
  const end = endUrl(room, mail.subscriberId)
  if (mail.kind === 'confirm') {
    if (mail.nonce === null || mail.nonce !== mail.confirmNonce) return undefined
    const token = room.links.confirmToken(mail.subscriberId, mail.nonce)
    const confirmUrl = `${room.baseUrl}/status/confirm?s=${mail.subscriberId}&t=${token}`
    return confirmLetter({ page: post.page, confirmUrl, endUrl: end })
  }
  if (mail.subscriberState !== 'confirmed' || mail.subject === null || mail.text === null) return undefined
  const pageUrl = `${room.baseUrl}/status`
  return updateLetter({ subject: mail.subject, text: mail.text, pageUrl, endUrl: end })
}

function endUrl({ baseUrl, links }: MailRoom, subscriberId: string): string {
  return `${baseUrl}/status/unsubscribe?s=${subscriberId}&t=${links.endToken(subscriberId)}`
}
