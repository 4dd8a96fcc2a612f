import type pg from 'pg'
import { type Sql, sqlOf } from '../platform/sql'
import { afterLoss, LEFT_IN_THE_AIR, moveAfter, SKIPPED, verdictOf } from '../subscribers/ledger'
import type { Mailer } from '../subscribers/model'
import { type Claimed, claimLetter, findLost, hasLetters, releaseRested, settleLetter } from './ledger-store'
import type { LetterKind, Written } from './model'

const BURST = 50
const OLDEST_MS = 7 * 86_400_000

/** Writer writes a letter when its turn comes; undefined once nobody wants it any more. */
export type Writer = (
  sql: Sql,
  letter: Pick<Claimed, 'ref' | 'personId'>,
  now: Date,
) => Promise<Written | undefined>

/** LetterRoom is what handing letters over needs of the process around it. */
export type LetterRoom = {
  readonly hot: pg.Pool
  /** run is this holding of the lease: what another run left in the air is settled as such. */
  readonly run: string
  readonly held: () => boolean
  readonly writers: Readonly<Record<LetterKind, Writer>>
  /** open gives the configured mail server; undefined while there is none, and then mail waits. */
  readonly open: () => Promise<{ readonly mailer: Mailer; readonly host: string } | undefined>
}

/**
 * advanceLetters hands over the mails that wait, one at a time; it stops at the first refusal of the server itself. One
 * older than a week is not sent. Gives how many were tried.
 */
export async function advanceLetters(room: LetterRoom, now: () => Date): Promise<number> {
  const sql = sqlOf(room.hot)
  if (!(await hasLetters(sql, now()))) return 0
  for (const lost of await findLost(sql, room.run)) {
    const move = afterLoss(lost, now().getTime(), LEFT_IN_THE_AIR)
    await settleLetter(sql, { id: lost.id, run: undefined, move, now: now() })
  }
  await releaseRested(sql, now())
  const post = await room.open()
  if (post === undefined) return 0
  try {
    let tried = 0
    while (tried < BURST && room.held()) {
      const mail = await claimLetter(sql, room.run, now())
      if (mail === undefined) break
      tried += 1
      if ((await hand(room, post, { sql, mail, now })) === 'stopped') break
    }
    return tried
  } finally {
    post.mailer.close()
  }
}

async function hand(
  room: LetterRoom,
  post: { readonly mailer: Mailer; readonly host: string },
  { sql, mail, now }: { readonly sql: Sql; readonly mail: Claimed; readonly now: () => Date },
): Promise<'done' | 'stopped'> {
  const { id } = mail
  const isOld = now().getTime() - mail.createdAtMs > OLDEST_MS
  const written = isOld ? undefined : await room.writers[mail.kind](sql, mail, now())
  if (written === undefined) {
    await settleLetter(sql, { id, run: room.run, move: SKIPPED, now: now() })
    return 'done'
  }
  const outcome = await post.mailer.send({
    ...written.letter,
    to: written.to,
    messageId: `<${id}@${post.host}>`,
    inReplyTo: null,
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
  const verdict = verdictOf(outcome)
  await settleLetter(sql, { id, run: room.run, move: moveAfter(mail, verdict, now().getTime()), now: now() })
  return verdict.kind === 'lane' ? 'stopped' : 'done'
}
