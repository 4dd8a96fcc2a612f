import type { Prisma } from '../../prisma/generated/client'
import type { Tx } from '../platform/db'
import { type By, changeRow, type DeploymentRow, jsonOf, lockById, moveRow } from './deployment-store'
import type { DeployRules } from './load-rules'
import { type DeploymentState, isRunning } from './model'
import { type Readiness, startable } from './readiness'
import { loadSituation } from './situation-store'

/** Gate is the answer of the start's own look: the locked deployment and whether it may start now, with what is unmet. */
export type Gate =
  | { readonly kind: 'asked'; readonly row: DeploymentRow; readonly readiness: Readiness }
  | { readonly kind: 'gone'; readonly why: string }

/**
 * startGate locks a deployment and judges it anew in the caller's transaction: the last word before a start. `rules` come of
 * loadDeployRules, read before the transaction opened. Rule D-RDY-1.
 */
export async function startGate(input: {
  readonly tx: Tx
  readonly deploymentId: string
  readonly rules: DeployRules
  readonly now: Date
}): Promise<Gate> {
  const row = await lockById(input.tx, input.deploymentId)
  if (!row) return { kind: 'gone', why: 'There is no such deployment.' }
  const situation = await loadSituation(input.tx, row, input)
  if (!situation)
    return { kind: 'gone', why: `No definition of ${row.service} is left in runbooks/services.` }
  return { kind: 'asked', row, readiness: startable(situation) }
}

/**
 * moveDeployment takes a deployment to another state on behalf of a rollout. At `progressing` its approvals and overrides are
 * used up and the lock of (service, environment) is taken: the database refuses a second one.
 */
export async function moveDeployment(input: {
  readonly tx: Tx
  readonly deploymentId: string
  readonly to: DeploymentState
  readonly why: string
  readonly by: By
  readonly now: Date
  readonly data?: Prisma.DeploymentUpdateInput
}): Promise<DeploymentRow | undefined> {
  const { tx, to, now } = input
  const row = await lockById(tx, input.deploymentId)
  if (!row) return undefined
  const isStart = isRunning(to) && row.startedAt === null
  if (isStart)
    await tx.deploymentOverride.updateMany({
      where: { deploymentId: row.id, state: 'active' },
      data: { state: 'consumed', usedAt: now },
    })
  const times: Prisma.DeploymentUpdateInput = {
    ...(isStart ? { startedAt: now } : {}),
    ...(to === 'announced' ? { announcedAt: now } : {}),
    ...(['succeeded', 'rolled_back', 'failed', 'cancelled'].includes(to) ? { endedAt: now } : {}),
  }
  return moveRow(tx, row, to, { why: input.why, by: input.by, now, data: { ...times, ...input.data } })
}

/** noteMeasured keeps what a rollout measured of its exposure: shares 0 to 1 by request and by place. */
export async function noteMeasured(input: {
  readonly tx: Tx
  readonly deploymentId: string
  readonly measured: { readonly byRequests?: number; readonly places: Readonly<Record<string, number>> }
}): Promise<void> {
  const row = await lockById(input.tx, input.deploymentId)
  if (row) await changeRow(input.tx, row, { measured: jsonOf(input.measured) })
}

/** noteSoak keeps that a digest is seen running in staging now; a gap of more than two minutes starts its clock anew. */
export async function noteSoak(input: {
  readonly tx: Tx
  readonly service: string
  readonly digest: string
  readonly trouble: string
  readonly signals: unknown
  readonly now: Date
}): Promise<void> {
  const { tx, service, digest, trouble, now } = input
  const key = { service_digest: { service, digest } }
  const known = await tx.deploymentSoak.findUnique({ where: key })
  const isGap = known === null || now.getTime() - known.seenAt.getTime() > 2 * 60_000
  const since = isGap || (known.trouble !== '' && trouble === '') ? now : known.since
  const data = { since, seenAt: now, trouble, signals: jsonOf(input.signals) }
  await tx.deploymentSoak.upsert({ where: key, create: { service, digest, ...data }, update: data })
}
