import { createHash, randomUUID } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ActionRun, Prisma } from '../../prisma/generated/client'
import { withinSight } from '../access/sight'
import { recordByMachine } from '../incidents/commands-record'
import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { redactText } from '../platform/redact'
import type { Sql } from '../platform/sql'
import type { Captured, Plan } from './executor'
import { EXPIRING, nextState, type Risk, type RunEvent, type RunState, STATE_WORDS, WORKED } from './model'

/** Word is one person's word on a run, bound to the plan that they saw. */
export type Word = {
  readonly id: string
  readonly handle: string
  readonly atMs: number
  readonly planHash: string
}

/** BreakGlass is a run without a second person: who, why, and what another person made of it afterwards. */
export type BreakGlass = Word & {
  readonly reason: string
  readonly review: {
    readonly id: string
    readonly handle: string
    readonly atMs: number
    readonly note: string
  } | null
}

/** Pledge is what the runbooks promised when a run was prepared; it stays with the run. */
export type Pledge = {
  readonly effect: string
  readonly undo: string
  readonly probe: string
  readonly question: string | null
  readonly answer: 'yes' | 'no' | null
  readonly withinSeconds: number
  readonly command: string
  readonly secretParams: readonly { readonly name: string; readonly label: string }[]
}

/** RunRow is a run as it is stored, its JSON columns typed. */
export type RunRow = Omit<
  ActionRun,
  'state' | 'risk' | 'params' | 'plan' | 'promise' | 'asked' | 'approval' | 'breakGlass'
> & {
  readonly state: RunState
  readonly risk: Risk
  readonly params: Readonly<Record<string, unknown>>
  readonly plan: Plan | null
  readonly promise: Pledge
  readonly asked: Word | null
  readonly approval: Word | null
  readonly breakGlass: BreakGlass | null
}

/** By is who did a transition: the id that stays and the name that people read. */
export type By = { readonly actor: string; readonly name: string }

/** WORKER is the console's own hand. */
export const WORKER: By = { actor: 'machine:actions', name: 'actions' }

function typed(row: ActionRun): RunRow {
  return row as unknown as RunRow
}

function jsonOf(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as Prisma.InputJsonValue
}

/** planHashOf is the sha256 of everything that a second person agrees to. */
export function planHashOf(run: {
  readonly incidentId: string
  readonly action: string
  readonly executor: string
  readonly params: Readonly<Record<string, unknown>>
  readonly plan: Plan | null
}): string {
  const { incidentId, action, executor, params, plan } = run
  const text = canonicalize(JSON.parse(JSON.stringify({ incidentId, action, executor, params, plan })))
  return createHash('sha256')
    .update(text ?? '')
    .digest('hex')
}

/** Sighted is what an action may know of its incident. */
export type Sighted = {
  readonly isOver: boolean
  readonly isMerged: boolean
  readonly isDrill: boolean
}

/** seeIncident throws not_found for an incident that is not there or that the actor may not know of. */
export async function seeIncident(tx: Tx, actor: Actor, id: string): Promise<Sighted> {
  const row = await tx.incident.findFirst({
    where: { AND: [{ id }, withinSight(actor)] },
    select: { status: true, mergedInto: true, drill: true },
  })
  if (!row) throw new AppError('not_found', 'There is no such incident.')
  return {
    isOver: row.status === 'resolved' || row.mergedInto !== null,
    isMerged: row.mergedInto !== null,
    isDrill: row.drill,
  }
}

/** listInstances gives the instances that the provider lists, for the allow-list of actions on them. */
export async function listInstances(
  tx: Tx,
): Promise<readonly { readonly value: string; readonly label: string }[]> {
  const rows = await tx.instanceRecord.findMany({
    where: { goneAt: null },
    orderBy: { id: 'asc' },
    take: 10_000,
    select: { id: true, machineId: true, hostId: true },
  })
  return rows.map((row) => ({
    value: row.id,
    label: `${row.id} · machine ${row.machineId} · host ${row.hostId}`,
  }))
}

/** lockRun locks and reads a run until the transaction ends; not_found also where the actor may not know of its incident. */
export async function lockRun(tx: Tx, actor: Actor, id: string): Promise<RunRow> {
  await tx.$queryRaw`SELECT 1 FROM action_run WHERE id = ${id}::uuid FOR UPDATE`
  return findRun(tx, actor, id)
}

/** findRun reads a run; not_found also where the actor may not know of its incident. */
export async function findRun(tx: Tx, actor: Actor, id: string): Promise<RunRow> {
  const row = await tx.actionRun.findUnique({ where: { id } })
  if (!row) throw new AppError('not_found', 'There is no such run of an action.')
  await seeIncident(tx, actor, row.incidentId)
  return typed(row)
}

/** lockForWork locks and reads a run for the worker; undefined when it is gone. */
export async function lockForWork(tx: Tx, id: string): Promise<RunRow | undefined> {
  await tx.$queryRaw`SELECT 1 FROM action_run WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.actionRun.findUnique({ where: { id } })
  return row ? typed(row) : undefined
}

/** hasWork tells whether any run waits for its hour, for the worker or for a look. */
export async function hasWork(sql: Sql): Promise<boolean> {
  const open = [...new Set([...EXPIRING, ...WORKED])]
  const [found] = await sql.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM action_run WHERE state = ANY(${open}::text[])) AS any`
  return found?.any === true
}

/** runsIn gives the runs in these states, oldest first. */
export async function runsIn(
  tx: Tx,
  states: readonly RunState[],
  options: { readonly limit: number; readonly expiredAt?: Date },
): Promise<readonly RunRow[]> {
  const rows = await tx.actionRun.findMany({
    where: {
      state: { in: [...states] },
      ...(options.expiredAt ? { expiresAt: { lte: options.expiredAt } } : {}),
    },
    orderBy: { preparedAt: 'asc' },
    take: options.limit,
  })
  return rows.map(typed)
}

/** runsOfIncident gives an incident's runs, newest first. */
export async function runsOfIncident(tx: Tx, incidentId: string): Promise<readonly RunRow[]> {
  const rows = await tx.actionRun.findMany({
    where: { incidentId },
    orderBy: { preparedAt: 'desc' },
    take: 200,
  })
  return rows.map(typed)
}

/** unreviewed gives runs by break-glass that nobody else has looked at, of the incidents that the actor may know of. */
export async function unreviewed(tx: Tx, actor: Actor): Promise<readonly RunRow[]> {
  const rows = await tx.actionRun.findMany({
    where: { isBreakGlass: true, reviewedAt: null },
    orderBy: { preparedAt: 'asc' },
    take: 200,
  })
  const seen = await tx.incident.findMany({
    where: { AND: [{ id: { in: rows.map((row) => row.incidentId) } }, withinSight(actor)] },
    select: { id: true },
  })
  const ids = new Set(seen.map((it) => it.id))
  return rows.filter((row) => ids.has(row.incidentId)).map(typed)
}

/** NewRun is a run before it is stored. */
export type NewRun = {
  readonly id: string
  readonly incidentId: string
  readonly leaf: string | null
  readonly action: string
  readonly title: string
  readonly risk: Risk
  readonly executor: string
  readonly state: RunState
  readonly params: Readonly<Record<string, unknown>>
  readonly plan: Plan | null
  readonly promise: Pledge
  readonly dryRun: string
  readonly by: By
  readonly now: Date
  readonly expiresAt: Date
  readonly undoes: string | null
  readonly isDrill: boolean
  readonly outcome?: string
  readonly output?: string
  readonly sentAt?: Date
}

/** insertRun stores a run with its first step and its entry in the incident's record. */
export async function insertRun(tx: Tx, run: NewRun): Promise<RunRow> {
  const { by, now, plan, promise, params, ...rest } = run
  const row = await tx.actionRun.create({
    data: {
      ...rest,
      params: jsonOf(params),
      ...(plan === null ? {} : { plan: jsonOf(plan) }),
      promise: jsonOf(promise),
      planHash: planHashOf(run),
      authorId: by.actor,
      author: by.name,
      preparedAt: now,
      decidedAt: run.sentAt ?? null,
      outcome: run.outcome ?? '',
      output: run.output ?? '',
      sentAt: run.sentAt ?? null,
    },
  })
  const stored = typed(row)
  const event = plan === null ? 'record' : 'prepare'
  await writeStep(tx, stored, { seq: 1, event, by, now, detail: run.outcome ?? run.dryRun, epoch: 0 })
  return stored
}

/** Moved is what a transition brings beside the state. */
export type Moved = {
  readonly by: By
  readonly now: Date
  readonly detail: string
  readonly epoch?: number
  readonly changes?: Prisma.ActionRunUpdateInput
}

/** move does one transition: state, version, step and record together; a conflict when it can't happen or somebody was faster. */
export async function move(tx: Tx, row: RunRow, event: RunEvent, moved: Moved): Promise<RunRow> {
  const to = nextState(row.state, event)
  if (to === undefined)
    throw new AppError('conflict', `This can’t be done now: the run is ${STATE_WORDS[row.state]}.`, {
      current: { state: row.state, version: row.version },
    })
  const { count } = await tx.actionRun.updateMany({
    where: { id: row.id, version: row.version, state: row.state },
    data: {
      ...moved.changes,
      state: to,
      version: row.version + 1,
    } as Prisma.ActionRunUpdateManyMutationInput,
  })
  if (count === 0) throw new AppError('conflict', 'Somebody else moved this run meanwhile. Look again.')
  const after = typed(await tx.actionRun.findUniqueOrThrow({ where: { id: row.id } }))
  await writeStep(tx, after, {
    seq: after.version,
    event,
    by: moved.by,
    now: moved.now,
    detail: moved.detail,
    epoch: moved.epoch ?? 0,
  })
  return after
}

type StepInput = {
  readonly seq: number
  readonly event: string
  readonly by: By
  readonly now: Date
  readonly detail: string
  readonly epoch: number
}

async function writeStep(tx: Tx, run: RunRow, step: StepInput): Promise<void> {
  const detail = redactText(step.detail).slice(0, 2_000)
  await tx.actionStep.create({
    data: {
      runId: run.id,
      seq: step.seq,
      at: step.now,
      event: step.event,
      state: run.state,
      by: step.by.name,
      detail,
      epoch: BigInt(step.epoch),
    },
  })
  await recordByMachine(tx, {
    incidentId: run.incidentId,
    author: step.by,
    now: step.now,
    entries: [
      {
        kind: 'action',
        source: 'action',
        body: {
          run: run.id,
          action: run.action,
          title: run.title,
          risk: run.risk,
          event: step.event,
          state: run.state,
          words: STATE_WORDS[run.state],
          subject: run.plan?.subject ?? '',
          command: run.plan?.command ?? run.promise.command,
          detail: detail.slice(0, 500),
        },
      },
    ],
  })
}

/** setReview writes another person's review of a break-glass. */
export async function setReview(tx: Tx, row: RunRow, breakGlass: BreakGlass, now: Date): Promise<void> {
  await tx.actionRun.update({
    where: { id: row.id },
    data: { breakGlass: jsonOf(breakGlass), reviewedAt: now },
  })
}

/** markProbed remembers when a run was looked at last. */
export async function markProbed(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.actionRun.updateMany({ where: { id }, data: { probedAt: now } })
}

/** stepsOf gives a run's transitions in order. */
export async function stepsOf(tx: Tx, runId: string) {
  return tx.actionStep.findMany({ where: { runId }, orderBy: { seq: 'asc' } })
}

const EVIDENCE_MAX = 262_144

/** saveEvidence keeps what was read of the target before it is changed; texts are redacted and cut at 256 KiB. */
export async function saveEvidence(
  tx: Tx,
  run: Pick<RunRow, 'id' | 'incidentId'>,
  captured: readonly Captured[],
  now: Date,
): Promise<void> {
  await tx.actionEvidence.createMany({
    data: captured.map((it) => {
      const text = redactText(it.text).slice(0, EVIDENCE_MAX).replaceAll('\u0000', '\uFFFD')
      return {
        id: randomUUID(),
        runId: run.id,
        incidentId: run.incidentId,
        name: it.name,
        at: now,
        text,
        sha256: createHash('sha256').update(text).digest('hex'),
        problem: redactText(it.problem ?? ''),
      }
    }),
  })
}

/** evidenceRows gives what runs kept before they changed anything, oldest first. */
export async function evidenceRows(
  tx: Tx,
  where: { readonly runId: string } | { readonly incidentId: string },
) {
  return tx.actionEvidence.findMany({ where, orderBy: [{ at: 'asc' }, { name: 'asc' }] })
}
