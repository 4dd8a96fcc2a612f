import { randomUUID } from 'node:crypto'
import { keptAnswer } from '../live/shared-answer'
import type { Scope } from '../operation'
import { AppError } from '../platform/errors'
import { readStanding, type Standing } from '../triage/standing-queries'
import type { Actuators, AnyExecutor, Choices, Plan } from './executor'
import { type ActionRules, type LeafRules, loadActions } from './load-actions'
import { type Chosen, chooseExecutor, settingsOptions, wantedOf } from './offer'
import { type Allowed, checkParams, commandText, type Option, suggestionOf } from './params'
import { type ActionRule, isManualOnly } from './policy'
import { listInstances, type Pledge, type Sighted, seeIncident } from './store'

/** Desk is everything that offering and preparing an action read first. */
export type Desk = {
  readonly rules: ActionRules
  readonly standing: Pick<Standing, 'leaves' | 'order'>
  readonly actuators: Actuators
  readonly fleet: readonly Option[]
  readonly incident: Sighted
  /** choicesOf asks a target for a parameter's values; forms of many viewers share an answer for two seconds. */
  readonly choicesOf: (
    executor: AnyExecutor,
    param: string,
    known: Readonly<Record<string, unknown>>,
  ) => Promise<Choices | undefined>
}

/** openDesk reads what is needed for an incident's actions; not_found where the actor may not know of it. */
export async function openDesk(
  { console, actor, now }: Scope,
  incidentId: string,
  { isShared = false } = {},
): Promise<Desk> {
  const incident = await seeIncident(console.db, actor, incidentId)
  const [{ rules, leaves }, standing, actuators, fleet] = await Promise.all([
    loadActions(console, now),
    readStanding(console.db, incidentId),
    console.actuators(),
    listInstances(console.db),
  ])
  const choicesOf: Desk['choicesOf'] = async (executor, param, known) => {
    const ask = async (): Promise<Choices | undefined> => executor.choices?.(param, known)
    const key = `actions.choices ${executor.id} ${param} ${JSON.stringify(known)}`
    return isShared ? keptAnswer(console, key, ask) : ask()
  }
  return { rules, standing: standing ?? untriaged(leaves), actuators, fleet, incident, choicesOf }
}

/** Before the first look every leaf is possible and names nobody. */
function untriaged(leaves: LeafRules): Desk['standing'] {
  return {
    order: [],
    leaves: new Map(
      [...leaves].map(([id, leaf]) => [id, { ...leaf, state: 'possible' as const, subjects: [] }]),
    ),
  }
}

/** Problem says why the values of a parameter are not to be had. */
export type Problem = { readonly why: string; readonly wayRound: string }

const LOOK_MS = 4_000

/** optionsOf gives the allowed values of every choice of an action here and now, and why some could not be read. */
export async function optionsOf(
  rule: ActionRule,
  chosen: Chosen,
  desk: Desk,
  subjects: readonly string[],
): Promise<{ readonly allowed: Allowed; readonly problem: Problem | undefined }> {
  const options = new Map<string, readonly Option[]>()
  let problem: Problem | undefined
  for (const param of rule.params) {
    switch (param.from) {
      case 'fleet':
        options.set(param.name, desk.fleet)
        break
      case 'values':
        options.set(
          param.name,
          (param.values ?? []).map((value) => ({ value, label: value })),
        )
        break
      case 'settings':
        options.set(param.name, settingsOptions(rule, desk.actuators, param.name))
        break
      case 'target': {
        if (chosen.kind !== 'executor') break
        const known = knownSoFar(rule, options, subjects)
        const found = await within(LOOK_MS, desk.choicesOf(chosen.executor, param.name, known))
        if (found?.kind === 'choices') options.set(param.name, found.choices)
        else problem = { why: `The target can’t be read: ${whyOf(found)}`, wayRound: wayRoundOf(rule) }
        break
      }
    }
  }
  return { allowed: (name) => options.get(name) ?? [], problem }
}

function knownSoFar(
  rule: ActionRule,
  options: ReadonlyMap<string, readonly Option[]>,
  subjects: readonly string[],
): Readonly<Record<string, unknown>> {
  const known = rule.params.flatMap((param) => {
    const { value } = suggestionOf(param, options.get(param.name) ?? [], subjects)
    return value === '' ? [] : [[param.name, value] as const]
  })
  return { ...rule.fixed, ...Object.fromEntries(known) }
}

function whyOf(found: Choices | undefined): string {
  if (found === undefined) return 'no answer within four seconds.'
  return found.kind === 'choices' ? '' : found.detail
}

function wayRoundOf(rule: ActionRule): string {
  return rule.command === '' ? rule.steps.join(' ') : `Run it yourself: ${rule.command}`
}

function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** Prepared is a run ready to be stored. */
export type Prepared = {
  readonly id: string
  readonly rule: ActionRule
  readonly title: string
  readonly executor: string
  readonly risk: ActionRule['risk']
  readonly params: Readonly<Record<string, unknown>>
  readonly plan: Plan
  readonly dryRun: string
  readonly pledge: Pledge
  readonly isDrill: boolean
}

/** prepareAction checks parameters against the allow-list before anything is asked, plans and tries; throws AppError. */
export async function prepareAction(
  scope: Scope,
  input: {
    readonly incidentId: string
    readonly leaf?: string | undefined
    readonly action: string
    readonly params: Readonly<Record<string, unknown>>
  },
): Promise<Prepared> {
  const desk = await openDesk(scope, input.incidentId)
  refuseOver(desk.incident)
  const rule = ruleOf(desk.rules, input.action)
  const leaf = input.leaf === undefined ? undefined : desk.standing.leaves.get(input.leaf)
  if (input.leaf !== undefined && !leaf)
    throw new AppError('invalid', `The triage has no leaf ${input.leaf}.`, {
      issues: [{ path: 'leaf', message: 'is no leaf of this triage' }],
    })
  const wanted = wantedOf(rule, desk.actuators, { values: input.params })
  const chosen = chooseExecutor(rule, desk.actuators, wanted)
  if (chosen.kind === 'manual' || isManualOnly(rule))
    throw new AppError('invalid', 'A person does this by hand: do it, then write down what came of it.')
  if (chosen.kind === 'none') throw new AppError('unavailable', `${chosen.why} ${chosen.wayRound}`)
  const { allowed, problem } = await optionsOf(rule, chosen, desk, leaf?.subjects ?? [])
  if (problem) throw new AppError('unavailable', `${problem.why} ${problem.wayRound}`)
  const checked = checkParams(rule, input.params, allowed)
  if (!checked.ok) throw invalidParams(checked.issues)
  const id = randomUUID()
  const planned = await planWith(chosen.executor, checked.params, id)
  const title = leaf?.actions.find((it) => it.id === rule.id)?.title ?? rule.title
  return {
    id,
    rule,
    title,
    executor: chosen.id,
    risk: riskierOf(rule.risk, chosen.executor.risk),
    params: checked.params,
    ...planned,
    pledge: pledgeOf(rule, chosen.executor, checked.params),
    isDrill: desk.incident.isDrill,
  }
}

/** A runbook may call an action graver than its executor does, never lighter. */
export function riskierOf(left: ActionRule['risk'], right: ActionRule['risk']): ActionRule['risk'] {
  if (left === 'dangerous' || right === 'dangerous') return 'dangerous'
  return left === 'change' || right === 'change' ? 'change' : 'look'
}

/** ruleOf finds an action by id; throws invalid. */
export function ruleOf(rules: ActionRules, id: string): ActionRule {
  const rule = rules.get(id)
  if (rule) return rule
  throw new AppError('invalid', `The runbooks define no action ${id}.`, {
    issues: [{ path: 'action', message: 'is not defined in the runbooks' }],
  })
}

/** refuseOver throws a conflict when work on the incident is over. */
export function refuseOver(incident: Sighted): void {
  if (incident.isOver) throw new AppError('conflict', 'Work on this incident is over. Reopen it first.')
}

function invalidParams(issues: readonly { readonly path: string; readonly message: string }[]): AppError {
  const words = issues.map((issue) => `${issue.path.replace('params.', '')}: ${issue.message}`).join('; ')
  return new AppError('invalid', `Nothing was asked or sent. ${words}`, { issues })
}

/** planWith parses, plans and tries one action at its executor; throws AppError where the target refuses or can't be read. */
export async function planWith(
  executor: AnyExecutor,
  params: Readonly<Record<string, unknown>>,
  runId: string,
): Promise<{ readonly plan: Plan; readonly dryRun: string }> {
  const parsed = executor.parse(params)
  if (!parsed.ok)
    throw invalidParams(parsed.issues.map((it) => ({ path: `params.${it.path}`, message: it.message })))
  const planned = await executor.plan(parsed.params, { runId })
  if (planned.kind === 'unknown')
    throw new AppError(
      'unavailable',
      `The target could not be read, so nothing was planned: ${planned.detail}`,
    )
  if (planned.kind === 'refused') throw refusedBy(planned)
  const names = executor.secretNames ?? []
  const tried = await executor.dryRun(planned.plan, Object.fromEntries(names.map((it) => [it, STAND_IN])))
  if (tried.kind === 'refused') throw refusedBy(tried)
  const dryRun =
    tried.kind === 'unknown' ? `The dry run brought no answer: ${tried.detail}` : wordOf(tried.detail, names)
  return { plan: planned.plan, dryRun }
}

/** STAND_IN stands for a secret in a dry run, which needs its form only. */
const STAND_IN = 'stand-in-for-the-value'

function wordOf(detail: string, secrets: readonly string[]): string {
  return secrets.length === 0 ? detail : `${detail} (tried with a stand-in for the value)`
}

function refusedBy(refusal: { readonly why: string; readonly detail: string }): AppError {
  if (refusal.why === 'held')
    return new AppError('conflict', `Nothing was prepared: ${refusal.detail}`, { current: { why: 'held' } })
  const code =
    refusal.why === 'invalid' ? 'invalid' : refusal.why === 'unreachable' ? 'unavailable' : 'conflict'
  return new AppError(code, `The target would refuse this, so nothing was prepared: ${refusal.detail}`, {
    current: { why: refusal.why },
  })
}

/** pledgeOf keeps what the runbook promises of an action. */
export function pledgeOf(
  rule: ActionRule,
  executor: Pick<AnyExecutor, 'secretNames'> | undefined,
  params: Readonly<Record<string, unknown>>,
): Pledge {
  return {
    effect: rule.effect,
    undo: rule.undo,
    probe: rule.verify.says,
    question: rule.verify.question ?? null,
    answer: rule.verify.answer ?? null,
    withinSeconds: rule.verify.withinSeconds,
    command: commandText(rule, params),
    secretParams: (executor?.secretNames ?? []).map((name) => ({
      name,
      label: rule.params.find((it) => it.name === name)?.label ?? name,
    })),
  }
}
