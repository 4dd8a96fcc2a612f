import type { z } from 'zod'
import { defineCommand } from '../operation'
import { sha256Hex } from '../platform/crypto'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { changedSince } from './changed-store'
import {
  answer,
  changedMeanwhile,
  digestFor,
  looksFor,
  refuseAtOnce,
  refusePlan,
  serviceOf,
} from './commands-common'
import { revisedAbout, revisedPlan } from './compose'
import {
  byOf,
  changeRow,
  type DeploymentRow,
  findByNumber,
  liveOf,
  lockByNumber,
  moveRow,
  reviseRow,
  writeEvent,
} from './deployment-store'
import { ABOUT_FIELDS } from './hash'
import { INPUTS } from './inputs'
import { loadDeployRules } from './load-rules'
import { keepLooks } from './looking-store'
import { isEnded, isRunning, nameOf, STATE_WORDS } from './model'
import { whereOf } from './situation-store'

/** revise changes a plan: approvals of the old one are void, with the fields that differ named. */
export const revise = defineCommand({
  name: 'deployments.revise',
  summary: 'Changes a plan; approvals of the old one are void, with the differing fields named.',
  permission: 'deployments.plan',
  input: INPUTS.revise,
  before: async (scope, { number, seenRevision: _seen, seenVersion: _version, note: _note, ...changes }) => {
    refuseAtOnce(scope, changes.isAtOnce)
    const { db } = scope.console
    const row = await findByNumber(db, number)
    const rules = await loadDeployRules(scope.console, scope.now)
    const service = serviceOf(rules, row.service)
    const where = await whereOf(db, {
      service: row.service,
      environment: row.environment,
      rules,
      now: scope.now,
    })
    const digest =
      changes.tag === undefined && changes.digest === undefined
        ? undefined
        : await digestFor(scope, {
            image: service.image,
            tag: changes.tag ?? row.plan.artifacts[0]?.tag ?? '',
            digest: changes.digest,
          })
    const next = revisedPlan({
      plan: row.plan,
      changes,
      digest,
      service,
      where,
      policyVersion: rules.versionOf(row.service),
      live: await liveOf(db, row.service, row.environment),
      sha: sha256Hex,
    })
    return { service, next, looks: await looksFor(scope, service, next) }
  },
  run: async (scope, input) => {
    const { tx, now, before } = scope
    const row = await lockByNumber(tx, input.number)
    await refuseChanged(tx, row, input)
    refuseUnderWay(row)
    const by = byOf(scope.actor)
    // What only describes makes no revision: it is taken from the locked row, not from the one that was looked at.
    const plan = { ...before.next, about: revisedAbout(row.plan.about, input) }
    if (row.state !== 'draft')
      await refusePlan(scope, {
        plan,
        service: before.service,
        looks: before.looks,
        requesterId: row.requesterId,
        revised: row.plan,
      })
    const { row: revised, changed } = await reviseRow(tx, row, {
      plan,
      by,
      now,
      note: input.note,
    })
    refuseSameAgain(row, changed.length)
    const isImage = changed.some(({ field }) => field === 'artifacts')
    const to = changed.length === 0 ? revised.state : stateAfter(revised, isImage)
    const after =
      to === revised.state
        ? revised
        : await moveRow(tx, revised, to, { why: 'the plan changed', by, now, data: { announcedAt: null } })
    await keepLooks(tx, after, { service: before.service, looks: before.looks, now })
    return answer(after, { changed: changed.map(({ field }) => field), note: input.note })
  },
})

async function refuseChanged(
  tx: Tx,
  row: DeploymentRow,
  input: z.output<typeof INPUTS.revise>,
): Promise<void> {
  const changed = await changedSince(tx, row, {
    revision: input.seenRevision,
    version: input.seenVersion ?? row.version,
    fields: ABOUT_FIELDS.filter((field) => input[field] !== undefined),
  })
  if (row.revision !== input.seenRevision || changed.length > 0) throw changedMeanwhile(row, changed)
}

function stateAfter(row: DeploymentRow, isImage: boolean): DeploymentRow['state'] {
  if (row.state === 'draft') return 'draft'
  if (row.environment === 'production' && isImage && row.state !== 'rejected' && row.state !== 'expired')
    return row.state === 'staging_deploying' ||
      row.state === 'awaiting_approval' ||
      row.state === 'staging_soaking'
      ? 'staging_deploying'
      : 'awaiting_approval'
  return row.state === 'staging_deploying' || row.state === 'staging_soaking'
    ? row.state
    : 'awaiting_approval'
}

/** What was rejected or outlived its window is asked for anew only when something that people approve differs. */
function refuseSameAgain({ state, number }: DeploymentRow, changes: number): void {
  if (changes > 0 || !isEnded(state)) return
  throw new AppError(
    'conflict',
    `${nameOf(number)} is ${STATE_WORDS[state]}, and nothing that people approve would differ. Change ${state === 'expired' ? 'the start' : 'what was rejected'}.`,
  )
}

function refuseUnderWay(row: DeploymentRow): void {
  if (isRunning(row.state))
    throw new AppError('conflict', `${nameOf(row.number)} is under way: its plan stands. Roll back or wait.`)
  if (isEnded(row.state) && row.state !== 'rejected' && row.state !== 'expired')
    throw new AppError('conflict', `${nameOf(row.number)} is over. Plan anew.`)
}

/** refresh looks outside again and judges the automatic items anew. */
export const refresh = defineCommand({
  name: 'deployments.refresh',
  summary: 'Looks outside again for a deployment and judges its automatic items anew.',
  permission: 'deployments.check',
  input: INPUTS.refresh,
  before: async (scope, input) => {
    const row = await findByNumber(scope.console.db, input.number)
    const rules = await loadDeployRules(scope.console, scope.now)
    const service = serviceOf(rules, row.service)
    return { service, looks: await looksFor(scope, service, row.plan) }
  },
  run: async (scope, input) => {
    const row = await lockByNumber(scope.tx, input.number)
    await keepLooks(scope.tx, row, { ...scope.before, now: scope.now })
    return answer(row, { refreshed: true })
  },
})

/** hold keeps a deployment from starting before an instant, or lets it go again. */
export const hold = defineCommand({
  name: 'deployments.hold',
  summary: 'Keeps a deployment from starting before an instant, or lets it go again.',
  permission: 'deployments.approve',
  input: INPUTS.hold,
  run: async (scope, input) => {
    const { tx, now } = scope
    const row = await lockByNumber(tx, input.number)
    refuseUnderWay(row)
    const until = input.until === null ? null : new Date(input.until)
    if (until !== null && until <= now)
      throw new AppError('invalid', 'That is over already: it would hold nothing.', {
        issues: [{ path: 'until', message: 'lies in the past' }],
      })
    const after = await changeRow(tx, row, { holdUntil: until })
    const words = until ? `held until ${until.toISOString()}` : 'no longer held'
    await writeEvent(tx, row.id, {
      kind: 'held',
      by: byOf(scope.actor),
      words: input.reason === '' ? words : `${words}: ${input.reason}`,
      body: { until: input.until },
      now,
    })
    return answer(after, { until: input.until, reason: input.reason })
  },
})

/** cancel ends a deployment of which nothing has moved yet. */
export const cancel = defineCommand({
  name: 'deployments.cancel',
  summary: 'Ends a deployment of which nothing has moved yet.',
  permission: 'deployments.plan',
  input: INPUTS.cancel,
  run: async (scope, input) => {
    const { tx, now } = scope
    const row = await lockByNumber(tx, input.number)
    refuseUnderWay(row)
    const after = await moveRow(tx, row, 'cancelled', {
      why: input.reason,
      by: byOf(scope.actor),
      now,
      data: { endedAt: now },
    })
    return answer(after, { reason: input.reason })
  },
})
