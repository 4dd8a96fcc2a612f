import { type History, historyOf } from './history'
import {
  type ChangeRow,
  type ComponentRow,
  type Impact,
  type IncidentRow,
  type Indicator,
  impactOf,
  type MaintenanceRow,
  type PublicRows,
  type ShownState,
  type UpdateRow,
  worstImpact,
} from './model'
import { dayOf, spanOf, timeOf } from './words'

/** LATE_AFTER_MS is how old a confirmation may be before nothing is green any more. */
export const LATE_AFTER_MS = 5 * 60_000

/** LOST_AFTER_MS is how old a confirmation may be before the page says that it has lost its monitoring. */
export const LOST_AFTER_MS = 15 * 60_000

/** OVERDUE_AFTER_MS is how late a promised update may be before the page says so itself. */
export const OVERDUE_AFTER_MS = 10 * 60_000

const PAST_DAYS = 14
const SOON_MS = 14 * 86_400_000

/** Freshness says how far what the page tells is confirmed. */
export type Freshness = 'fresh' | 'late' | 'lost'

/** Tone is the page at a glance; `unknown` is neither good nor bad, and never green. */
export type Tone = 'ok' | 'maintenance' | 'trouble' | 'outage' | 'unknown'

/** Banner is the head of the page; `description` is what programs get as text. */
export type Banner = {
  readonly tone: Tone
  readonly indicator: Indicator
  readonly description: string
  readonly title: string
  readonly sentence: string
}

/** ShownComponent is a component as the page shows it. */
export type ShownComponent = Omit<ComponentRow, 'state'> & {
  readonly state: ShownState
  readonly history: History
}

/** ShownIncident is an incident with its updates, newest first; `overdue` is the honest line on a broken promise. */
export type ShownIncident = IncidentRow & {
  readonly updates: readonly UpdateRow[]
  readonly overdue: string | undefined
}

/** ShownMaintenance is a window with its updates, newest first. */
export type ShownMaintenance = MaintenanceRow & { readonly updates: readonly UpdateRow[] }

/** PageModel is everything that the page, the JSON, the feeds and the badge say, as one value. */
export type PageModel = {
  readonly name: string
  readonly url: string
  readonly timeZone: string
  readonly sequence: number
  readonly madeAt: Date
  readonly confirmedAt: Date | null
  readonly updatedAt: Date
  readonly freshness: Freshness
  readonly banner: Banner
  readonly components: readonly ShownComponent[]
  readonly open: readonly ShownIncident[]
  readonly past: readonly ShownIncident[]
  readonly active: readonly ShownMaintenance[]
  readonly upcoming: readonly ShownMaintenance[]
  readonly ended: readonly ShownMaintenance[]
}

/** freshnessOf judges the age of a confirmation; one from the future counts as fresh for a minute only. */
export function freshnessOf(confirmedAt: Date | null, now: Date): Freshness {
  if (confirmedAt === null) return 'lost'
  const ageMs = now.getTime() - confirmedAt.getTime()
  if (ageMs > LOST_AFTER_MS || ageMs < -60_000) return 'lost'
  return ageMs > LATE_AFTER_MS ? 'late' : 'fresh'
}

/** pageOf makes the whole page of the public rows, by the rules of docs/rules/status-page.md. */
export function pageOf(rows: PublicRows, now: Date): PageModel {
  const freshness = freshnessOf(rows.page.confirmedAt, now)
  const incidents = rows.incidents.map((row) => shownIncident(row, rows.updates, now)).sort(newestFirst)
  const open = incidents.filter(({ status }) => status !== 'resolved')
  const maintenances = rows.maintenances.map((row) => ({
    ...row,
    updates: rows.updates.filter(({ maintenanceId }) => maintenanceId === row.id).sort(byTime),
  }))
  const active = maintenances.filter(({ status }) => status === 'in_progress')
  const changes = grouped(rows.changes)
  const components = [...rows.components]
    .sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))
    .map((row) => shownComponent(row, { rows, changes: changes.get(row.id) ?? [], freshness, now }))
  return {
    name: rows.page.name,
    url: rows.page.url,
    timeZone: rows.page.timeZone,
    sequence: rows.page.sequence,
    madeAt: now,
    confirmedAt: rows.page.confirmedAt,
    updatedAt: lastOf(rows),
    freshness,
    banner: bannerOf({ components: rows.components, open, active, freshness, rows, now }),
    components,
    open,
    past: incidents.filter(({ status }) => status === 'resolved'),
    active,
    upcoming: maintenances
      .filter(({ status }) => status === 'scheduled')
      .sort((a, b) => a.scheduledFor.getTime() - b.scheduledFor.getTime()),
    ended: maintenances
      .filter(({ status }) => status === 'completed' || status === 'cancelled')
      .sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime()),
  }
}

function newestFirst(a: IncidentRow, b: IncidentRow): number {
  return b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? -1 : 1)
}

function byTime(a: UpdateRow, b: UpdateRow): number {
  return b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1)
}

function shownIncident(row: IncidentRow, updates: readonly UpdateRow[], now: Date): ShownIncident {
  return {
    ...row,
    updates: updates.filter(({ incidentId }) => incidentId === row.id).sort(byTime),
    overdue: overdueOf(row, now),
  }
}

/** overdueOf gives the line that the page itself says once a promised update is ten minutes late. */
export function overdueOf(
  { status, nextUpdateAt }: Pick<IncidentRow, 'status' | 'nextUpdateAt'>,
  now: Date,
): string | undefined {
  if (status === 'resolved' || nextUpdateAt === null) return undefined
  if (now.getTime() - nextUpdateAt.getTime() < OVERDUE_AFTER_MS) return undefined
  return `The team promised an update by ${timeOf(nextUpdateAt)} and has not posted it yet.`
}

function grouped(changes: readonly ChangeRow[]): ReadonlyMap<string, readonly ChangeRow[]> {
  const groups = new Map<string, ChangeRow[]>()
  for (const change of changes) {
    const group = groups.get(change.componentId)
    if (group) group.push(change)
    else groups.set(change.componentId, [change])
  }
  return groups
}

function shownComponent(
  row: ComponentRow,
  {
    rows,
    changes,
    freshness,
    now,
  }: {
    readonly rows: PublicRows
    readonly changes: readonly ChangeRow[]
    readonly freshness: Freshness
    readonly now: Date
  },
): ShownComponent {
  const nowMs = now.getTime()
  const history = historyOf({
    changes,
    createdAtMs: row.createdAt.getTime(),
    untilMs: Math.min(nowMs, freshness === 'fresh' ? nowMs : (rows.page.confirmedAt?.getTime() ?? 0)),
    nowMs,
  })
  return { ...row, state: shownState(row, freshness), history }
}

/** What is bad stays said; what is good needs somebody who has just looked. */
function shownState({ state }: ComponentRow, freshness: Freshness): ShownState {
  if (freshness === 'fresh' || impactOf(state) !== 'none') return state
  return 'unknown'
}

function lastOf(rows: PublicRows): Date {
  const times = [
    rows.page.updatedAt,
    ...rows.components.map(({ updatedAt }) => updatedAt),
    ...rows.incidents.map(({ updatedAt }) => updatedAt),
    ...rows.maintenances.map(({ updatedAt }) => updatedAt),
  ].flatMap((at) => (at === null ? [] : [at.getTime()]))
  return new Date(times.length === 0 ? 0 : Math.max(...times))
}

type Standing = {
  readonly components: readonly ComponentRow[]
  readonly open: readonly ShownIncident[]
  readonly active: readonly ShownMaintenance[]
  readonly freshness: Freshness
  readonly rows: PublicRows
  readonly now: Date
}

const DESCRIPTIONS: Readonly<Record<Indicator, string>> = {
  none: 'All Systems Operational',
  minor: 'Minor Service Outage',
  major: 'Partial System Outage',
  critical: 'Major Service Outage',
  maintenance: 'Service Under Maintenance',
}

function bannerOf(standing: Standing): Banner {
  const { components, open, active, freshness } = standing
  const worst = worstImpact([
    ...components.map(({ state }) => impactOf(state)),
    // An open incident is never nothing, whatever was written of its impact.
    ...open.map(({ impact }): Impact => (impact === 'none' ? 'minor' : impact)),
  ])
  if (worst !== 'none') return troubleBanner(worst, standing)
  if (freshness !== 'fresh') return unconfirmed(standing)
  if (components.length === 0)
    return {
      tone: 'unknown',
      indicator: 'minor',
      description: 'Status unknown: no component is listed',
      title: 'Nothing is listed here yet',
      sentence: 'No component has been named, so this page can’t say how anything is.',
    }
  const [work] = active
  if (work || components.some(({ state }) => state === 'under_maintenance'))
    return {
      tone: 'maintenance',
      indicator: 'maintenance',
      description: DESCRIPTIONS.maintenance,
      title: work ? work.name : 'Planned work is going on',
      sentence: work
        ? `Planned work until ${timeOf(work.scheduledUntil)}. ${work.body}`.trim()
        : 'Planned work is going on.',
    }
  return {
    tone: 'ok',
    indicator: 'none',
    description: DESCRIPTIONS.none,
    title: 'All systems operational',
    sentence: calmSentence(standing),
  }
}

function calmSentence({ rows, now }: Standing): string {
  const next = rows.maintenances
    .filter(
      ({ status, scheduledFor }) =>
        status === 'scheduled' && scheduledFor.getTime() - now.getTime() < SOON_MS,
    )
    .sort((a, b) => a.scheduledFor.getTime() - b.scheduledFor.getTime())[0]
  const last = rows.incidents
    .flatMap(({ resolvedAt }) => (resolvedAt === null ? [] : [resolvedAt.getTime()]))
    .reduce((newest, at) => Math.max(newest, at), 0)
  const past =
    last === 0 || now.getTime() - last > PAST_DAYS * 86_400_000
      ? `No incident in the last ${PAST_DAYS} days.`
      : `The last incident ended on ${dayOf(new Date(last))} at ${timeOf(new Date(last))}.`
  return next ? `${past} Next planned work: ${dayOf(next.scheduledFor)}, ${timeOf(next.scheduledFor)}.` : past
}

function troubleBanner(worst: Impact, standing: Standing): Banner {
  const { open, freshness, now } = standing
  const indicator: Indicator = worst
  const [first] = [...open].sort((a, b) => severityRank(b.impact) - severityRank(a.impact))
  const others = open.length - 1
  const title = first ? first.name : DESCRIPTIONS[indicator]
  const since = first ? `Since ${timeOf(first.startedAt)}, ${spanOf(first.startedAt, now)}.` : ''
  const said = first?.updates[0]?.body ?? ''
  const more = others > 0 ? ` ${others} more ${others === 1 ? 'incident is' : 'incidents are'} open.` : ''
  const doubt = freshness === 'fresh' ? '' : ` ${doubtOf(standing)}`
  return {
    tone: worst === 'critical' ? 'outage' : 'trouble',
    indicator,
    description: DESCRIPTIONS[indicator],
    title,
    sentence: `${since} ${said}${more}${doubt}`.trim(),
  }
}

function severityRank(impact: Impact): number {
  return ['none', 'minor', 'major', 'critical'].indexOf(impact)
}

function doubtOf({ rows, freshness }: Standing): string {
  const since = rows.page.confirmedAt
  if (since === null) return 'Nothing has been confirmed yet.'
  return freshness === 'lost'
    ? `We have lost contact with our monitoring. This page may be out of date: nothing is confirmed since ${dayOf(since)}, ${timeOf(since)}.`
    : `Not confirmed since ${timeOf(since)}.`
}

function unconfirmed(standing: Standing): Banner {
  const since = standing.rows.page.confirmedAt
  return {
    tone: 'unknown',
    indicator: 'minor',
    description: since === null ? 'Status unknown' : `Status unknown since ${since.toISOString()}`,
    title: 'We can’t confirm how things are',
    sentence: doubtOf(standing),
  }
}
