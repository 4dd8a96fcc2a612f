import { randomUUID } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Prisma, Rollout } from '../../prisma/generated/client'
import type { Look } from '../deployers/deployer'
import type { Plan } from '../deployments/model'
import { sha256Hex } from '../platform/crypto'
import type { Tx } from '../platform/db'
import { redactText } from '../platform/redact'
import type { Sql } from '../platform/sql'
import { type Core, isOver, type Step } from './model'
import type { Decision } from './motion'
import type { RolloutPolicy } from './policy'

/** RolloutRow is a rollout as it is stored, its JSON columns typed. */
export type RolloutRow = Omit<Rollout, 'state' | 'core' | 'plan' | 'policy' | 'look' | 'environment'> & {
  readonly state: Core['state']
  readonly environment: Plan['environment']
  readonly core: Core
  readonly plan: Plan
  readonly policy: RolloutPolicy
  readonly look: Look | null
}

/** jsonOf makes a value fit for a JSON column. */
export function jsonOf(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as Prisma.InputJsonValue
}

/** typedRollout reads a stored row. */
export function typedRollout(row: Rollout): RolloutRow {
  return row as unknown as RolloutRow
}

/** hashOf is the sha256 of a value’s canonical JSON. */
export function hashOf(value: unknown): string {
  return sha256Hex(canonicalize(JSON.parse(JSON.stringify(value ?? null))) ?? '')
}

/** NewRollout is a rollout before it is stored. */
export type NewRollout = Pick<
  RolloutRow,
  | 'number'
  | 'deploymentId'
  | 'service'
  | 'environment'
  | 'provider'
  | 'title'
  | 'plan'
  | 'policy'
  | 'core'
  | 'requesterId'
  | 'requester'
  | 'announcedAt'
  | 'isDrill'
> & { readonly now: Date }

/** insertRollout stores a rollout at its start; a second one of the same service and environment is refused by the database. */
export async function insertRollout(tx: Tx, made: NewRollout): Promise<RolloutRow> {
  const { now, plan, policy, core, ...rest } = made
  const row = await tx.rollout.create({
    data: {
      ...rest,
      id: randomUUID(),
      plan: jsonOf(plan),
      policy: jsonOf(policy),
      policyVersion: hashOf(policy),
      core: jsonOf(core),
      state: core.state,
      startedAt: now,
    },
  })
  return typedRollout(row)
}

/** hasRollouts tells cheaply whether any rollout goes on. */
export async function hasRollouts(sql: Sql): Promise<boolean> {
  const [found] = await sql.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM rollout WHERE state NOT IN ('succeeded', 'rolled_back', 'failed', 'cancelled')) AS any`
  return found?.any === true
}

/** openRollouts gives the rollouts that go on, oldest first. */
export async function openRollouts(db: Tx): Promise<readonly RolloutRow[]> {
  const rows = await db.rollout.findMany({
    where: { state: { notIn: ['succeeded', 'rolled_back', 'failed', 'cancelled'] } },
    orderBy: { startedAt: 'asc' },
    take: 100,
  })
  return rows.map(typedRollout)
}

/** lockRollout locks and reads a rollout; undefined when it is gone. */
export async function lockRollout(tx: Tx, id: string): Promise<RolloutRow | undefined> {
  await tx.$queryRaw`SELECT 1 FROM rollout WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.rollout.findUnique({ where: { id } })
  return row ? typedRollout(row) : undefined
}

/** rolloutOf reads a rollout by its deployment’s number. */
export async function rolloutOf(tx: Tx, number: number): Promise<RolloutRow | undefined> {
  const row = await tx.rollout.findUnique({ where: { number } })
  return row ? typedRollout(row) : undefined
}

/** Change is a rollout’s next core with what was decided and why. */
export type Change = {
  readonly core: Core
  readonly decision: Decision | null
  readonly by: string
  readonly now: Date
  readonly epoch: number
  readonly look?: Look | null
  /** inputs are what the decision was made of; they are stored with it and hashed. */
  readonly inputs?: unknown
}

/** saveRollout writes a change against the version that was read: the core, the steps that moved, and the decision. False when somebody was faster. */
export async function saveRollout(tx: Tx, row: RolloutRow, change: Change): Promise<boolean> {
  const { core, now, look } = change
  const { count } = await tx.rollout.updateMany({
    where: { id: row.id, version: row.version },
    data: {
      core: jsonOf(core),
      state: core.state,
      version: row.version + 1,
      ...(look ? { look: jsonOf(look), lookedAt: now } : {}),
      ...(isOver(core.state) && row.endedAt === null ? { endedAt: now } : {}),
    },
  })
  if (count === 0) return false
  await journal(tx, row, change)
  if (change.decision) await decide(tx, row, change, change.decision)
  return true
}

async function journal(tx: Tx, row: RolloutRow, { core, now, epoch }: Change): Promise<void> {
  const moved = core.steps.flatMap((step, index) =>
    isMoved(row.core.steps[index], step) ? [{ step, index }] : [],
  )
  if (moved.length === 0) return
  const [last] = await tx.$queryRaw<{ seq: number | null }[]>`
    SELECT max(seq) AS seq FROM rollout_step WHERE rollout_id = ${row.id}::uuid`
  await tx.rolloutStep.createMany({
    data: moved.map(({ step, index }, place) => ({
      rolloutId: row.id,
      seq: (last?.seq ?? 0) + place + 1,
      at: now,
      index,
      kind: step.kind,
      percent: step.percent,
      state: step.state,
      attempt: step.attempt,
      detail: redactText(step.sent?.detail || step.detail).slice(0, 1_000),
      epoch: BigInt(epoch),
    })),
  })
}

function isMoved(before: Step | undefined, after: Step): boolean {
  return (
    (before?.state ?? 'pending') !== after.state ||
    (before?.attempt ?? 0) !== after.attempt ||
    before?.sent?.outcome !== after.sent?.outcome
  )
}

async function decide(tx: Tx, row: RolloutRow, change: Change, decision: Decision): Promise<void> {
  const [last] = await tx.$queryRaw<{ seq: number | null }[]>`
    SELECT max(seq) AS seq FROM rollout_decision WHERE rollout_id = ${row.id}::uuid`
  const inputs = change.inputs ?? null
  await tx.rolloutDecision.create({
    data: {
      rolloutId: row.id,
      seq: (last?.seq ?? 0) + 1,
      at: change.now,
      verb: decision.verb,
      sentence: redactText(decision.sentence).slice(0, 2_000),
      by: change.by,
      inputs: jsonOf(inputs),
      trace: jsonOf(decision.trace),
      inputHash: hashOf(inputs),
      policyVersion: row.policyVersion,
    },
  })
}

/** holdDigest stops further deployments of a digest; one that is held already stays so. */
export async function holdDigest(
  tx: Tx,
  row: Pick<RolloutRow, 'id' | 'service' | 'environment' | 'plan'>,
  { reason, by, now }: { readonly reason: string; readonly by: string; readonly now: Date },
): Promise<void> {
  for (const { digest } of row.plan.artifacts)
    await tx.$executeRaw`
      INSERT INTO service_hold (id, service, environment, digest, rollout_id, reason, at, by)
      VALUES (${randomUUID()}::uuid, ${row.service}, ${row.environment}, ${digest}, ${row.id}::uuid, ${reason}, ${now}, ${by})
      ON CONFLICT DO NOTHING`
}
