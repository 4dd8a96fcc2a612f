import type { Tx } from '../platform/db'
import { CLASSES } from './model'

/** PartRow is one kind of record that is moved. */
export type PartRow = NonNullable<Awaited<ReturnType<Tx['migrationPart']['findUnique']>>>

/** QuarantinedRow is a row that could not be moved. */
export type QuarantinedRow = NonNullable<Awaited<ReturnType<Tx['migrationQuarantine']['findUnique']>>>

/** readParts gives the parts of a migration by name. */
export function readParts(tx: Tx, migrationId: string): Promise<readonly PartRow[]> {
  return tx.migrationPart.findMany({ where: { migrationId }, orderBy: { name: 'asc' } })
}

/** lockPart gives one part under its lock; undefined when nobody opened it. */
export async function lockPart(tx: Tx, migrationId: string, name: string): Promise<PartRow | undefined> {
  await tx.$queryRaw`SELECT 1 FROM migration_part WHERE migration_id = ${migrationId}::uuid AND name = ${name} FOR UPDATE`
  return (
    (await tx.migrationPart.findUnique({ where: { migrationId_name: { migrationId, name } } })) ?? undefined
  )
}

/** openPart makes a part that runs, or gives the one that is there. */
export async function openPart(
  tx: Tx,
  part: { readonly migrationId: string; readonly name: string; readonly expectedRows: number | null },
  now: Date,
): Promise<PartRow> {
  const { migrationId, name, expectedRows } = part
  await tx.migrationPart.createMany({
    data: [{ migrationId, name, state: 'running', expectedRows, startedAt: now, updatedAt: now }],
    skipDuplicates: true,
  })
  if (expectedRows !== null)
    await tx.migrationPart.update({
      where: { migrationId_name: { migrationId, name } },
      data: { expectedRows },
    })
  return tx.migrationPart.findUniqueOrThrow({ where: { migrationId_name: { migrationId, name } } })
}

/** changePart writes what changed of a part; the caller holds its lock. */
export async function changePart(
  tx: Tx,
  { migrationId, name }: Pick<PartRow, 'migrationId' | 'name'>,
  change: Partial<Omit<PartRow, 'migrationId' | 'name'>>,
): Promise<PartRow> {
  return tx.migrationPart.update({ where: { migrationId_name: { migrationId, name } }, data: change })
}

/** BatchRow is a batch as it is kept. */
export type BatchRow = NonNullable<Awaited<ReturnType<Tx['migrationBatch']['findUnique']>>>

/** findBatches gives those of these batches that are known already, by their number. */
export async function findBatches(
  tx: Tx,
  { migrationId, name }: Pick<PartRow, 'migrationId' | 'name'>,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, BatchRow>> {
  const rows = await tx.migrationBatch.findMany({
    where: { migrationId, part: name, seq: { in: [...seqs] } },
  })
  return new Map(rows.map((row) => [row.seq, row]))
}

/** insertBatches writes batches once. */
export async function insertBatches(tx: Tx, batches: readonly BatchRow[]): Promise<void> {
  await tx.migrationBatch.createMany({ data: [...batches] })
}

/** Bad is a row that could not be moved, as the migrator tells it. */
export type Bad = {
  readonly key: string
  readonly version: string
  readonly class: string
  readonly reason: string
}

/** quarantine puts rows aside with their reason; one that is there already keeps its place and gets the newer reason. */
export async function quarantine(
  tx: Tx,
  { migrationId, name }: Pick<PartRow, 'migrationId' | 'name'>,
  rows: readonly Bad[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return
  await tx.$executeRaw`
    INSERT INTO migration_quarantine (migration_id, part, source_key, row_version, class, reason, state, at)
    SELECT ${migrationId}::uuid, ${name}, key, version, class, reason, 'waiting', ${now}
    FROM unnest(${rows.map((row) => row.key)}::text[], ${rows.map((row) => row.version)}::text[],
      ${rows.map((row) => row.class)}::text[], ${rows.map((row) => row.reason)}::text[]) AS r(key, version, class, reason)
    ON CONFLICT (migration_id, part, source_key) DO UPDATE SET row_version = excluded.row_version, class = excluded.class,
      reason = excluded.reason, state = 'waiting', at = excluded.at, settled_at = NULL, settled_by = '', note = ''`
}

/** settle says what became of quarantined rows: moved after all, wanted again, or waived by name. Gives how many it was. */
export async function settle(
  tx: Tx,
  where: {
    readonly migrationId: string
    readonly part?: string | undefined
    readonly keys?: readonly string[] | undefined
    readonly reason?: string | undefined
    readonly class?: string | undefined
    readonly states: readonly string[]
  },
  to: {
    readonly state: 'moved' | 'retry' | 'waived'
    readonly by: string
    readonly note: string
    readonly now: Date
  },
): Promise<number> {
  const { count } = await tx.migrationQuarantine.updateMany({
    where: {
      migrationId: where.migrationId,
      state: { in: [...where.states] },
      ...(where.part === undefined ? {} : { part: where.part }),
      ...(where.keys === undefined ? {} : { sourceKey: { in: [...where.keys] } }),
      ...(where.reason === undefined ? {} : { reason: where.reason }),
      ...(where.class === undefined ? {} : { class: where.class }),
    },
    data: {
      state: to.state,
      note: to.note,
      ...(to.state === 'retry' ? {} : { settledAt: to.now, settledBy: to.by }),
    },
  })
  return count
}

/** countQuarantine counts rows by part and state. */
export async function countQuarantine(
  tx: Tx,
  migrationId: string,
): Promise<readonly { readonly part: string; readonly state: string; readonly count: number }[]> {
  const rows = await tx.migrationQuarantine.groupBy({
    by: ['part', 'state'],
    where: { migrationId },
    _count: { _all: true },
  })
  return rows.map(({ part, state, _count }) => ({ part, state, count: _count._all }))
}

/** newestSettled is when a row of quarantine last came or was settled; undefined when there was none. */
export async function newestSettled(tx: Tx, migrationId: string): Promise<Date | undefined> {
  const { _max } = await tx.migrationQuarantine.aggregate({
    where: { migrationId },
    _max: { at: true, settledAt: true },
  })
  const both = [_max.at, _max.settledAt].filter((one) => one !== null)
  return both.sort((one, other) => other.getTime() - one.getTime())[0]
}

/** readQuarantine gives quarantined rows by part and key, at most `take` of them. */
export function readQuarantine(
  tx: Tx,
  where: {
    readonly migrationId: string
    readonly part?: string | undefined
    readonly states: readonly string[]
  },
  take: number,
): Promise<readonly QuarantinedRow[]> {
  const { migrationId, part, states } = where
  return tx.migrationQuarantine.findMany({
    where: { migrationId, state: { in: [...states] }, ...(part === undefined ? {} : { part }) },
    orderBy: [{ part: 'asc' }, { sourceKey: 'asc' }],
    take,
  })
}

/** countReasons counts what waits in quarantine by part, class and reason, the most frequent first. */
export async function countReasons(tx: Tx, migrationId: string) {
  const rows = await tx.migrationQuarantine.groupBy({
    by: ['part', 'class', 'reason'],
    where: { migrationId, state: { in: ['waiting', 'retry'] } },
    _count: { _all: true },
    orderBy: { _count: { sourceKey: 'desc' } },
    take: 50,
  })
  return rows.map(({ part, class: kind, reason, _count }) => ({
    part,
    class: CLASSES.find((one) => one === kind) ?? 'data',
    reason,
    count: _count._all,
  }))
}
