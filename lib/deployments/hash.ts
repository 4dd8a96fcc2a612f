import canonicalize from 'canonicalize'
import type { Plan } from './model'

/** SealedPlan is what people approve: a plan without what only describes it. */
export type SealedPlan = Omit<Plan, 'about' | 'kind'>

/** sealedPlan takes away what an approval does not depend on. */
export function sealedPlan(plan: Plan): SealedPlan {
  const { about: _about, kind: _kind, ...sealed } = plan
  return sealed
}

/** sealedText is the canonical JSON (RFC 8785) of what people approve. */
export function sealedText(plan: Plan): string {
  return canonicalize(JSON.parse(JSON.stringify(sealedPlan(plan)))) ?? ''
}

/** planHash is the sha256 of what people approve; rule D-HSH-1. The digest function is an argument: this file is pure. */
export function planHash(plan: Plan, sha256Hex: (text: string) => string): string {
  return sha256Hex(sealedText(plan))
}

/** FieldChange is one field of a plan that differs, said for people. */
export type FieldChange = {
  readonly field: keyof SealedPlan
  readonly words: string
  readonly from: string
  readonly to: string
}

/** FIELD_WORDS names each approved field; the type holds that none is missing. */
export const FIELD_WORDS: Readonly<Record<keyof SealedPlan, string>> = {
  service: 'the service',
  environment: 'the environment',
  provider: 'the provider',
  targets: 'the targets',
  artifacts: 'the image',
  config: 'the configuration',
  configHash: 'the configuration as a whole',
  steps: 'the steps',
  isAtOnce: 'the tick for 100 % at once',
  bakeMinutes: 'the length of the bake',
  baseline: 'what runs now',
  rollback: 'the way back',
  migrations: 'the migrations',
  window: 'the planned window',
  policyVersion: 'the policy',
}

/** ABOUT_FIELDS are the texts that describe a plan and that people edit: no approval depends on them. */
export const ABOUT_FIELDS = ['notes', 'link'] as const

/** AboutChange is one such text that differs, said for people. */
export type AboutChange = {
  readonly field: (typeof ABOUT_FIELDS)[number]
  readonly words: string
  readonly from: string
  readonly to: string
}

const ABOUT_WORDS: Readonly<Record<AboutChange['field'], string>> = { notes: 'the notes', link: 'the link' }

/** changedTexts names every describing text that differs between two plans. */
export function changedTexts(before: Plan, after: Plan): readonly AboutChange[] {
  return ABOUT_FIELDS.flatMap((field) => {
    const [from, to] = [before.about[field] ?? '', after.about[field] ?? '']
    return from === to ? [] : [{ field, words: ABOUT_WORDS[field], from, to }]
  })
}

/** changedFields names every approved field that differs between two plans, in a fixed order; rule D-HSH-2. */
export function changedFields(before: Plan, after: Plan): readonly FieldChange[] {
  const from = sealedPlan(before)
  const to = sealedPlan(after)
  return (Object.keys(FIELD_WORDS) as (keyof SealedPlan)[]).flatMap((field) =>
    textOf(from[field]) === textOf(to[field])
      ? []
      : [{ field, words: FIELD_WORDS[field], from: shown(field, from), to: shown(field, to) }],
  )
}

function textOf(value: unknown): string {
  return canonicalize(JSON.parse(JSON.stringify(value ?? null))) ?? ''
}

function shown(field: keyof SealedPlan, plan: SealedPlan): string {
  switch (field) {
    case 'service':
    case 'environment':
    case 'provider':
      return plan[field]
    case 'configHash':
    case 'policyVersion':
      return plan[field].slice(0, 8)
    case 'isAtOnce':
      return plan.isAtOnce ? '100 % at once' : 'step by step'
    case 'bakeMinutes':
      return `${plan.bakeMinutes} min`
    case 'targets':
      return plan.targets.map(({ name }) => name).join(', ')
    case 'artifacts':
      return plan.artifacts.map(({ tag, digest }) => `${tag} ${digest.slice(7, 15)}`).join(', ')
    case 'config':
      return (
        Object.entries(plan.config)
          .map(([name, { from, to }]) => `${name} ${from ?? 'unset'} → ${to ?? 'unset'}`)
          .join(', ') || 'unchanged'
      )
    case 'steps':
      return plan.steps.map(({ percent, minutes }) => `${percent} % for ${minutes} min`).join(', ')
    case 'baseline':
      return plan.baseline ? `${plan.baseline.tag} ${plan.baseline.digest.slice(7, 15)}` : 'nothing'
    case 'rollback':
      return `${plan.rollback.tag} ${plan.rollback.digest.slice(7, 15)}${plan.rollback.keepWarm ? ', kept warm' : ''}`
    case 'migrations':
      return plan.migrations.map(({ id }) => id).join(', ') || 'none'
    case 'window':
      return `${plan.window.startAt} to ${plan.window.endAt}`
  }
}
