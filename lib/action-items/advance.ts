import type pg from 'pg'
import { enqueueNag } from '../delivery/enqueue-store'
import { incidentName } from '../incidents/model'
import type { Writer } from '../letters/advance'
import { holdsLease } from '../platform/fence'
import { inSql, type Sql, sqlOf } from '../platform/sql'
import { claimNag, type NagMail, type NagRow, readNagLetter, readNagRows } from './nag-store'
import { naggedOf, type Step, stepDue } from './nags'
import { type NagAbout, nagLetter, slackText } from './words'

/** NagRoom is what nagging needs of the process around it. */
export type NagRoom = {
  readonly hot: pg.Pool
  readonly lease: { readonly name: string; readonly epoch: number }
  readonly held: () => boolean
  /** baseUrl is the console's own address, without a slash at its end. */
  readonly baseUrl: string
  readonly hint: (sql: Sql, itemId: string, now: Date) => Promise<void>
  readonly told: () => void
}

/** advanceNags gives every nag whose time has come, each once: mails in the ledger, a call in the channels. Gives how many. */
export async function advanceNags(room: NagRoom, now: Date): Promise<number> {
  let given = 0
  let page = await readNagRows(sqlOf(room.hot), { now, after: undefined })
  while (page.length > 0 && room.held()) {
    for (const row of page) {
      const step = stepDue({ dueOn: row.dueOn, setAtMs: row.setAtMs }, now.getTime())
      if (step === undefined || row.taken.includes(step) || !room.held()) continue
      if (await inSql(room.hot, (tx) => give(tx, { room, row, step, now }))) given += 1
    }
    page = await readNagRows(sqlOf(room.hot), { now, after: page.at(-1) })
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

/** nagWriter writes the letters of reminders; baseUrl is the console's own address, without a slash at its end. */
export function nagWriter(baseUrl: string): Writer {
  return async (sql, mail, now) => {
    const row = await readNagLetter(sql, mail)
    return row && { to: row.email, letter: nagLetter(aboutOf({ baseUrl }, row, now)) }
  }
}
