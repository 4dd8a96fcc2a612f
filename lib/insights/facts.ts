import { incidentName, type Severity } from '../incidents/model'
import type { Post } from '../reminders/score'
import { scoreOf } from '../reminders/score'
import type { Fact, Turn } from './model'

/** Milestones are the turns that people approved in a postmortem, or put right by hand; instants are epoch milliseconds. */
export type Milestones = Readonly<Partial<Record<Turn, number | null>>>

/** RawFact is an incident as it is stored, with what was linked, told and approved of it; instants are epoch milliseconds. */
export type RawFact = {
  readonly id: string
  readonly number: number
  readonly isDrill: boolean
  readonly title: string
  readonly severity: string
  readonly isPublic: boolean
  readonly impactAtMs: number | null
  readonly declaredAtMs: number
  readonly acknowledgedAtMs: number | null
  readonly resolvedAtMs: number | null
  readonly firstAlertAtMs: number | null
  /** alertBeganAtMs is the earliest begin that a linked alert claims. */
  readonly alertBeganAtMs: number | null
  /** statuses are the changes of status, oldest first. */
  readonly statuses: readonly { readonly atMs: number; readonly to: string }[]
  readonly leaves: readonly string[]
  readonly components: readonly string[]
  readonly hosts: readonly string[]
  readonly posts: readonly Post[]
  readonly approved: Milestones
  readonly corrected: Milestones
}

/** factOf makes of a stored incident what is counted of it. What people put right counts before what was approved, and both before the record. Rules N-DEF. */
export function factOf(raw: RawFact, nowMs: number): Fact {
  const score = scoreOf({
    declaredAtMs: raw.declaredAtMs,
    impactFromMs: raw.impactAtMs ?? raw.declaredAtMs,
    resolvedAtMs: raw.resolvedAtMs,
    isPublic: raw.isPublic,
    posts: raw.posts,
    deliveries: [],
    nowMs,
  })
  return {
    id: raw.id,
    name: incidentName(raw.number, raw.isDrill),
    title: raw.title,
    severity: raw.severity as Severity,
    isDrill: raw.isDrill,
    turns: turnsOf(raw),
    leaves: raw.leaves,
    components: raw.components,
    hosts: raw.hosts,
    promisesKept: score.kept,
    promisesMissed: score.missed.map(({ lateMs }) => ({ lateMs })),
  }
}

function turnsOf(raw: RawFact): Fact['turns'] {
  const detected =
    raw.firstAlertAtMs === null ? raw.declaredAtMs : Math.min(raw.firstAlertAtMs, raw.declaredAtMs)
  const turns = {
    impact: impactOf(raw),
    detected,
    acknowledged: raw.acknowledgedAtMs,
    mitigated: mitigatedOf(raw),
    resolved: raw.resolvedAtMs,
    ...known(raw.approved),
    ...raw.corrected,
  }
  return { ...turns, began: turns.impact ?? raw.declaredAtMs }
}

/** Who declared it said when impact began; else the first linked alert claims it, if it is not later than the declaration. */
function impactOf({ impactAtMs, alertBeganAtMs, declaredAtMs }: RawFact): number | null {
  if (impactAtMs !== null) return impactAtMs
  return alertBeganAtMs !== null && alertBeganAtMs <= declaredAtMs ? alertBeganAtMs : null
}

function known(milestones: Milestones): Milestones {
  return Object.fromEntries(Object.entries(milestones).filter(([, atMs]) => atMs !== null))
}

/** Mitigated is the begin of the last stretch in which it was monitored or resolved; null while it is neither. */
function mitigatedOf({ statuses, resolvedAtMs }: RawFact): number | null {
  let sinceMs: number | null = null
  for (const { atMs, to } of statuses) {
    const isCalm = to === 'monitoring' || to === 'resolved'
    if (!isCalm) sinceMs = null
    else sinceMs ??= atMs
  }
  return sinceMs ?? resolvedAtMs
}
