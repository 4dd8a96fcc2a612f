import { holds } from '../access/holds'
import { defineCommand, type Scope } from '../operation'
import { sha256Hex } from '../platform/crypto'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { itemsOf } from './checklist'
import { configOf, nextSafeStart, revisedPlan, windowOf } from './compose'
import {
  byOf,
  changeRow,
  type DeploymentRow,
  findByNumber,
  insertDeployment,
  liveOf,
  lockByNumber,
  moveRow,
  reviseRow,
  touched,
  writeEvent,
} from './deployment-store'
import { INPUTS } from './inputs'
import { type DeployRules, loadDeployRules } from './load-rules'
import { keepLooks, keepWord } from './looking-store'
import type { Looks } from './looks'
import { isEnded, isRunning, nameOf, type Plan, plannedMinutesOf, type ServiceDefinition } from './model'
import { refusalsOf } from './refusals'
import { whereOf } from './situation-store'

type InTx = Scope & { readonly tx: Tx }

/** answer is a command's answer: where the deployment stands now. */
export function answer(row: DeploymentRow, detail: Readonly<Record<string, unknown>>) {
  return {
    result: {
      number: row.number,
      name: nameOf(row.number),
      state: row.state,
      revision: row.revision,
      version: row.version,
      hash: row.planHash,
    },
    audit: {
      subject: `deployment:${row.number}`,
      detail: {
        service: row.service,
        environment: row.environment,
        revision: row.revision,
        hash: row.planHash,
        ...detail,
      },
    },
    touched: touched(row),
  }
}

/** serviceOf gives a service's definition; throws invalid for one that nobody defined. */
export function serviceOf(rules: DeployRules, id: string): ServiceDefinition {
  const service = rules.services.get(id)
  if (service) return service
  const known = [...rules.services.keys()].join(', ')
  throw new AppError('invalid', `No service ${id} is defined in runbooks/services. There are: ${known}.`, {
    issues: [{ path: 'service', message: 'is not defined' }],
  })
}

async function digestFor(
  scope: Scope,
  input: { readonly image: string; readonly tag: string; readonly digest: string | undefined },
): Promise<string> {
  if (input.digest !== undefined) return input.digest
  const prober = await scope.console.prober()
  const seen = await prober.digestOf(input.image, input.tag, scope.now)
  if (seen.kind === 'unknown')
    throw new AppError(
      'unavailable',
      `The registry could not be asked what ${input.tag} is: ${seen.why}. Name the digest.`,
    )
  if (seen.value === undefined)
    throw new AppError('invalid', `The registry has no ${input.image}:${input.tag}.`, {
      issues: [{ path: 'tag', message: 'the registry does not have it' }],
    })
  return seen.value
}

async function looksFor(
  scope: Scope,
  service: ServiceDefinition,
  plan: Pick<Plan, 'environment' | 'artifacts' | 'rollback'>,
): Promise<Looks> {
  const prober = await scope.console.prober()
  return prober.look(
    {
      service,
      environment: plan.environment,
      images: plan.artifacts.map(({ image, digest }) => ({ image, digest })),
      rollback: { image: service.image, digest: plan.rollback.digest },
    },
    scope.now,
  )
}

/** refusePlan throws what is wrong with a plan, in words and by field. */
async function refusePlan(
  scope: InTx,
  input: {
    readonly plan: Plan
    readonly service: ServiceDefinition
    readonly looks: Looks
    readonly requesterId: string
  },
): Promise<void> {
  const people = await scope.tx.person.findMany({
    select: { id: true, handle: true, roles: true, disabledAt: true },
  })
  const refusals = refusalsOf({
    ...input,
    people: people.map((it) => ({ ...it, isActive: it.disabledAt === null })),
  })
  if (refusals.length === 0) return
  throw new AppError('invalid', refusals.map(({ message }) => message).join(' '), { issues: refusals })
}

function refuseAtOnce(scope: Scope, isAtOnce: boolean | undefined): void {
  if (isAtOnce !== true || holds(scope.actor, 'deployments.at-once')) return
  throw new AppError('forbidden', 'Going to 100 % at once is ticked by a manager.')
}

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

/** unknownItem is the error for an item that is not on this plan's checklist. */
export function unknownItem(item: string): AppError {
  return new AppError('invalid', `The checklist of this plan has no item ${item}.`, {
    issues: [{ path: 'item', message: 'is not on the checklist' }],
  })
}

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

/** lockSeen locks a deployment and throws conflict when it changed since the caller saw it. */
export async function lockSeen(
  tx: Tx,
  seen: { readonly number: number; readonly version: number },
): Promise<DeploymentRow> {
  const row = await lockByNumber(tx, seen.number)
  if (row.version !== seen.version) throw changedMeanwhile(row)
  return row
}

function changedMeanwhile(row: DeploymentRow): AppError {
  return new AppError('conflict', `${nameOf(row.number)} changed meanwhile. Look at it again.`, {
    current: { state: row.state, version: row.version, revision: row.revision },
  })
}

/** revise changes a plan: approvals of the old one are void, with the fields that differ named. */
export const revise = defineCommand({
  name: 'deployments.revise',
  summary: 'Changes a plan; approvals of the old one are void, with the differing fields named.',
  permission: 'deployments.plan',
  input: INPUTS.revise,
  before: async (scope, { number, seenRevision: _seen, note: _note, ...changes }) => {
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
    if (row.revision !== input.seenRevision) throw changedMeanwhile(row)
    refuseUnderWay(row)
    const by = byOf(scope.actor)
    if (row.state !== 'draft')
      await refusePlan(scope, {
        plan: before.next,
        service: before.service,
        looks: before.looks,
        requesterId: row.requesterId,
      })
    const { row: revised, changed } = await reviseRow(tx, row, {
      plan: before.next,
      by,
      now,
      note: input.note,
    })
    const isImage = changed.some(({ field }) => field === 'artifacts')
    const to = stateAfter(revised, isImage)
    const after =
      to === revised.state
        ? revised
        : await moveRow(tx, revised, to, { why: 'the plan changed', by, now, data: { announcedAt: null } })
    await keepLooks(tx, after, { service: before.service, looks: before.looks, now })
    return answer(after, { changed: changed.map(({ field }) => field), note: input.note })
  },
})

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
