/** SEVERITIES from the worst down. */
export const SEVERITIES = ['P1', 'P2', 'P3', 'P4'] as const

/** Severity says how bad it is for users: P1 complete outage, P2 degraded, P3 minor, P4 no user impact. */
export type Severity = (typeof SEVERITIES)[number]

/** STATUSES are the public phases in their usual order; an incident may go back and forth between them. */
export const STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const

/** Status is the public phase of an incident. */
export type Status = (typeof STATUSES)[number]

/** Phase is the internal state: triage until somebody answers, closed when nothing is left to do or to learn. */
export type Phase = 'triage' | 'active' | 'mitigated' | 'resolved' | 'closed'

/** VISIBILITIES from the narrowest: only who is named, everybody here, customers too. */
export const VISIBILITIES = ['restricted', 'internal', 'public'] as const

/** Visibility says who may know of an incident: who is named, everybody here, customers too. */
export type Visibility = (typeof VISIBILITIES)[number]

/** REACHES are what the clocks know of visibility: customers are told, or they are not. */
export const REACHES = ['internal', 'public'] as const

/** Reach says whether customers are told; a restricted incident is internal to the clocks. */
export type Reach = (typeof REACHES)[number]

/** reachOf gives the reach of a visibility. */
export function reachOf(visibility: Visibility): Reach {
  return visibility === 'public' ? 'public' : 'internal'
}

/** INCIDENT_ROLES are the jobs in an incident; all but responder have one holder. */
export const INCIDENT_ROLES = ['commander', 'operations', 'communications', 'scribe', 'responder'] as const

/** IncidentRole is a job in one incident; it is not a role of the console. */
export type IncidentRole = (typeof INCIDENT_ROLES)[number]

/** AUDIENCES are who an update is for. */
export const AUDIENCES = ['internal', 'public', 'executive'] as const

/** Audience is who an update is for. */
export type Audience = (typeof AUDIENCES)[number]

/** EntrySource says where an entry of the record comes from. */
export type EntrySource = 'machine' | 'human' | 'comms' | 'action' | 'probe'

/**
 * ClockEvent is what the clocks read of the record, in order of its sequence. `atMs` is when the console received it
 * (epoch milliseconds): claimed times are shown, never counted.
 */
export type ClockEvent = { readonly atMs: number } & (
  | {
      readonly kind: 'declared'
      readonly severity: Severity
      readonly visibility: Reach
      /** speed is 1, or how many times faster the clocks of a drill run. */
      readonly speed: number
    }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'severity'; readonly to: Severity }
  | { readonly kind: 'status'; readonly to: Status }
  | { readonly kind: 'visibility'; readonly to: Reach }
  | { readonly kind: 'role'; readonly role: IncidentRole; readonly handle: string | undefined }
  | { readonly kind: 'offered'; readonly role: IncidentRole; readonly handle: string }
  | { readonly kind: 'withdrawn'; readonly role: IncidentRole }
  | { readonly kind: 'update'; readonly audience: Audience; readonly status: Status }
  | {
      readonly kind: 'task'
      readonly id: string
      readonly text: string
      readonly owner: string
      readonly minutes: number
    }
  | { readonly kind: 'task-acknowledged'; readonly id: string }
  | { readonly kind: 'task-finished'; readonly id: string }
  | { readonly kind: 'paused'; readonly reason: string }
  | { readonly kind: 'resumed' }
)

/** phaseOf derives the internal phase from the status and whether anybody has answered. */
export function phaseOf(status: Status, isAcknowledged: boolean): Phase {
  if (status === 'resolved') return 'resolved'
  if (status === 'monitoring') return 'mitigated'
  return isAcknowledged ? 'active' : 'triage'
}

/** isWorse tells whether severity a is worse than b. */
export function isWorse(a: Severity, b: Severity): boolean {
  return SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b)
}

/** incidentName writes an incident's number: `INC-0142`, or `DRILL-0007` for a drill. */
export function incidentName(number: number, isDrill: boolean): string {
  return `${isDrill ? 'DRILL' : 'INC'}-${String(number).padStart(4, '0')}`
}

/** parseIncidentName reads `INC-0142`, `DRILL-0007` or a bare number; undefined when it is neither. */
export function parseIncidentName(
  name: string,
): { readonly number: number; readonly isDrill: boolean } | undefined {
  const match = /^(?:(INC|DRILL)-)?(\d{1,9})$/i.exec(name.trim())
  if (!match) return undefined
  return { number: Number(match[2]), isDrill: match[1]?.toUpperCase() === 'DRILL' }
}
