import { randomUUID } from 'node:crypto'
import { withinSight } from '../access/sight'
import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import type { Forest } from './forest'
import { storedForest } from './load-forest'
import type { Diagnosis, Memory, Override } from './model'

/** BOARD_RUN is the run without an incident: the triage of everything as it is now. */
export const BOARD_RUN = '00000000-0000-4000-8000-000000000001'

/** Told is what an incident's record was told last: the firm causes, and when. */
export type Told = { readonly firm?: readonly string[]; readonly atMs?: number }

/** RunRow is a run as it stands, with the answers of people that stand. */
export type RunRow = {
  readonly id: string
  readonly incidentId: string | null
  readonly forestHash: string
  readonly startedAt: Date
  readonly startedBy: string
  readonly diagnosedAt: Date | null
  readonly firstAt: Date | null
  readonly diagnosis: Diagnosis | null
  readonly memory: Memory
  readonly told: Told
  readonly overrides: Readonly<Record<string, Override>>
}

type Stored = Awaited<ReturnType<Tx['triageRun']['findFirst']>> & object

/** pinForest keeps trees under their hash. */
export async function pinForest(tx: Tx, forest: Forest, now: Date): Promise<void> {
  await tx.triageForest.createMany({
    data: [{ hash: forest.hash, body: forest.trees as object, createdAt: now }],
    skipDuplicates: true,
  })
}

/** readForest gives pinned trees; undefined when they are gone or outgrown. */
export async function readForest(tx: Tx, hash: string): Promise<Forest | undefined> {
  const row = await tx.triageForest.findUnique({ where: { hash } })
  return row ? storedForest(row.body, hash) : undefined
}

/** insertRun begins a run whose trees the worker pins at its first answer; one that stands already is left as it is. */
export async function insertRun(
  tx: Tx,
  run: {
    readonly id?: string
    readonly incidentId: string | null
    readonly by: string
    readonly now: Date
  },
): Promise<string> {
  const id = run.id ?? randomUUID()
  await tx.triageRun.createMany({
    data: [{ id, incidentId: run.incidentId, forestHash: '', startedAt: run.now, startedBy: run.by }],
    skipDuplicates: true,
  })
  if (run.incidentId === null) return id
  const row = await tx.triageRun.findUniqueOrThrow({
    where: { incidentId: run.incidentId },
    select: { id: true },
  })
  return row.id
}

/** seeIncident throws not_found for an incident that is not there or that the actor may not know of; it gives whether work on it is over. */
export async function seeIncident(
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<{ readonly isOver: boolean; readonly status: string }> {
  const row = await tx.incident.findFirst({
    where: { AND: [{ id }, withinSight(actor)] },
    select: { status: true, mergedInto: true },
  })
  if (!row) throw new AppError('not_found', 'There is no such incident.')
  return { isOver: row.status === 'resolved' || row.mergedInto !== null, status: row.status }
}

/** findRun reads a run with its standing answers; null when there is none. */
export async function findRun(
  tx: Tx,
  where: { readonly id: string } | { readonly incidentId: string },
): Promise<RunRow | null> {
  const row = await tx.triageRun.findFirst({ where })
  return row ? ((await withOverrides(tx, [row]))[0] ?? null) : null
}

/** activeRuns are the board's run and those of incidents that go on. */
export async function activeRuns(tx: Tx): Promise<readonly RunRow[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT run.id::text FROM triage_run run LEFT JOIN incident ON incident.id = run.incident_id
    WHERE run.incident_id IS NULL OR (incident.status <> 'resolved' AND incident.merged_into IS NULL)
    ORDER BY run.started_at LIMIT 200`
  const found = await tx.triageRun.findMany({ where: { id: { in: rows.map((row) => row.id) } } })
  return withOverrides(tx, found)
}

async function withOverrides(tx: Tx, rows: readonly Stored[]): Promise<readonly RunRow[]> {
  const standing = await tx.triageOverride.findMany({
    where: { runId: { in: rows.map((row) => row.id) }, endedAt: null },
  })
  return rows.map((row) => ({
    id: row.id,
    incidentId: row.incidentId,
    forestHash: row.forestHash,
    startedAt: row.startedAt,
    startedBy: row.startedBy,
    diagnosedAt: row.diagnosedAt,
    firstAt: row.firstAt,
    diagnosis: row.diagnosis as Diagnosis | null,
    memory: row.memory as Memory,
    told: row.told as Told,
    overrides: Object.fromEntries(
      standing
        .filter((it) => it.runId === row.id)
        .map((it) => [
          it.question,
          {
            answer: it.answer === 'yes' ? 'yes' : 'no',
            by: it.by,
            reason: it.reason,
            atMs: it.at.getTime(),
          } as const,
        ]),
    ),
  }))
}

/** Change is one answer that became another. */
export type Change = {
  readonly question: string
  readonly before: string
  readonly after: string
  readonly by: string
  readonly detail: string
}

/** writeDiagnosis overwrites a run's diagnosis and appends what changed. */
export async function writeDiagnosis(
  tx: Tx,
  run: Pick<RunRow, 'id' | 'firstAt'>,
  next: {
    readonly diagnosis: Diagnosis
    readonly memory: Memory
    readonly told: Told
    readonly changes: readonly Change[]
    readonly forestHash: string
    readonly now: Date
  },
): Promise<void> {
  const { now, diagnosis, memory, told, changes, forestHash } = next
  await tx.triageRun.update({
    where: { id: run.id },
    data: {
      diagnosis: diagnosis as object,
      memory: memory as object,
      told: told as object,
      forestHash,
      diagnosedAt: now,
      ...(run.firstAt ? {} : { firstAt: now }),
    },
  })
  if (changes.length > 0) {
    await tx.triageChange.createMany({
      data: changes.map((change) => ({ ...change, runId: run.id, at: now })),
    })
  }
}

/** setOverride puts a person's answer in place of the one that stood; `undefined` takes it back. */
export async function setOverride(
  tx: Tx,
  runId: string,
  to: {
    readonly question: string
    readonly answer: 'yes' | 'no' | undefined
    readonly reason: string
    readonly byId: string
    readonly by: string
    readonly now: Date
  },
): Promise<void> {
  const { question, answer, reason, byId, by, now } = to
  await tx.triageOverride.updateMany({
    where: { runId, question, endedAt: null },
    data: { endedAt: now, endedBy: by },
  })
  if (answer === undefined) return
  await tx.triageOverride.create({
    data: { id: randomUUID(), runId, question, answer, reason, at: now, byId, by },
  })
}

/** UntoldOverride is a person's answer that the incident's record has not been told. */
export type UntoldOverride = {
  readonly id: string
  readonly question: string
  readonly answer: string
  readonly reason: string
  readonly at: Date
  readonly byId: string
  readonly by: string
}

/** takeUntold gives the answers of people that no record was told, and marks them told in the same transaction. */
export async function takeUntold(tx: Tx, runId: string, now: Date): Promise<readonly UntoldOverride[]> {
  const rows = await tx.triageOverride.findMany({ where: { runId, toldAt: null }, orderBy: { at: 'asc' } })
  if (rows.length > 0) {
    await tx.triageOverride.updateMany({
      where: { id: { in: rows.map((row) => row.id) } },
      data: { toldAt: now },
    })
  }
  return rows
}

/** readChanges gives the newest changes of a run, newest first. */
export async function readChanges(tx: Tx, runId: string, limit: number) {
  return tx.triageChange.findMany({ where: { runId }, orderBy: { id: 'desc' }, take: limit })
}
