import type { Severity } from '../incidents/model'

/** MEASURES are the durations that are counted, in the order of the page. */
export const MEASURES = ['detect', 'acknowledge', 'mitigate', 'resolve'] as const

/** Measure names a duration of an incident. */
export type Measure = (typeof MEASURES)[number]

/** Definition says in words what a measure is. */
export type Definition = {
  readonly short: string
  readonly title: string
  readonly what: string
  readonly from: Turn
  readonly to: Turn
}

/** Turn is an instant of an incident that durations are counted between; `began` is impact, or the declaration where nobody knows it. */
export type Turn = 'impact' | 'began' | 'detected' | 'acknowledged' | 'mitigated' | 'resolved'

/** DEFINITIONS say what each measure counts; the page shows them under the figures. Rules N-DEF. */
export const DEFINITIONS: Readonly<Record<Measure, Definition>> = {
  detect: {
    short: 'MTTD',
    title: 'Time to detect',
    what: 'From the begin of impact until the first linked alert reached the console, or the declaration, whichever was first.',
    from: 'impact',
    to: 'detected',
  },
  acknowledge: {
    short: 'MTTA',
    title: 'Time to acknowledge',
    what: 'From detection until somebody answered for the incident.',
    from: 'detected',
    to: 'acknowledged',
  },
  mitigate: {
    short: 'MTTM',
    title: 'Time to mitigate',
    what: 'From the begin of impact, or the declaration where nobody knows it, until the incident was monitored or resolved and did not go back.',
    from: 'began',
    to: 'mitigated',
  },
  resolve: {
    short: 'MTTR',
    title: 'Time to resolve',
    what: 'From the begin of impact, or the declaration where nobody knows it, until the incident was resolved for the last time.',
    from: 'began',
    to: 'resolved',
  },
}

/** Fact is what is counted of one incident; instants are epoch milliseconds, null where nobody knows or it is not yet. */
export type Fact = {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly severity: Severity
  readonly isDrill: boolean
  readonly turns: Readonly<Record<Turn, number | null>>
  readonly leaves: readonly string[]
  readonly components: readonly string[]
  readonly hosts: readonly string[]
  readonly promisesKept: number
  /** lateMs are the promises that were not kept: how late the update came, null where none came. */
  readonly promisesMissed: readonly { readonly lateMs: number | null }[]
}

/** Why is a reason for which an incident is not in a figure. */
export type Why = 'from-unknown' | 'not-yet' | 'out-of-order'

/** GROUPINGS are what the figures are cut by. */
export const GROUPINGS = ['severity', 'leaf', 'component', 'host'] as const

/** Grouping names a cut. */
export type Grouping = (typeof GROUPINGS)[number]
