import {
  type Audience,
  type ClockEvent,
  type IncidentRole,
  reachOf,
  type Severity,
  type Status,
  type Visibility,
} from './model'

/** CLOCK_KINDS are the kinds of entries that the clocks read; all others leave them alone. */
export const CLOCK_KINDS = [
  'declared',
  'acknowledged',
  'severity',
  'status',
  'visibility',
  'role',
  'offered',
  'withdrawn',
  'update',
  'task',
  'task-acknowledged',
  'task-finished',
  'paused',
  'resumed',
] as const

type Body = Readonly<Record<string, unknown>>

/** clockEventOf reads one stored entry as the clocks see it; undefined for entries that they do not read. */
export function clockEventOf(entry: {
  readonly kind: string
  readonly receivedAtMs: number
  readonly body: unknown
}): ClockEvent | undefined {
  const body = entry.body as Body
  const atMs = entry.receivedAtMs
  switch (entry.kind) {
    case 'declared':
      return {
        kind: 'declared',
        atMs,
        severity: body.severity as Severity,
        visibility: reachOf(body.visibility as Visibility),
        speed: Number(body.speed ?? 1),
      }
    case 'acknowledged':
    case 'resumed':
      return { kind: entry.kind, atMs }
    case 'severity':
      return { kind: 'severity', atMs, to: body.to as Severity }
    case 'status':
      return { kind: 'status', atMs, to: body.to as Status }
    case 'visibility':
      return { kind: 'visibility', atMs, to: reachOf(body.to as Visibility) }
    case 'role':
      return { kind: 'role', atMs, role: body.role as IncidentRole, handle: textOf(body.handle) }
    case 'offered':
      return { kind: 'offered', atMs, role: body.role as IncidentRole, handle: String(body.handle) }
    case 'withdrawn':
      return { kind: 'withdrawn', atMs, role: body.role as IncidentRole }
    case 'update':
      return { kind: 'update', atMs, audience: body.audience as Audience, status: body.status as Status }
    case 'task':
      return {
        kind: 'task',
        atMs,
        id: String(body.id),
        text: String(body.text),
        owner: String(body.owner),
        minutes: Number(body.minutes),
      }
    case 'task-acknowledged':
    case 'task-finished':
      return { kind: entry.kind, atMs, id: String(body.id) }
    case 'paused':
      return { kind: 'paused', atMs, reason: String(body.title ?? body.reason) }
    default:
      return undefined
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
