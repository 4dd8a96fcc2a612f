import type { ComponentImpact, ComponentState, Message, Severity, Status } from './model'
import { clockText } from './units'

/** STATUS_WORDS are the statuses as they are written. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
}

/** STATE_WORDS are the component states as they are written. */
export const STATE_WORDS: Readonly<Record<ComponentState | 'unknown', string>> = {
  operational: 'operational',
  degraded_performance: 'degraded',
  partial_outage: 'partial outage',
  major_outage: 'major outage',
  under_maintenance: 'under maintenance',
  unknown: 'unknown',
}

const SEVERITY_IMPACT: Readonly<Record<Severity, string>> = {
  P1: 'Our service is not available.',
  P2: 'Some requests fail or are slow.',
  P3: 'Some features fail or are slow.',
  P4: 'Users can work as usual.',
}

const SEVERITY_HEADLINE: Readonly<Record<Severity, string>> = {
  P1: 'Service not available',
  P2: 'Some requests fail or are slow',
  P3: 'Some features fail or are slow',
  P4: 'A problem that users do not notice',
}

/** What a component in this state does, said of one and of several. */
const DOES: Readonly<Record<ComponentState, readonly [one: string, several: string]>> = {
  operational: ['works again', 'work again'],
  degraded_performance: ['is slow', 'are slow'],
  partial_outage: ['fails for some users', 'fail for some users'],
  major_outage: ['is not available', 'are not available'],
  under_maintenance: ['is under maintenance', 'are under maintenance'],
}

const FROM_WORST = [
  'major_outage',
  'partial_outage',
  'degraded_performance',
  'under_maintenance',
  'operational',
] as const

/** isTouched tells whether a message says of a component that it is or was not operational. */
export function isTouched({ from, to }: ComponentImpact): boolean {
  return to !== 'operational' || (from !== 'operational' && from !== 'unknown')
}

/** listed joins names as people do: `A`, `A and B`, `A, B and C`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

/** wordsOf gives the facts that a message's own fields tell. */
export function wordsOf({
  severity,
  status,
  components,
  nextUpdateAt,
}: Omit<Message, 'title' | 'body'>): ReadonlyMap<string, string> {
  const touched = components.filter(isTouched)
  const works = components.filter((it) => !isTouched(it))
  const sentences = FROM_WORST.flatMap((state) => {
    const names = touched.filter(({ to }) => to === state).map(({ name }) => name)
    return names.length === 0 ? [] : [`${listed(names)} ${DOES[state][names.length === 1 ? 0 : 1]}`]
  })
  const words = new Map([
    ['severity', severity],
    ['status', STATUS_WORDS[status]],
    ['severity_impact', SEVERITY_IMPACT[severity]],
    ['headline', sentences[0] ?? SEVERITY_HEADLINE[severity]],
  ])
  if (sentences.length > 0) words.set('component_impact', `${sentences.join('. ')}.`)
  if (touched.length > 0) words.set('affected_components', listed(touched.map(({ name }) => name)))
  if (works.length > 0) words.set('working_components', listed(works.map(({ name }) => name)))
  const nextMs = nextUpdateAt === null ? Number.NaN : Date.parse(nextUpdateAt)
  if (Number.isFinite(nextMs)) words.set('next_update', clockText(nextMs))
  return words
}
