import { defineCommand, type Scope } from '../operation'
import { sha256Hex } from '../platform/crypto'
import { AppError } from '../platform/errors'
import { itemsOf } from './checklist'
import {
  answer,
  digestFor,
  lockSeen,
  looksFor,
  refuseAtOnce,
  refusePlan,
  serviceOf,
  unknownItem,
} from './commands-common'
import { configOf, nextSafeStart, windowOf } from './compose'
import { byOf, findByNumber, insertDeployment, liveOf, moveRow } from './deployment-store'
import { INPUTS } from './inputs'
import { type DeployRules, loadDeployRules } from './load-rules'
import { keepLooks, keepWord } from './looking-store'
import { nameOf, type Plan, plannedMinutesOf, type ServiceDefinition } from './model'
import { whereOf } from './situation-store'

/** planBefore looks outside for a new plan: what its tag names, and everything that the checklist asks. */
async function planBefore(scope: Scope, input: (typeof INPUTS)['plan']['_output']) {
  refuseAtOnce(scope, input.isAtOnce)
  const rules = await loadDeployRules(scope.console, scope.now)
  const service = serviceOf(rules, input.service)
  const { db } = scope.console
  const digest = await digestFor(scope, { image: service.image, tag: input.tag, digest: input.digest })
  const live = await liveOf(db, input.service, input.environment)
  const where = await whereOf(db, {
    service: input.service,
    environment: input.environment,
    rules,
    now: scope.now,
  })
  const baseline = live ? { digest: live.digest, tag: live.tag } : (input.baseline ?? null)
  const back = input.rollback ?? (baseline ? { ...baseline, revision: '' } : undefined)
  if (!back)
    throw new AppError('invalid', 'Nothing is known to run there: name the version to go back to.', {
      issues: [{ path: 'rollback', message: 'name the digest and the tag of the way back' }],
    })
  const plan = firstPlan({ input, service, rules, digest, baseline, back, where, nowMs: scope.now.getTime() })
  return { rules, service, plan, looks: await looksFor(scope, service, plan) }
}

function firstPlan(around: {
  readonly input: (typeof INPUTS)['plan']['_output']
  readonly service: ServiceDefinition
  readonly rules: DeployRules
  readonly digest: string
  readonly baseline: Plan['baseline']
  readonly back: { readonly digest: string; readonly tag: string; readonly revision: string }
  readonly where: Awaited<ReturnType<typeof whereOf>>
  readonly nowMs: number
}): Plan {
  const { input, service, where, nowMs } = around
  // Staging goes at once: it is where a version is watched before anybody's traffic meets it.
  const isStaging = input.environment === 'staging'
  const steps = input.steps ?? (isStaging ? [{ percent: 100, minutes: 0 }] : service.steps)
  const bakeMinutes = input.bakeMinutes ?? (isStaging ? 0 : service.bakeMinutes)
  const isAtOnce = input.isAtOnce ?? false
  const plannedMinutes = plannedMinutesOf({ steps, bakeMinutes, isAtOnce })
  const startMs = input.startAt
    ? Date.parse(input.startAt)
    : nextSafeStart({ nowMs, where, service, plannedMinutes })
  return {
    service: service.id,
    environment: input.environment,
    provider: service.provider,
    targets: service.environments[input.environment].targets,
    artifacts: [{ image: service.image, digest: around.digest, tag: input.tag }],
    ...configOf(undefined, input.config, sha256Hex),
    steps,
    isAtOnce,
    bakeMinutes,
    baseline: around.baseline,
    rollback: { ...around.back, keepWarm: input.keepWarm ?? false },
    migrations: input.migrations ?? [],
    window: windowOf(startMs, where, {
      plannedMinutes,
      rollbackSeconds: service.rollback.budgetSeconds,
    }),
    policyVersion: around.rules.versionOf(service.id),
    kind: input.kind,
    about: {
      title: input.title,
      commits: input.commits,
      link: input.link === '' ? undefined : input.link,
      notes: input.notes,
      incidentNumber: input.incidentNumber,
      committedAt: input.committedAt,
    },
  }
}

/** plan asks for a deployment: what is wrong with it is said at once, in words, before anybody is asked to approve. */
export const plan = defineCommand({
  name: 'deployments.plan',
  summary: 'Asks for a deployment; what is wrong with it is said before anybody is asked to approve.',
  permission: 'deployments.plan',
  input: INPUTS.plan,
  before: planBefore,
  run: async (scope, input) => {
    const { tx, now, before, actor } = scope
    const { plan: asked, service, looks } = before
    const by = byOf(actor)
    if (!input.isDraft) await refusePlan(scope, { plan: asked, service, looks, requesterId: by.id })
    const origin = actor.kind === 'machine' ? 'webhook' : actor.key ? 'key' : 'person'
    const state = input.isDraft ? 'draft' : submittedState(asked)
    const row = await insertDeployment(tx, { plan: asked, state, by, origin, looks, now })
    await keepLooks(tx, row, { service, looks, now })
    const items = itemsOf(service, asked.environment)
    for (const said of input.evidence) {
      const item = items.find(({ id }) => id === said.item)
      if (!item) throw unknownItem(said.item)
      await keepWord(tx, row, { ...said, item, by, now })
    }
    return answer(row, { planned: true, origin, evidence: input.evidence.length })
  },
})

function submittedState(asked: Plan): 'staging_deploying' | 'awaiting_approval' {
  return asked.environment === 'production' ? 'staging_deploying' : 'awaiting_approval'
}

/** submit asks for what was a draft so far. */
export const submit = defineCommand({
  name: 'deployments.submit',
  summary: 'Submits a draft: it is looked at anew, and approvals are asked for.',
  permission: 'deployments.plan',
  input: INPUTS.submit,
  before: async (scope, input) => {
    const row = await findByNumber(scope.console.db, input.number)
    const rules = await loadDeployRules(scope.console, scope.now)
    const service = serviceOf(rules, row.service)
    return { service, looks: await looksFor(scope, service, row.plan) }
  },
  run: async (scope, input) => {
    const { tx, now, before } = scope
    const row = await lockSeen(tx, input)
    if (row.state !== 'draft') throw new AppError('conflict', `${nameOf(row.number)} is submitted already.`)
    await refusePlan(scope, { plan: row.plan, ...before, requesterId: row.requesterId })
    await keepLooks(tx, row, { ...before, now })
    const after = await moveRow(tx, row, submittedState(row.plan), {
      why: '',
      by: byOf(scope.actor),
      now,
      data: { submittedAt: now },
    })
    return answer(after, { submitted: true })
  },
})
