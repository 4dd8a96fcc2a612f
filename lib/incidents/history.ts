import type { ClockEvent, IncidentRole, Reach, Severity, Status } from './model'

/** Piece is the time from one event to the next (epoch milliseconds), with the state that the first one made. */
export type Piece = {
  readonly fromMs: number
  readonly toMs: number
  readonly event: ClockEvent
  readonly severity: Severity
  readonly status: Status
  readonly visibility: Reach
  /** paused is the reason for which the clocks that may pause stand still. */
  readonly paused: string | undefined
  readonly isReopening: boolean
}

/** History is a record cut into pieces up to now, with who holds which role at its end. */
export type History = {
  readonly pieces: readonly Piece[]
  readonly last: Piece
  readonly speed: number
  readonly holders: ReadonlyMap<IncidentRole, string>
}

type State = Omit<Piece, 'fromMs' | 'toMs' | 'event'>

function after(state: State, event: ClockEvent): State {
  const plain = { ...state, isReopening: false }
  switch (event.kind) {
    case 'severity':
      return { ...plain, severity: event.to }
    case 'status':
      return {
        ...plain,
        status: event.to,
        isReopening: state.status === 'resolved' && event.to !== 'resolved',
      }
    case 'visibility':
      return { ...plain, visibility: event.to }
    case 'paused':
      return { ...plain, paused: event.reason }
    case 'resumed':
      return { ...plain, paused: undefined }
    default:
      return plain
  }
}

/**
 * historyOf cuts a record into pieces. Time in a record never runs backwards: an event that claims to be received
 * before the one ahead of it counts at that one's time. Undefined when the record does not begin with a declaration.
 */
export function historyOf(events: readonly ClockEvent[], nowMs: number): History | undefined {
  const first = events[0]
  if (first?.kind !== 'declared') return undefined
  const pieces: Piece[] = []
  const holders = new Map<IncidentRole, string>()
  let state: State = {
    severity: first.severity,
    status: 'investigating',
    visibility: first.visibility,
    paused: undefined,
    isReopening: false,
  }
  let fromMs = first.atMs
  for (const [index, event] of events.entries()) {
    if (index > 0) state = after(state, event)
    if (event.kind === 'role') {
      if (event.handle === undefined) holders.delete(event.role)
      else holders.set(event.role, event.handle)
    }
    const toMs = Math.max(fromMs, events[index + 1]?.atMs ?? nowMs)
    pieces.push({ ...state, event, fromMs, toMs })
    fromMs = toMs
  }
  const last = pieces.at(-1)
  return last === undefined ? undefined : { pieces, last, speed: Math.max(1, first.speed), holders }
}
