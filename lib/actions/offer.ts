import type { Actuators, AnyExecutor } from './executor'
import { type Allowed, commandText, paramViews, suggestionOf } from './params'
import { type ActionRule, MANUAL } from './policy'
import type { Needs, OfferedAction } from './view'

/** Chosen is which executor an action has here and now, that a person does it by hand, or why it can't be done from here. */
export type Chosen =
  | { readonly kind: 'executor'; readonly id: string; readonly executor: AnyExecutor }
  | { readonly kind: 'manual' }
  | { readonly kind: 'none'; readonly id: string; readonly why: string; readonly wayRound: string }

/**
 * chooseExecutor takes the first executor of an action that is connected, or the first one that reaches `wanted`: several
 * may do the same, each on instances of its own.
 */
export function chooseExecutor(
  rule: Pick<ActionRule, 'executor' | 'params'>,
  actuators: Actuators,
  wanted = '',
): Chosen {
  const param = rule.params.find((it) => it.from === 'settings')
  const reaches = (id: string): boolean =>
    param !== undefined && actuators.listed(id, param.name).some((it) => it.value === wanted)
  const reaching = wanted === '' ? undefined : rule.executor.find((id) => actuators.find(id) && reaches(id))
  for (const id of reaching === undefined ? rule.executor : [reaching]) {
    if (id === MANUAL) return { kind: 'manual' }
    const executor = actuators.find(id)
    if (executor) return { kind: 'executor', id, executor }
  }
  const id = rule.executor[0] ?? MANUAL
  return { kind: 'none', id, ...actuators.missing(id) }
}

/** settingsOptions are the values of a parameter over all executors of an action, each once. */
export function settingsOptions(
  rule: Pick<ActionRule, 'executor'>,
  actuators: Actuators,
  param: string,
): ReturnType<Actuators['listed']> {
  const all = rule.executor.flatMap((id) => actuators.listed(id, param))
  return all.filter((it, at) => all.findIndex((other) => other.value === it.value) === at)
}

/** wantedOf is the value of the parameter that decides between executors: as given, or as the finding suggests. */
export function wantedOf(
  rule: Pick<ActionRule, 'executor' | 'params'>,
  actuators: Actuators,
  from: { readonly values?: Readonly<Record<string, unknown>>; readonly subjects?: readonly string[] },
): string {
  const param = rule.params.find((it) => it.from === 'settings')
  if (!param) return ''
  const { values = {}, subjects = [] } = from
  const given = Object.hasOwn(values, param.name) ? values[param.name] : undefined
  if (typeof given === 'string') return given
  return suggestionOf(param, settingsOptions(rule, actuators, param.name), subjects).value
}

/** needsOf is what a class asks for. */
export function needsOf(risk: ActionRule['risk']): Needs {
  return { stepUp: risk === 'dangerous', secondPerson: risk === 'dangerous' }
}

/** Rights are what the person who asks may do with each class. */
export type Rights = {
  readonly prepare: boolean
  readonly look: boolean
  readonly change: boolean
  readonly dangerous: boolean
}

/** offeredAction puts one action of a leaf on the screen. */
export function offeredAction(
  rule: ActionRule,
  around: {
    readonly title: string
    readonly leaf: string | null
    readonly subjects: readonly string[]
    readonly chosen: Chosen
    readonly allowed: Allowed
    /** problem says why the values of a parameter could not be read. */
    readonly problem?: { readonly why: string; readonly wayRound: string } | undefined
    readonly rights: Rights
  },
): OfferedAction {
  const { chosen, allowed, subjects, rights } = around
  const params = paramViews(rule, allowed, subjects)
  const prefilled = Object.fromEntries(params.map((it) => [it.name, it.prefilled]))
  const missing =
    chosen.kind === 'none' ? { why: chosen.why, wayRound: chosen.wayRound } : (around.problem ?? null)
  return {
    id: rule.id,
    title: around.title,
    leaf: around.leaf,
    risk: rule.risk,
    executor: chosen.kind === 'manual' ? MANUAL : chosen.id,
    isManual: chosen.kind === 'manual',
    params,
    command: commandText(rule, prefilled),
    steps: rule.steps,
    effect: rule.effect,
    undo: rule.undo,
    probe: rule.verify.says,
    needs: needsOf(rule.risk),
    mayPrepare: rights.prepare,
    mayCarryOut: rights[rule.risk],
    unavailable: missing ?? emptyChoice(rule, params),
  }
}

function emptyChoice(rule: ActionRule, params: OfferedAction['params']): OfferedAction['unavailable'] {
  const empty = params.find((it) => it.kind === 'choice' && it.options.length === 0)
  if (!empty) return null
  const wayRound = rule.command === '' ? rule.steps.join(' ') : 'Run the command yourself and write it down.'
  return { why: `There is nothing to choose from for “${empty.label}”.`, wayRound }
}
