import type { Issue } from './executor'
import type { ActionRule, ParamRule } from './policy'
import type { Choice, ParamView } from './view'

/** Option is an allowed value with all parameters that it stands for. */
export type Option = Choice & { readonly params?: Readonly<Record<string, unknown>> }

/** Allowed gives the options of a choice parameter, by its name. */
export type Allowed = (name: string) => readonly Option[]

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

/**
 * checkParams holds values against an action's list before anything is asked of anybody: unknown names, values outside the
 * options, numbers outside the bounds and texts with anything invisible are refused. It gives the executor's parameters;
 * secrets are not among them.
 */
export function checkParams(
  rule: Pick<ActionRule, 'params' | 'fixed'>,
  values: Readonly<Record<string, unknown>>,
  allowed: Allowed,
):
  | { readonly ok: true; readonly params: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly issues: readonly Issue[] } {
  const issues: Issue[] = []
  const open = rule.params.filter((it) => it.kind !== 'secret')
  for (const name of Object.keys(values)) {
    if (!open.some((it) => it.name === name))
      issues.push({ path: `params.${name.slice(0, 40)}`, message: 'is no parameter of this action' })
  }
  const params = new Map<string, unknown>(Object.entries(rule.fixed))
  for (const param of open) {
    const value = Object.hasOwn(values, param.name) ? values[param.name] : undefined
    const found = accepted(param, value, allowed(param.name))
    if ('message' in found) issues.push({ path: `params.${param.name}`, message: found.message })
    else for (const [name, one] of Object.entries(found.params)) params.set(name, one)
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, params: Object.fromEntries(params) }
}

type Found = { readonly params: Readonly<Record<string, unknown>> } | { readonly message: string }

function accepted(param: ParamRule, value: unknown, options: readonly Option[]): Found {
  if (value === undefined || value === '') return { message: `say which: ${param.label.toLowerCase()}` }
  switch (param.kind) {
    case 'choice': {
      const option = options.find((it) => it.value === value)
      if (!option) return { message: 'is not on the list of what may be chosen here' }
      return { params: option.params ?? { [param.name]: option.value } }
    }
    case 'number':
      return numberOf(param, value)
    case 'text': {
      if (typeof value !== 'string') return { message: 'must be a text' }
      if (value.length > (param.maxLength ?? 0)) return { message: `at most ${param.maxLength} characters` }
      if (CONTROL.test(value)) return { message: 'must be one line without invisible characters' }
      return { params: { [param.name]: value } }
    }
    case 'secret':
      return { message: 'is given at confirmation only' }
  }
}

function numberOf({ name, min = 0, max = 0 }: ParamRule, value: unknown): Found {
  // A form sends texts; only the plain decimal form of a whole number is one.
  const number = typeof value === 'string' && /^(0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number)) return { message: 'must be a whole number' }
  if (number < min || number > max) return { message: `must be between ${min} and ${max}` }
  return { params: { [name]: number } }
}

/** suggestionOf gives what a form is filled with: what the finding names, or the first of the list. */
export function suggestionOf(
  param: ParamRule,
  options: readonly Choice[],
  subjects: readonly string[],
): { readonly value: string; readonly source: string } {
  const none = { value: '', source: '' }
  if (param.kind !== 'choice')
    return param.preset === undefined ? none : { value: String(param.preset), source: SOURCES.values }
  if (param.suggest === 'finding') {
    const named = options.find((it) => subjects.some((subject) => isOf(subject, it.value)))
    if (named) return { value: named.value, source: 'finding of the triage' }
  }
  const [first, ...others] = options
  if (first && others.length === 0) return { value: first.value, source: SOURCES[param.from ?? 'values'] }
  if (param.suggest === 'first' && first)
    return { value: first.value, source: SOURCES[param.from ?? 'values'] }
  return none
}

const SOURCES: Readonly<Record<NonNullable<ParamRule['from']>, string>> = {
  fleet: 'the provider’s list',
  settings: 'the connected sources',
  target: 'read of the target',
  values: 'the runbook',
}

/** A finding names `instance:9100005`, `gpu:9100005/0` or `secret:name/key`. */
function isOf(subject: string, value: string): boolean {
  const id = subject.slice(subject.indexOf(':') + 1)
  return id === value || id.startsWith(`${value}/`)
}

/** paramViews puts an action's parameters on a form. */
export function paramViews(
  rule: Pick<ActionRule, 'params'>,
  allowed: Allowed,
  subjects: readonly string[],
): readonly ParamView[] {
  return rule.params.map((param) => {
    const options = param.kind === 'choice' ? allowed(param.name) : []
    const { value, source } = suggestionOf(param, options, subjects)
    return {
      name: param.name,
      label: param.label,
      hint: param.hint,
      kind: param.kind,
      options: options.map((it) => ({ value: it.value, label: it.label })),
      min: param.min ?? null,
      max: param.max ?? null,
      prefilled: value,
      source,
    }
  })
}

/** commandText fills a command's placeholders; what has no value yet stays as `<name>`, and a secret is a word. */
export function commandText(
  rule: Pick<ActionRule, 'command' | 'fixed' | 'params'>,
  values: Readonly<Record<string, unknown>>,
): string {
  return rule.command.replace(/\{([A-Za-z0-9]+)\}/g, (_all, name: string) => {
    if (rule.params.some((it) => it.name === name && it.kind === 'secret'))
      return '(value given at confirmation)'
    const value = Object.hasOwn(values, name)
      ? values[name]
      : Object.hasOwn(rule.fixed, name)
        ? rule.fixed[name]
        : ''
    return value === undefined || value === '' ? `<${name}>` : String(value)
  })
}
