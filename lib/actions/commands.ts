import { randomUUID } from 'node:crypto'
import { defineCommand, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { redactText } from '../platform/redact'
import { INPUTS } from './inputs'
import { loadActions } from './load-actions'
import { firstState, isInTarget, PLAN_LIFE_MS } from './model'
import { chooseExecutor } from './offer'
import { MANUAL } from './policy'
import { planWith, pledgeOf, prepareAction, refuseOver, riskierOf, ruleOf } from './prepare-commands'
import { byOf, personIn, viewOf } from './queries'
import { findRun, insertRun, lockRun, type NewRun, type RunRow, seeIncident } from './store'
import type { RunView } from './view'

const TOPIC = 'actions'

/** answered is a command's answer: the run as it stands now. */
export async function answered(
  scope: Scope & { readonly tx: Tx },
  row: RunRow,
  detail: Readonly<Record<string, unknown>>,
) {
  const result: RunView = await viewOf(scope.tx, row, scope)
  return {
    result,
    audit: {
      subject: `incident:${row.incidentId}`,
      detail: {
        run: row.id,
        action: row.action,
        risk: row.risk,
        executor: row.executor,
        state: row.state,
        planHash: row.planHash,
        command: row.plan?.command ?? row.promise.command,
        ...detail,
      },
    },
    touched: [
      { topic: TOPIC, ref: row.incidentId },
      { topic: 'incidents', ref: row.incidentId },
    ],
  }
}

/** prepare plans an action and tries it; nothing changes in the target. */
export const prepare = defineCommand({
  name: 'actions.prepare',
  summary:
    'Plans an action with these parameters, lets its target try it, and keeps the plan for fifteen minutes.',
  permission: 'actions.prepare',
  input: INPUTS.prepare,
  before: (scope, input) => prepareAction(scope, input),
  run: async (scope, input) => {
    const { tx, now, before } = scope
    personIn(scope)
    refuseOver(await seeIncident(tx, scope.actor, input.incidentId))
    const run: NewRun = {
      id: before.id,
      incidentId: input.incidentId,
      leaf: input.leaf ?? null,
      action: before.rule.id,
      title: before.title,
      risk: before.risk,
      executor: before.executor,
      state: firstState(before.risk),
      params: before.params,
      plan: before.plan,
      promise: before.pledge,
      dryRun: redactText(before.dryRun),
      by: byOf(scope.actor),
      now,
      expiresAt: new Date(now.getTime() + PLAN_LIFE_MS),
      undoes: null,
      isDrill: before.isDrill,
    }
    return answered(scope, await insertRun(tx, run), { params: before.params })
  },
})

/** undo prepares the way back of a run as a run of its own. */
export const undo = defineCommand({
  name: 'actions.undo',
  summary: 'Prepares the way back of an action as a run of its own.',
  permission: 'actions.prepare',
  input: INPUTS.undo,
  before: async (scope, input) => {
    const row = await findRun(scope.console.db, scope.actor, input.run)
    const wanted = undoOf(row)
    const executor = (await scope.console.actuators()).find(wanted.executor)
    if (!executor) throw new AppError('unavailable', 'The target of this action is not connected any more.')
    const id = randomUUID()
    return { id, executor, wanted, ...(await planWith(executor, wanted.params, id)) }
  },
  run: async (scope, input) => {
    const { tx, now, before } = scope
    personIn(scope)
    const original = await lockRun(tx, scope.actor, input.run)
    undoOf(original)
    const risk = riskierOf(original.risk, before.executor.risk)
    const row = await insertRun(tx, {
      id: before.id,
      incidentId: original.incidentId,
      leaf: original.leaf,
      action: original.action,
      title: `Take back: ${original.title}`,
      risk,
      executor: before.wanted.executor,
      state: firstState(risk),
      params: before.wanted.params,
      plan: before.plan,
      promise: {
        ...original.promise,
        effect: before.plan.effect,
        probe: 'The executor looks at its target.',
        question: null,
        answer: null,
        secretParams: [],
      },
      dryRun: redactText(before.dryRun),
      by: byOf(scope.actor),
      now,
      expiresAt: new Date(now.getTime() + PLAN_LIFE_MS),
      undoes: original.id,
      isDrill: original.isDrill,
    })
    return answered(scope, row, { undoes: original.id })
  },
})

function undoOf(row: RunRow): {
  readonly executor: string
  readonly params: Readonly<Record<string, unknown>>
} {
  if (!isInTarget(row.state))
    throw new AppError('conflict', 'Only what stands in its target can be taken back.')
  if (!row.plan?.undo) throw new AppError('conflict', `There is no way back: ${row.promise.undo}`)
  return row.plan.undo
}

/** recordManual writes down what a person did by hand, with what they pasted. */
export const recordManual = defineCommand({
  name: 'actions.recordManual',
  summary: 'Writes down an action that a person did by hand, with the pasted output, redacted.',
  permission: 'actions.prepare',
  input: INPUTS.recordManual,
  before: async ({ console, actor, now }, input) => {
    await seeIncident(console.db, actor, input.incidentId)
    const { rules } = await loadActions(console, now)
    const rule = ruleOf(rules, input.action)
    return { rule, chosen: chooseExecutor(rule, await console.actuators()) }
  },
  run: async (scope, input) => {
    const { tx, now, before } = scope
    personIn(scope)
    const { rule } = before
    const { isDrill, isMerged } = await seeIncident(tx, scope.actor, input.incidentId)
    if (isMerged)
      throw new AppError('conflict', 'This incident was merged into another one. Work goes on there.')
    const promise = pledgeOf(rule, undefined, {})
    const isWatched = input.outcome !== 'did-not-work' && promise.question !== null && !isDrill
    const note = redactText(input.note)
    const row = await insertRun(tx, {
      id: randomUUID(),
      incidentId: input.incidentId,
      leaf: input.leaf ?? null,
      action: rule.id,
      title: rule.title,
      risk: rule.risk,
      executor: MANUAL,
      state: isWatched ? 'applied' : 'recorded',
      params: {},
      plan: null,
      promise,
      dryRun: '',
      by: byOf(scope.actor),
      now,
      expiresAt: now,
      undoes: null,
      isDrill,
      outcome: [MANUAL_WORDS[input.outcome], note].filter((it) => it !== '').join(': '),
      output: redactText(input.output),
      sentAt: now,
    })
    return answered(scope, row, { outcome: input.outcome, outputChars: input.output.length })
  },
})

const MANUAL_WORDS = {
  worked: 'done by hand, and it worked',
  'did-not-work': 'done by hand, and it did not work',
  unknown: 'done by hand, and it is not known yet whether it worked',
} as const
