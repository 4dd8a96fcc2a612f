import { randomUUID } from 'node:crypto'
import type { Deployment, Prisma } from '../../prisma/generated/client'
import type { Actor } from '../operation'
import { sha256Hex } from '../platform/crypto'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { DESCRIBED } from './changed-store'
import { changedFields, changedTexts, type FieldChange, planHash } from './hash'
import type { Looks } from './looks'
import {
  type DeploymentState,
  type Environment,
  mayMove,
  nameOf,
  type Plan,
  plannedMinutesOf,
  STATE_WORDS,
} from './model'

/** DeploymentRow is a deployment as it is stored, its JSON columns typed. */
export type DeploymentRow = Omit<Deployment, 'plan' | 'state' | 'environment' | 'looks'> & {
  readonly plan: Plan
  readonly state: DeploymentState
  readonly environment: Environment
  readonly looks: Looks | null
}

/** By is who did something: the id that stays and the name that people read. */
export type By = { readonly id: string; readonly name: string }

/** WORKER is the console's own hand. */
export const WORKER: By = { id: 'machine:deployments', name: 'deployments' }

/** byOf is the actor as it stands in the records. */
export function byOf(actor: Actor): By {
  return actor.kind === 'person'
    ? { id: actor.id, name: actor.handle }
    : { id: `machine:${actor.id}`, name: actor.id }
}

function typed(row: Deployment): DeploymentRow {
  return row as unknown as DeploymentRow
}

/** jsonOf makes a value a JSON column. */
export function jsonOf(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as Prisma.InputJsonValue
}

/** hashOf is the sha256 (hex) of what people approve of a plan. */
export function hashOf(plan: Plan): string {
  return planHash(plan, sha256Hex)
}

/** titleOf is a deployment in one sentence. */
export function titleOf(plan: Plan): string {
  const to = plan.artifacts.map(({ tag }) => tag).join(', ')
  return `${plan.service} ${plan.baseline ? `${plan.baseline.tag} → ` : ''}${to} to ${plan.environment}`
}

/** NewDeployment is a plan before it is stored. */
export type NewDeployment = {
  readonly plan: Plan
  readonly state: DeploymentState
  readonly by: By
  readonly origin: 'person' | 'key' | 'webhook'
  readonly looks: Looks | undefined
  readonly now: Date
}

/** insertDeployment stores a plan with its first revision and event. */
export async function insertDeployment(tx: Tx, input: NewDeployment): Promise<DeploymentRow> {
  const { plan, state, by, now } = input
  const [next] = await tx.$queryRaw<{ number: bigint }[]>`SELECT nextval('deployment_number') AS number`
  const id = randomUUID()
  const row = await tx.deployment.create({
    data: {
      id,
      number: Number(next?.number ?? 0),
      ...columnsOf(plan),
      state,
      requesterId: by.id,
      requester: by.name,
      origin: input.origin,
      createdAt: now,
      submittedAt: state === 'draft' ? null : now,
      ...(input.looks ? { looks: jsonOf(input.looks), lookedAt: now } : {}),
    },
  })
  await keepRevision(tx, { id, revision: 1, plan, changed: [], by, now })
  await writeEvent(tx, id, { kind: 'planned', by, words: `planned ${titleOf(plan)}`, body: {}, now })
  return typed(row)
}

function columnsOf(plan: Plan) {
  return {
    service: plan.service,
    environment: plan.environment,
    provider: plan.provider,
    title: titleOf(plan),
    plan: jsonOf(plan),
    planHash: hashOf(plan),
    plannedStartAt: new Date(plan.window.startAt),
    windowEndAt: new Date(plan.window.endAt),
    plannedMinutes: plannedMinutesOf(plan),
  }
}

async function keepRevision(
  tx: Tx,
  input: {
    readonly id: string
    readonly revision: number
    readonly plan: Plan
    readonly changed: readonly FieldChange[]
    readonly by: By
    readonly now: Date
  },
): Promise<void> {
  await tx.deploymentRevision.create({
    data: {
      deploymentId: input.id,
      revision: input.revision,
      plan: jsonOf(input.plan),
      planHash: hashOf(input.plan),
      changed: jsonOf(input.changed),
      byId: input.by.id,
      by: input.by.name,
      at: input.now,
    },
  })
}

/** Event is one entry of a deployment's record. */
export type Event = {
  readonly kind: string
  readonly by: By
  readonly words: string
  readonly body: unknown
  readonly now: Date
}

/** writeEvent appends to a deployment's record; the caller holds the row's lock or has just made it. */
export async function writeEvent(tx: Tx, id: string, event: Event): Promise<void> {
  const top = await tx.deploymentEvent.aggregate({ where: { deploymentId: id }, _max: { seq: true } })
  await tx.deploymentEvent.create({
    data: {
      deploymentId: id,
      seq: (top._max.seq ?? 0) + 1,
      at: event.now,
      kind: event.kind,
      by: event.by.name,
      words: event.words.slice(0, 1_000),
      body: jsonOf(event.body),
    },
  })
}

/** findByNumber gives a deployment; throws not_found. */
export async function findByNumber(tx: Tx, number: number): Promise<DeploymentRow> {
  const row = await tx.deployment.findUnique({ where: { number } })
  if (!row) throw new AppError('not_found', `There is no deployment ${nameOf(number)}.`)
  return typed(row)
}

/** lockByNumber locks and gives a deployment until the transaction ends; throws not_found. */
export async function lockByNumber(tx: Tx, number: number): Promise<DeploymentRow> {
  await tx.$queryRaw`SELECT 1 FROM deployment WHERE number = ${number} FOR UPDATE`
  return findByNumber(tx, number)
}

/** lockById locks and gives a deployment; undefined when it is gone. */
export async function lockById(tx: Tx, id: string): Promise<DeploymentRow | undefined> {
  await tx.$queryRaw`SELECT 1 FROM deployment WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.deployment.findUnique({ where: { id } })
  return row ? typed(row) : undefined
}

/** changeRow writes columns of a locked deployment and counts the change. */
export async function changeRow(
  tx: Tx,
  row: DeploymentRow,
  data: Prisma.DeploymentUpdateInput,
): Promise<DeploymentRow> {
  return typed(
    await tx.deployment.update({ where: { id: row.id }, data: { ...data, version: row.version + 1 } }),
  )
}

/** moveRow takes a locked deployment to another state with its event; throws conflict where that step does not exist. */
export async function moveRow(
  tx: Tx,
  row: DeploymentRow,
  to: DeploymentState,
  moved: {
    readonly why: string
    readonly by: By
    readonly now: Date
    readonly data?: Prisma.DeploymentUpdateInput
  },
): Promise<DeploymentRow> {
  if (row.state === to) return row
  if (!mayMove(row.state, to))
    throw new AppError(
      'conflict',
      `${nameOf(row.number)} is ${STATE_WORDS[row.state]}: it can’t become ${STATE_WORDS[to]}.`,
      {
        current: { state: row.state, version: row.version },
      },
    )
  const after = await changeRow(tx, row, { ...moved.data, state: to, stateWhy: moved.why })
  await writeEvent(tx, row.id, {
    kind: `state.${to}`,
    by: moved.by,
    words: `${STATE_WORDS[to]}${moved.why === '' ? '' : `: ${moved.why}`}`,
    body: { from: row.state, to },
    now: moved.now,
  })
  return after
}

/** Revised is a deployment after its plan changed, with what differs; nothing differs where the hash is the same. */
export type Revised = { readonly row: DeploymentRow; readonly changed: readonly FieldChange[] }

/**
 * reviseRow gives a locked deployment another plan. When anything that people approve differs, it is a new revision and the
 * approvals of the old one end, with the fields named; rule D-HSH-3.
 */
export async function reviseRow(
  tx: Tx,
  row: DeploymentRow,
  input: { readonly plan: Plan; readonly by: By; readonly now: Date; readonly note: string },
): Promise<Revised> {
  const { plan, by, now } = input
  const changed = changedFields(row.plan, plan)
  if (changed.length === 0) {
    const same = await changeRow(tx, row, { plan: jsonOf(plan), title: titleOf(plan) })
    await noteTexts(tx, row, { plan, by, now, version: same.version })
    return { row: same, changed }
  }
  const revision = row.revision + 1
  const after = await changeRow(tx, row, { ...columnsOf(plan), revision, approvedAt: null })
  await keepRevision(tx, { id: row.id, revision, plan, changed, by, now })
  const fields = changed.map(({ field, words, from, to }) => ({ field, words, from, to }))
  await tx.deploymentApproval.updateMany({
    where: { deploymentId: row.id, endedAt: null, word: 'approve' },
    data: { endedAt: now, endedWhy: jsonOf({ kind: 'void', fields, by: by.name }) },
  })
  await writeEvent(tx, row.id, {
    kind: 'revised',
    by,
    words: `revision ${revision}: ${changed.map(({ words }) => words).join(', ')} changed${input.note === '' ? '' : ` (${input.note})`}`,
    body: { revision, changed: fields },
    now,
  })
  await noteTexts(tx, row, { plan, by, now, version: after.version })
  return { row: after, changed }
}

async function noteTexts(
  tx: Tx,
  row: DeploymentRow,
  after: { readonly plan: Plan; readonly by: By; readonly now: Date; readonly version: number },
): Promise<void> {
  const { plan, by, now, version } = after
  const changed = changedTexts(row.plan, plan)
  if (changed.length === 0) return
  const words = `${changed.map((it) => it.words).join(' and ')} changed`
  await writeEvent(tx, row.id, { kind: DESCRIBED, by, words, body: { version, changed }, now })
}

/** touched are the hints of a change: the deployment's own page and the board of all. */
export function touched(row: Pick<DeploymentRow, 'number'>): readonly { topic: string; ref: string }[] {
  return [
    { topic: 'deployments', ref: String(row.number) },
    { topic: 'deployments', ref: 'all' },
  ]
}

/** listRows gives deployments by states, the latest planned start first or, for whoever works them off, the soonest; at most `limit`. */
export async function listRows(
  tx: Tx,
  where: {
    readonly states?: readonly DeploymentState[]
    readonly service?: string | undefined
    readonly environment?: string | undefined
    readonly since?: Date
    readonly isSoonestFirst?: boolean
  },
  limit: number,
): Promise<readonly DeploymentRow[]> {
  const rows = await tx.deployment.findMany({
    where: {
      ...(where.states ? { state: { in: [...where.states] } } : {}),
      ...(where.service ? { service: where.service } : {}),
      ...(where.environment ? { environment: where.environment } : {}),
      ...(where.since ? { createdAt: { gte: where.since } } : {}),
    },
    orderBy: where.isSoonestFirst
      ? [{ plannedStartAt: 'asc' }, { number: 'asc' }]
      : [{ plannedStartAt: 'desc' }, { number: 'desc' }],
    take: limit,
  })
  return rows.map(typed)
}

/** liveOf is what ran last with success in an environment; undefined when nothing did. */
export async function liveOf(
  tx: Tx,
  service: string,
  environment: Environment,
): Promise<
  | {
      readonly digest: string
      readonly tag: string
      readonly committedAt?: string | undefined
      readonly number: number
    }
  | undefined
> {
  const row = await tx.deployment.findFirst({
    where: { service, environment, state: 'succeeded' },
    orderBy: [{ endedAt: 'desc' }, { number: 'desc' }],
  })
  if (!row) return undefined
  const { plan } = typed(row)
  const [artifact] = plan.artifacts
  if (!artifact) return undefined
  return {
    digest: artifact.digest,
    tag: artifact.tag,
    committedAt: plan.about.committedAt,
    number: row.number,
  }
}
