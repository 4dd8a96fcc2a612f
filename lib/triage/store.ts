import { randomUUID } from 'node:crypto'
import { withinSight } from '../access/sight'
import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import type { Diagnosis } from './model'
import { insertRun } from './run-store'

/** BOARD_RUN is the run without an incident: the triage of everything as it is now. */
export const BOARD_RUN = '00000000-0000-4000-8000-000000000001'

/** RunRow is a run as it stands, for readers. */
export type RunRow = {
  readonly id: string
  readonly forestHash: string
  readonly startedAt: Date
  readonly startedBy: string
  readonly diagnosedAt: Date | null
  readonly firstAt: Date | null
  readonly diagnosis: Diagnosis | null
}

/** findOrInsertRun begins the run of an incident and gives its id; one that stands already goes on. */
export async function findOrInsertRun(
  tx: Tx,
  run: { readonly incidentId: string; readonly by: string; readonly now: Date },
): Promise<string> {
  await insertRun(tx, { id: randomUUID(), ...run })
  const { id } = await tx.triageRun.findUniqueOrThrow({
    where: { incidentId: run.incidentId },
    select: { id: true },
  })
  return id
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

/** findRun reads a run as it stands; null when there is none. */
export async function findRun(
  tx: Tx,
  where: { readonly id: string } | { readonly incidentId: string },
): Promise<RunRow | null> {
  const row = await tx.triageRun.findFirst({ where, omit: { memory: true, told: true } })
  return row && { ...row, diagnosis: row.diagnosis as Diagnosis | null }
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

/** readChanges gives the newest changes of a run, newest first. */
export async function readChanges(tx: Tx, runId: string, limit: number) {
  return tx.triageChange.findMany({ where: { runId }, orderBy: { id: 'desc' }, take: limit })
}
