import { randomUUID } from 'node:crypto'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { serviceOf } from './commands-common'
import { byOf, jsonOf } from './deployment-store'
import { INPUTS } from './inputs'
import { loadDeployRules } from './load-rules'
import { type RotateStep, rotated } from './secrets'
import { lockSecret, noteSecret, secretRow } from './upkeep-store'

const TOUCHED = [{ topic: 'deployments', ref: 'upkeep' }] as const

/** addSecret puts a secret's name into the ledger of rotations; its value is never taken. */
export const addSecret = defineCommand({
  name: 'deployments.addSecret',
  summary: 'Puts the name of a secret into the ledger of rotations; never its value.',
  permission: 'deployments.rotate',
  input: INPUTS.addSecret,
  before: async (scope, input) => serviceOf(await loadDeployRules(scope.console, scope.now), input.service),
  run: async ({ tx, actor, now }, input) => {
    const by = byOf(actor)
    const { name, service, environment, owner, everyDays } = input
    const known = await tx.secretRecord.findFirst({ where: { name, service, environment } })
    if (known) throw new AppError('conflict', `${name} of ${service} is in the ledger already.`)
    const rotatedAt = new Date(input.rotatedAt)
    if (rotatedAt > now)
      throw new AppError('invalid', 'It can’t have been rotated in the future.', {
        issues: [{ path: 'rotatedAt', message: 'lies in the future' }],
      })
    const id = randomUUID()
    await tx.secretRecord.create({
      data: {
        id,
        name,
        service,
        environment,
        owner,
        everyDays,
        rotatedAt,
        consumers: jsonOf(input.consumers.map((consumer) => ({ name: consumer }))),
        updatedBy: by.name,
        updatedAt: now,
      },
    })
    await noteSecret(tx, id, { kind: 'added', by, words: `put into the ledger, owner ${owner}`, now })
    return {
      result: { id },
      audit: { subject: `secret:${id}`, detail: { name, service, owner } },
      touched: TOUCHED,
    }
  },
})

function stepOf(input: (typeof INPUTS)['rotate']['_output']): RotateStep {
  switch (input.step) {
    case 'begin':
      return { step: 'begin', dualHours: input.dualHours }
    case 'restarted':
      return { step: 'restarted', consumer: input.consumer ?? '' }
    case 'finish':
      return { step: 'finish' }
  }
}

/** rotate does one step of a rotation: begun with both values good, a consumer restarted, the old one removed. */
export const rotate = defineCommand({
  name: 'deployments.rotate',
  summary: 'Does one step of a secret’s rotation: begun, a consumer restarted, or the old value removed.',
  permission: 'deployments.rotate',
  input: INPUTS.rotate,
  run: async ({ tx, actor, now }, input) => {
    const by = byOf(actor)
    const row = await lockSecret(tx, input.secret)
    if (row.version !== input.version)
      throw new AppError('conflict', 'Somebody moved this rotation meanwhile. Look again.')
    const step = stepOf(input)
    const after = rotated(secretRow(row), step, now.getTime())
    if (!after.ok) throw new AppError('conflict', after.why)
    const { rotatedAtMs, dualUntilMs, state, consumers } = after.row
    await tx.secretRecord.update({
      where: { id: row.id },
      data: {
        state,
        rotatedAt: new Date(rotatedAtMs),
        dualUntil: dualUntilMs === undefined ? null : new Date(dualUntilMs),
        consumers: jsonOf(consumers),
        version: row.version + 1,
        updatedBy: by.name,
        updatedAt: now,
      },
    })
    const words = {
      begin: `new value set; both are good for ${input.dualHours} h`,
      restarted: `${input.consumer} restarted with the new value`,
      finish: 'old value removed',
    }[input.step]
    await noteSecret(tx, row.id, {
      kind: input.step,
      by,
      words: input.note === '' ? words : `${words} (${input.note})`,
      now,
    })
    return {
      result: { id: row.id, state },
      audit: { subject: `secret:${row.id}`, detail: { name: row.name, step: input.step } },
      touched: TOUCHED,
    }
  },
})

/** decideSize takes or leaves a proposal of another size, with the reason; nothing is changed by it. */
export const decideSize = defineCommand({
  name: 'deployments.decideSize',
  summary: 'Takes or leaves a proposal of another size, with the reason; it changes nothing by itself.',
  permission: 'deployments.size',
  input: INPUTS.decideSize,
  run: async ({ tx, actor, now }, input) => {
    const { count } = await tx.sizingProposal.updateMany({
      where: { id: input.proposal, state: 'open' },
      data: {
        state: input.take ? 'taken' : 'dismissed',
        decidedBy: byOf(actor).name,
        decidedAt: now,
        decidedWhy: input.reason,
      },
    })
    if (count === 0) throw new AppError('conflict', 'This proposal is decided, or was never made.')
    return {
      result: { id: input.proposal },
      audit: { subject: `sizing:${input.proposal}`, detail: { take: input.take, reason: input.reason } },
      touched: TOUCHED,
    }
  },
})
