import type { SourceChange } from '../incidents/gaps'
import type { EntryView } from '../incidents/view'
import type { PostmortemRecord } from './model'

/** GatheredAlert is an alert that was linked to the incident; instants are epoch milliseconds. */
export type GatheredAlert = {
  readonly id: string
  readonly name: string
  readonly level: string
  readonly summary: string
  readonly source: string
  /** sinceMs is the start as claimed, or when it was first heard of where the claim can't be believed. */
  readonly sinceMs: number
  readonly firstSeenMs: number
  readonly resolvedMs: number | null
  readonly skew: string
}

/** GatheredEvent is one change of a rating, as the health room noted it. */
export type GatheredEvent = {
  readonly id: string
  readonly atMs: number
  readonly kind: string
  readonly subject: string
  readonly before: string
  readonly after: string
  readonly reason: string
}

/** ApiMinute is one minute of the provider's API, the worst reading of each figure; null = none known. */
export type ApiMinute = {
  readonly atMs: number
  readonly serverErrors: number | null
  readonly errorRatio: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** QueueMinute is one minute of one queue. */
export type QueueMinute = {
  readonly atMs: number
  readonly queue: string
  readonly backlog: number | null
}

/** FleetMinute is one moment of the fleet: how many GPUs there were, were down and were not known, and what those down cost. */
export type FleetMinute = {
  readonly atMs: number
  readonly gpus: number
  readonly down: number
  readonly unknown: number
  /** centsPerHour is the price of the GPUs that were down, as a share of their instances' price. */
  readonly centsPerHour: number
}

/** GatheredMessage is one published message. */
export type GatheredMessage = {
  readonly id: string
  readonly audience: string
  readonly status: string
  readonly title: string
  readonly body: string
  readonly atMs: number
  readonly author: string
  readonly promisedAtMs: number | null
}

/** Gathered is everything that a draft is made of; nothing in it is a judgement yet. */
export type Gathered = {
  readonly incident: {
    readonly id: string
    readonly name: string
    readonly title: string
    readonly impact: string
    readonly severity: 'P1' | 'P2' | 'P3' | 'P4'
    readonly visibility: 'restricted' | 'internal' | 'public'
    readonly isDrill: boolean
    readonly declaredAtMs: number
    readonly declaredBy: string
    readonly impactStartedAtMs: number | null
    readonly acknowledgedAtMs: number | null
    readonly acknowledgedBy: string
    readonly resolvedAtMs: number | null
  }
  readonly entries: readonly EntryView[]
  readonly entriesLeftOut: number
  readonly roles: PostmortemRecord['meta']['roles']
  readonly alerts: readonly GatheredAlert[]
  readonly events: readonly GatheredEvent[]
  readonly eventsLeftOut: number
  readonly sourceChanges: readonly SourceChange[]
  readonly triage: PostmortemRecord['triage']
  readonly firstSymptomAtMs: number | null
  readonly actions: PostmortemRecord['actions']
  readonly messages: readonly GatheredMessage[]
  readonly components: PostmortemRecord['meta']['components']
  readonly hosts: readonly string[]
  readonly api: readonly ApiMinute[]
  readonly queues: readonly QueueMinute[]
  readonly fleet: readonly FleetMinute[]
  readonly fleetStepMs: number
  readonly limits: { readonly errorRatioPercent: number; readonly p99Ms: number }
  readonly formulas: Formulas
  readonly fromMs: number
  readonly toMs: number
  readonly nowMs: number
}

/** Formula estimates what no source counts: a measured figure times a factor, with the reason for the factor. */
export type Formula = {
  readonly of: 'requests-failed' | 'gpu-hours' | 'minutes'
  readonly times: number
  readonly because: string
}

/** Formulas are the stated formulas of users and revenue; null where nobody has stated one. */
export type Formulas = { readonly users: Formula | null; readonly revenueUsd: Formula | null }
