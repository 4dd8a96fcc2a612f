import { randomUUID } from 'node:crypto'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { byOf } from './deployment-store'
import { INPUTS } from './inputs'

const TOUCHED = [{ topic: 'deployments', ref: 'all' }] as const

/** freeze sets a freeze for an event, or stops every start at once. */
export const freeze = defineCommand({
  name: 'deployments.freeze',
  summary: 'Sets a freeze for an event, or stops every start at once; rollbacks and aborts go on.',
  permission: 'deployments.freeze',
  input: INPUTS.freeze,
  run: async ({ tx, actor, now }, input) => {
    const by = byOf(actor)
    const id = randomUUID()
    const startsAt = input.startsAt ? new Date(input.startsAt) : now
    const endsAt = input.endsAt ? new Date(input.endsAt) : null
    if (endsAt !== null && endsAt <= now)
      throw new AppError('invalid', 'It would be over already.', {
        issues: [{ path: 'endsAt', message: 'lies in the past' }],
      })
    const { kind, service, reason } = input
    await tx.deploymentFreeze.create({
      data: { id, kind, service, reason, startsAt, endsAt, byId: by.id, by: by.name, at: now },
    })
    return { result: { id }, audit: { subject: `freeze:${id}`, detail: { ...input } }, touched: TOUCHED }
  },
})

/** lift ends a freeze early, with a reason. */
export const lift = defineCommand({
  name: 'deployments.lift',
  summary: 'Ends a freeze early, with a reason.',
  permission: 'deployments.freeze',
  input: INPUTS.lift,
  run: async ({ tx, actor, now }, input) => {
    const { count } = await tx.deploymentFreeze.updateMany({
      where: { id: input.freeze, liftedAt: null },
      data: { liftedAt: now, liftedBy: byOf(actor).name, liftedWhy: input.reason },
    })
    if (count === 0) throw new AppError('not_found', 'There is no such freeze, or it was lifted already.')
    return {
      result: { id: input.freeze },
      audit: { subject: `freeze:${input.freeze}`, detail: { reason: input.reason } },
      touched: TOUCHED,
    }
  },
})
