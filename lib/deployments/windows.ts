import { civilOf, clockChange, DAY_MS, dayMsOf, dayText, instantsOf, minuteOf } from '../platform/civil'
import { holidayOf, isBusinessDay } from './holidays'
import type { Environment } from './model'
import type { WindowRule, WindowsPolicy } from './policy-windows'

/** Freeze is a freeze that somebody set; `endsAtMs` is undefined while no end is known, service empty for all. */
export type Freeze = {
  readonly id: string
  readonly kind: 'event' | 'stop-line'
  readonly service: string
  readonly reason: string
  readonly startsAtMs: number
  readonly endsAtMs: number | undefined
}

/** OpenIncident is an incident that freezes while it is open; services empty means that it may touch all, names are the components that it names. */
export type OpenIncident = {
  readonly number: number | undefined
  readonly severity: string
  readonly title: string | undefined
  readonly services: readonly string[]
  readonly names: readonly string[]
  readonly openedAtMs: number
}

/** Closing is one rule that keeps a start from happening, in words. */
export type Closing = {
  readonly rule: string
  readonly kind: 'no-window' | 'deny' | 'freeze' | 'stop-line' | 'incident'
  readonly reason: string
}

/** Where is what a window is asked for: everything that may open or close it. */
export type Where = {
  readonly service: string
  readonly environment: Environment
  readonly policy: WindowsPolicy
  readonly freezes: readonly Freeze[]
  readonly incidents: readonly OpenIncident[]
}

/** NO_WINDOW is the id of being in no allowed window: an override names it like any rule. */
export const NO_WINDOW = 'no-window'

const HORIZON_DAYS = 400

function applies(rule: WindowRule, { service, environment }: Where): boolean {
  return rule.environments.includes(environment) && (rule.services?.includes(service) ?? true)
}

function zoneOf(rule: WindowRule, { policy }: Where): string {
  return rule.zone ?? policy.zone
}

function covers(rule: WindowRule, atMs: number, where: Where): boolean {
  const { day, weekday, minute } = civilOf(atMs, zoneOf(rule, where))
  const { when } = rule
  switch (when.type) {
    case 'weekly':
      return when.days.includes(weekday) && minute >= minuteOf(when.from) && minute < minuteOf(when.to)
    case 'dates':
      return day >= when.from && day <= when.to
    case 'us-federal-holidays':
      return holidayOf(day) !== undefined
    case 'month-end':
      return isMonthEnd(day, when.businessDays)
    case 'quarter-end':
      return isQuarterEnd(day, when.days)
  }
}

/** From the first of a month's last business days on, weekends between included. */
function isMonthEnd(day: string, businessDays: number): boolean {
  const [year = 0, month = 0] = day.split('-').map(Number)
  let found = 0
  let first = Date.UTC(year, month, 0)
  for (let at = first; found < businessDays; at -= DAY_MS) {
    if (!isBusinessDay(at)) continue
    found += 1
    first = at
  }
  return dayMsOf(day) >= first
}

function isQuarterEnd(day: string, days: number): boolean {
  const [year = 0, month = 0] = day.split('-').map(Number)
  return month % 3 === 0 && dayMsOf(day) > Date.UTC(year, month, 0) - days * DAY_MS
}

function reasonOf(rule: WindowRule, atMs: number, where: Where): string {
  const { day } = civilOf(atMs, zoneOf(rule, where))
  const holiday = rule.when.type === 'us-federal-holidays' ? holidayOf(day) : undefined
  return holiday ?? rule.reason
}

function frozenBy(atMs: number, { service, freezes, environment }: Where): readonly Closing[] {
  if (environment === 'staging') return []
  return freezes
    .filter((it) => it.service === '' || it.service === service)
    .filter((it) => it.startsAtMs <= atMs && atMs < (it.endsAtMs ?? Number.POSITIVE_INFINITY))
    .map(({ id, kind, reason }) => ({
      rule: kind === 'stop-line' ? 'stop-line' : `freeze-${id.slice(0, 8)}`,
      kind: kind === 'stop-line' ? ('stop-line' as const) : ('freeze' as const),
      reason,
    }))
}

function incidentsOf({ service, incidents, environment, policy }: Where): readonly Closing[] {
  if (environment === 'staging') return []
  return incidents
    .filter(({ severity }) => (policy.incidentSeverities as readonly string[]).includes(severity))
    .filter(({ services }) => services.length === 0 || services.includes(service))
    .map((incident) => ({
      rule: incident.number === undefined ? 'incident' : `incident-${incident.number}`,
      kind: 'incident' as const,
      reason: incidentWords(incident),
    }))
}

function incidentWords({ number, severity, title, services, names }: OpenIncident): string {
  if (number === undefined) return `an open ${severity} incident`
  const named = names.length > 0 && services.length > 0 ? `, and names ${names.join(', ')}` : ''
  return `${severity} incident ${number} is open${title === undefined ? '' : `: ${title}`}${named}`
}

/** reachOfIncident gives the services that an incident freezes by the components that it names: all, as an empty list, while it names none that any service carries. Rule D-WIN-7. */
export function reachOfIncident(
  names: readonly string[],
  services: readonly { readonly id: string; readonly components: readonly string[] }[],
): readonly string[] {
  const named = new Set(names.map((name) => name.trim().toLowerCase()))
  return services
    .filter(({ components }) => components.some((name) => named.has(name.trim().toLowerCase())))
    .map(({ id }) => id)
}

/** reachWords says what an incident freezes, and why so much or so little. */
export function reachWords({ number, names, services }: OpenIncident): string {
  if (number === undefined) return 'Every service is frozen.'
  if (names.length === 0) return 'It names no component of the status page: every service is frozen.'
  return services.length === 0
    ? `It names ${names.join(', ')}, which no service carries: every service is frozen.`
    : `It names ${names.join(', ')}: ${services.join(', ')} ${services.length === 1 ? 'is' : 'are'} frozen, and nothing else.`
}

/** sparedBy says of every open incident that freezes others, but not this service, why that is so. */
export function sparedBy({ service, incidents, environment, policy }: Where): readonly string[] {
  if (environment === 'staging') return []
  return incidents
    .filter(({ severity }) => (policy.incidentSeverities as readonly string[]).includes(severity))
    .filter(({ services }) => services.length > 0 && !services.includes(service))
    .map((it) => `${it.severity} incident ${it.number} is open. ${reachWords(it)}`)
}

/** closingsAt gives every rule that closes an instant; empty means open. Open incidents count from now on, for no end of theirs is known. */
export function closingsAt(atMs: number, where: Where): readonly Closing[] {
  const rules = where.policy.rules.filter((rule) => applies(rule, where))
  const denied = rules
    .filter((rule) => rule.kind === 'deny' && covers(rule, atMs, where))
    .map((rule) => ({ rule: rule.id, kind: 'deny' as const, reason: reasonOf(rule, atMs, where) }))
  const allow = rules.filter(({ kind }) => kind === 'allow')
  const isAllowed = allow.some((rule) => covers(rule, atMs, where))
  const outside = isAllowed
    ? []
    : [
        {
          rule: NO_WINDOW,
          kind: 'no-window' as const,
          reason:
            allow.length === 0
              ? 'no window allows this environment'
              : `outside ${allow.map(({ reason }) => reason).join(', ')}`,
        },
      ]
  return [...outside, ...denied, ...frozenBy(atMs, where), ...incidentsOf(where)]
}

/** Every instant in a span at which anything of the calendar can change. */
function edges(fromMs: number, toMs: number, where: Where): readonly number[] {
  const found = new Set<number>()
  const rules = where.policy.rules.filter((rule) => applies(rule, where))
  for (const zone of new Set(rules.map((rule) => zoneOf(rule, where)))) {
    const minutes = new Set([0])
    for (const rule of rules)
      if (zoneOf(rule, where) === zone && rule.when.type === 'weekly')
        for (const wall of [rule.when.from, rule.when.to]) minutes.add(minuteOf(wall))
    for (let dayMs = dayMsOf(civilOf(fromMs, zone).day); dayMs <= toMs + DAY_MS; dayMs += DAY_MS) {
      const day = dayText(dayMs)
      const change = clockChange(day, zone)
      if (change !== undefined) found.add(change)
      for (const minute of minutes) for (const at of instantsOf(day, minute, zone)) found.add(at)
    }
  }
  for (const { startsAtMs, endsAtMs } of where.freezes) {
    found.add(startsAtMs)
    if (endsAtMs !== undefined) found.add(endsAtMs)
  }
  return [...found].filter((at) => at > fromMs && at < toMs).sort((a, b) => a - b)
}

/** Span is a stretch of time in which the same rules close, or none. */
export type Span = { readonly fromMs: number; readonly toMs: number; readonly closings: readonly Closing[] }

/** spansOf cuts a stretch of time into spans, each open or closed for the same reasons. */
export function spansOf(fromMs: number, toMs: number, where: Where): readonly Span[] {
  const spans: Span[] = []
  const cuts = [fromMs, ...edges(fromMs, toMs, where), toMs]
  for (const [index, at] of cuts.slice(0, -1).entries()) {
    const closings = closingsAt(at, where)
    const end = cuts[index + 1] ?? toMs
    const before = spans.at(-1)
    if (before && sameClosings(before.closings, closings)) spans[spans.length - 1] = { ...before, toMs: end }
    else spans.push({ fromMs: at, toMs: end, closings })
  }
  return spans
}

function sameClosings(a: readonly Closing[], b: readonly Closing[]): boolean {
  return a.length === b.length && a.every((it, at) => it.rule === b[at]?.rule && it.reason === b[at]?.reason)
}

/** Standing is how a window stands at an instant; the next changes are undefined where none is known in 400 days. */
export type WindowStanding = {
  readonly isOpen: boolean
  readonly closings: readonly Closing[]
  readonly nextOpenMs: number | undefined
  readonly nextCloseMs: number | undefined
  readonly nextClosings: readonly Closing[]
}

/** windowAt says whether a start may happen at an instant, why not, and when that changes; rules D-WIN. */
export function windowAt(atMs: number, where: Where): WindowStanding {
  const closings = closingsAt(atMs, where)
  const isOpen = closings.length === 0
  for (const span of [14, HORIZON_DAYS]) {
    const flip = spansOf(atMs, atMs + span * DAY_MS, where).find(
      ({ closings: its }) => (its.length === 0) !== isOpen,
    )
    if (!flip) continue
    return isOpen
      ? { isOpen, closings, nextOpenMs: undefined, nextCloseMs: flip.fromMs, nextClosings: flip.closings }
      : { isOpen, closings, nextOpenMs: flip.fromMs, nextCloseMs: undefined, nextClosings: [] }
  }
  return { isOpen, closings, nextOpenMs: undefined, nextCloseMs: undefined, nextClosings: [] }
}

/** latestSafeStart is the last instant at which plan and way back still end before the window does. */
export function latestSafeStart(input: {
  readonly closeMs: number
  readonly plannedMinutes: number
  readonly rollbackSeconds: number
}): number {
  return input.closeMs - input.plannedMinutes * 60_000 - input.rollbackSeconds * 1_000
}
