import type pg from 'pg'
import { enqueueNag } from '../delivery/enqueue-store'
import { incidentName } from '../incidents/model'
import { holdsLease } from '../platform/fence'
import { inSql, type Sql, sqlOf } from '../platform/sql'
import { afterLoss, type Move, moveAfter, verdictOf } from '../subscribers/ledger'
import type { Mailer } from '../subscribers/model'
import {
  claimMail,
  claimNag,
  findLost,
  hasMail,
  type NagMail,
  type NagRow,
  readNagRows,
  releaseRested,
  settleMail,
} from './nag-store'
import { naggedOf, type Step, stepDue } from './nags'
import { type NagAbout, nagLetter, slackText } from './words'

const BURST = 50
const SKIPPED: Move = { state: 'skipped', notBeforeMs: null, isSuppressed: false, code: '', note: '' }
const LOST = 'Watchfloor ended while this mail was handed over.'

/** NagRoom is what nagging needs of the process around it. */
export type NagRoom = {
  readonly hot: pg.Pool
  readonly lease: { readonly name: string; readonly epoch: number }
  /** run is this holding of the lease: what another run left in the air is settled as such. */
  readonly run: string
  readonly held: () => boolean
  /** baseUrl is the console's own address, without a slash at its end. */
  readonly baseUrl: string
  readonly hint: (sql: Sql, itemId: string, now: Date) => Promise<void>
  readonly told: () => void
  /** open gives the configured mail server; undefined while there is none, and then mail waits. */
  readonly open: () => Promise<{ readonly mailer: Mailer; readonly host: string } | undefined>
}

/** advanceNags gives every nag whose time has come, each once: mails in the ledger, a call in the channels. Gives how many. */
export async function advanceNags(room: NagRoom, now: Date): Promise<number> {
  let given = 0
  for (const row of await readNagRows(sqlOf(room.hot), now)) {
    const step = stepDue({ dueOn: row.dueOn, setAtMs: row.setAtMs }, now.getTime())
    if (step === undefined || row.taken.includes(step) || !room.held()) continue
    if (await inSql(room.hot, (tx) => give(tx, { room, row, step, now }))) given += 1
  }
  if (given > 0) room.told()
  return given
}

async function give(
  tx: Sql,
  work: { readonly room: NagRoom; readonly row: NagRow; readonly step: Step; readonly now: Date },
): Promise<boolean> {
  const { room, row, step, now } = work
  if (!(await holdsLease(tx, room.lease))) return false
  const people = naggedOf(step, row.ownerId, row.people)
  const id = await claimNag(tx, { itemId: row.id, dueOn: row.dueOn, step, people, now })
  if (id === undefined) return false
  if (!row.isRestricted && people.length > 0) {
    const named = row.people.filter((person) => people.includes(person.id))
    const text = slackText(aboutOf(room, row, now), named)
    await enqueueNag({ tx, nag: { id, isDrill: row.isDrill }, text, now })
  }
  await room.hint(tx, row.id, now)
  return true
}

function aboutOf(
  { baseUrl }: Pick<NagRoom, 'baseUrl'>,
  row: Pick<NagMail, 'number' | 'title' | 'dueOn' | 'doneWhen' | 'owner' | 'incidentNumber' | 'isDrill'>,
  now: Date,
): NagAbout {
  const { number, title, dueOn, doneWhen, owner, incidentNumber, isDrill } = row
  return {
    number,
    title,
    dueOn,
    doneWhen,
    owner,
    incident: incidentNumber === null ? '' : incidentName(incidentNumber, isDrill),
    href: `${baseUrl}/postmortems/actions?item=${number}`,
    nowMs: now.getTime(),
  }
}

/** advanceNagMails hands over the mails that wait, one at a time; it stops at the first refusal of the server itself. Gives how many were tried. */
export async function advanceNagMails(room: NagRoom, now: () => Date): Promise<number> {
  const sql = sqlOf(room.hot)
  if (!(await hasMail(sql, now()))) return 0
  for (const lost of await findLost(sql, room.run))
    await settleMail(sql, {
      id: lost.id,
      run: undefined,
      move: afterLoss(lost, now().getTime(), LOST),
      now: now(),
    })
  await releaseRested(sql, now())
  const post = await room.open()
  if (post === undefined) return 0
  try {
    let tried = 0
    while (tried < BURST && room.held()) {
      const mail = await claimMail(sql, room.run, now())
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
  room: NagRoom,
  post: { readonly mailer: Mailer; readonly host: string },
  { sql, mail, now }: { readonly sql: Sql; readonly mail: NagMail; readonly now: () => Date },
): Promise<'done' | 'stopped'> {
  const settle = (move: Move): Promise<void> =>
    settleMail(sql, { id: mail.id, run: room.run, move, now: now() })
  if (!mail.isWanted) {
    await settle(SKIPPED)
    return 'done'
  }
  const verdict = verdictOf(
    await post.mailer.send({
      ...nagLetter(aboutOf(room, mail, now())),
      to: mail.email,
      messageId: `<${mail.id}@${post.host}>`,
      inReplyTo: null,
      headers: { 'Auto-Submitted': 'auto-generated' },
    }),
  )
  await settle(moveAfter(mail, verdict, now().getTime()))
  return verdict.kind === 'lane' ? 'stopped' : 'done'
}
