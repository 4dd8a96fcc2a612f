import type pg from 'pg'
import { appendAudit } from '../audit/append'
import type { Db } from '../platform/db'
import type { Log } from '../platform/log'
import { inSql, type Sql, sqlOf } from '../platform/sql'
import { writeHints } from '../run'
import { writePublicUpdate } from './apply-store'
import { idsOf, putAside, type WaitingEntry, waitingEntries } from './emergency-load'
import { moveMaintenance, readDueMaintenances } from './maintenance-store'
import { LATE_AFTER_MS } from './page-model'
import { lockPage, readComponents, writeChange } from './store'
import { timeOf } from './words'

/** StatusWork is what a tick of the status page works with; `db` is opened only where there is something to take in. */
export type StatusWork = {
  readonly pool: pg.Pool
  readonly db: () => Db
  readonly log: Pick<Log, 'warn' | 'info'>
  readonly statusDir: string
  readonly key: string
}

/**
 * advanceStatus takes one tick: says that we are watching, starts and ends windows by the clock, and takes in what was
 * published without the console. Gives whether anything was taken in or moved.
 */
export async function advanceStatus(work: StatusWork, now: Date): Promise<boolean> {
  const taken = await takeEntries(work, now)
  const moved = await moveWindows(work.pool, now)
  await inSql(work.pool, (sql) => confirm(sql, now))
  return taken || moved
}

/** Only a collector that holds its lease watches; without one nothing is confirmed and the page grows old. */
async function confirm(sql: Sql, now: Date): Promise<void> {
  const [row] = await sql.$queryRaw<{ confirmedAt: Date | null; isWatching: boolean }[]>`
    SELECT confirmed_at AS "confirmedAt",
      EXISTS (SELECT 1 FROM lease WHERE name = 'collector' AND expires_at > now()) AS "isWatching"
    FROM status_page WHERE id = 1 FOR UPDATE`
  if (!row?.isWatching) return
  const before = row.confirmedAt
  if (before && now.getTime() - before.getTime() > LATE_AFTER_MS) await noteGap(sql, { from: before, now })
  await sql.$queryRaw`
    UPDATE status_page SET confirmed_at = GREATEST(confirmed_at, ${now}) WHERE id = 1`
}

/** What nobody watched is no good time: the days show it as a gap. */
async function noteGap(sql: Sql, { from, now }: { readonly from: Date; readonly now: Date }): Promise<void> {
  await lockPage(sql, now)
  for (const { id, state, retiredAt } of await readComponents(sql)) {
    if (retiredAt !== null) continue
    await writeChange(sql, { componentId: id, at: from, from: state, to: 'unknown', cause: 'gap' })
    await writeChange(sql, { componentId: id, at: now, from: 'unknown', to: state, cause: 'gap' })
  }
}

async function moveWindows(pool: pg.Pool, now: Date): Promise<boolean> {
  const due = await readDueMaintenances(sqlOf(pool), now)
  for (const { id, status, scheduledUntil } of due) {
    const starts = status === 'scheduled' && scheduledUntil > now
    const body = starts
      ? `The planned work has begun. It ends by ${timeOf(scheduledUntil)}.`
      : 'The planned work is completed.'
    await inSql(pool, async (sql) => {
      await moveMaintenance(sql, { id, from: status, to: starts ? 'in_progress' : 'completed', body, now })
      await writeHints(sql, [{ topic: 'status', ref: id }], now)
    })
  }
  return due.length > 0
}

async function takeEntries(work: StatusWork, now: Date): Promise<boolean> {
  const waiting = await waitingEntries(work.statusDir, work.key)
  for (const one of waiting) {
    if ('refused' in one) {
      work.log.warn({ path: one.path, why: one.refused }, 'an emergency update was refused')
      await putAside(one.path, 'refused')
      continue
    }
    await takeEntry(work, one, now)
    await putAside(one.path, 'taken')
  }
  return waiting.length > 0
}

async function takeEntry(
  work: StatusWork,
  { entry }: Extract<WaitingEntry, { entry: unknown }>,
  now: Date,
): Promise<void> {
  const ids = idsOf(entry)
  const written = await work.db().$transaction(async (tx) => {
    const isNew = await writePublicUpdate(tx, {
      incidentId: null,
      severity: entry.severity,
      status: entry.status,
      title: entry.title,
      body: entry.body,
      nextUpdateAt: entry.nextUpdateAt,
      components: entry.components.map(({ id, to }) => ({ componentId: id, name: id, from: 'unknown', to })),
      publicId: ids.incidentId,
      updateId: ids.updateId,
      publicationId: null,
      correctsId: null,
      startedAt: null,
      isEmergency: true,
      now: new Date(entry.at),
    })
    if (!isNew) return false
    await appendAudit(tx, {
      at: now,
      actor: 'machine:status-emergency',
      action: 'status.emergency',
      subject: `status:${ids.incidentId}`,
      detail: { by: entry.by, at: entry.at, title: entry.title, status: entry.status, entry: entry.id },
      requestId: entry.id,
    })
    await writeHints(tx, [{ topic: 'status', ref: ids.incidentId }], now)
    return true
  })
  if (written) work.log.info({ entry: entry.id }, 'an emergency update was taken in')
}
