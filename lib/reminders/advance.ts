import type pg from 'pg'
import { enqueueMention, enqueuePage, type Reminded } from '../delivery/enqueue-store'
import { recordByMachine } from '../incidents/commands-record'
import { incidentName } from '../incidents/model'
import { holdsLease } from '../platform/fence'
import { inSql, type Sql, sqlOf } from '../platform/sql'
import type { RemindersPolicy } from './policy'
import { type Due, dueSteps, isKept } from './promises'
import { claimStep, clearSteps, hasPromises, readTellings, type TellingRow } from './store'
import { mentionOf, recordText, summaryOf } from './words'

const AUTHOR = { actor: 'machine:reminders', name: 'reminders' }

/** ReminderRoom is what the reminders need of the process around them. */
export type ReminderRoom = {
  readonly hot: pg.Pool
  readonly policy: RemindersPolicy
  readonly lease: { readonly name: string; readonly epoch: number }
  /** baseUrl is the console's own address, without a slash at its end. */
  readonly baseUrl: string
  readonly hint: (sql: Sql, incidentId: string, now: Date) => Promise<void>
  readonly told: () => void
}

/**
 * advanceReminders takes every step whose time has come, each once, and clears what was answered by publishing. While nothing
 * is promised it asks the database one question. Gives how many steps it took.
 */
export async function advanceReminders(room: ReminderRoom, now: Date): Promise<number> {
  const sql = sqlOf(room.hot)
  if (!(await hasPromises(sql))) return 0
  let taken = 0
  for (const row of await readTellings(sql)) {
    const due = dueSteps(row.telling, { policy: room.policy, done: row.done, nowMs: now.getTime() })
    const kept = row.open.filter((open) => isKept(row.telling, open.dueAtMs))
    if (due.length === 0 && kept.length === 0) continue
    taken += await inSql(room.hot, (tx) => work(tx, { room, row, due, kept, now }))
    room.told()
  }
  return taken
}

type Work = {
  readonly room: ReminderRoom
  readonly row: TellingRow
  readonly due: readonly Due[]
  readonly kept: TellingRow['open']
  readonly now: Date
}

async function work(tx: Sql, { room, row, due, kept, now }: Work): Promise<number> {
  if (!(await holdsLease(tx, room.lease))) return 0
  let taken = 0
  for (const step of due) if (await take(tx, { room, row, step, now })) taken += 1
  for (const open of kept) {
    if (!(await clearSteps(tx, row.incidentId, open.dueAtMs, now))) continue
    if (open.pageId !== null)
      await enqueuePage({
        tx,
        reminder: remindedOf(room, row, open.pageId),
        step: 'resolve',
        summary: '',
        now,
      })
  }
  await room.hint(tx, row.incidentId, now)
  return taken
}

async function take(
  tx: Sql,
  { room, row, step, now }: Pick<Work, 'room' | 'row' | 'now'> & { readonly step: Due },
): Promise<boolean> {
  const id = await claimStep(tx, { incidentId: row.incidentId, due: step, now })
  if (id === undefined) return false
  if (step.outcome === 'passed') return true
  const reminder = remindedOf(room, row, id)
  const about = { ref: reminder.ref, severity: row.severity, due: step, href: reminder.href }
  if (step.step === 'mention') {
    const text = mentionOf({ ...about, commander: row.commander, slackUser: row.slackUser })
    await enqueueMention({ tx, reminder, text, now })
  }
  if (step.step === 'page')
    await enqueuePage({ tx, reminder, step: 'post', summary: summaryOf(about, now.getTime()), now })
  if (step.step !== 'nudge')
    await recordByMachine(tx, {
      incidentId: row.incidentId,
      author: AUTHOR,
      now,
      entries: [
        {
          kind: 'reminder',
          source: 'machine',
          body: { step: step.step, text: recordText(step), dueAt: new Date(step.dueAtMs).toISOString() },
        },
      ],
    })
  return true
}

function remindedOf(room: ReminderRoom, row: TellingRow, id: string): Reminded {
  const ref = incidentName(row.number, row.telling.isDrill)
  return {
    id,
    incidentId: row.incidentId,
    ref,
    href: `${room.baseUrl}/incidents/${ref}`,
    severity: row.severity,
    isDrill: row.telling.isDrill,
  }
}
