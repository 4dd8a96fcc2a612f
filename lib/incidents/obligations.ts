import { type Clock, clocksOf } from './clocks'
import { type History, historyOf } from './history'
import type { ClockEvent, IncidentRole } from './model'
import type { IncidentsPolicy } from './policy'

const MINUTE_MS = 60_000

/** Obligation is something owed: what, to whom, by whom and by when (epoch milliseconds). */
export type Obligation = {
  readonly id: string
  readonly kind: 'response' | 'role' | 'task' | 'update' | 'handover' | 'notice'
  readonly title: string
  readonly owedTo: string
  /** owner is a handle; undefined when nobody owns it. */
  readonly owner: string | undefined
  readonly dueAtMs: number | undefined
  readonly isOverdue: boolean
  /** blocksResolve: the incident can't be resolved over it without a waiver. */
  readonly blocksResolve: boolean
}

/** ROLE_TITLES are the jobs in words. */
export const ROLE_TITLES: Readonly<Record<IncidentRole, string>> = {
  commander: 'Commander',
  operations: 'Operations',
  communications: 'Communications',
  scribe: 'Scribe',
  responder: 'Responder',
}

/** obligationsOf lists everything that is owed at `nowMs`, next due first; what has no due time comes last. Rules I-OBL. */
export function obligationsOf(
  events: readonly ClockEvent[],
  policy: IncidentsPolicy,
  nowMs: number,
): readonly Obligation[] {
  const history = historyOf(events, nowMs)
  if (history === undefined) return []
  const clocks = clocksOf(events, policy, nowMs).filter((clock) => clock.state !== 'met')
  const isOpen = history.last.status !== 'resolved'
  return [
    ...(isOpen ? clocks.flatMap((clock) => ofClock(clock) ?? []) : []),
    ...(isOpen ? unfilledRoles(history, policy, clocks, nowMs) : unfinishedTasks(history)),
    ...handovers(history, policy, nowMs),
    ...publicNotice(history, policy, nowMs),
  ].sort((a, b) => (a.dueAtMs ?? Number.MAX_VALUE) - (b.dueAtMs ?? Number.MAX_VALUE))
}

function ofClock(clock: Clock): Obligation | undefined {
  const isOverdue = clock.state === 'breached'
  const base = {
    id: clock.id,
    owner: clock.owner,
    dueAtMs: clock.paused === undefined ? clock.dueAtMs : undefined,
    isOverdue,
  }
  switch (clock.kind) {
    case 'response':
      return { ...base, kind: 'response', title: 'First response', owedTo: 'the team', blocksResolve: true }
    case 'task':
      return { ...base, kind: 'task', title: clock.title, owedTo: 'the commander', blocksResolve: true }
    case 'first-public':
      return { ...base, kind: 'update', title: clock.title, owedTo: 'customers', blocksResolve: isOverdue }
    case 'update': {
      const owedTo = clock.id === 'update:public' ? 'customers' : 'the team'
      return { ...base, kind: 'update', title: clock.title, owedTo, blocksResolve: isOverdue }
    }
    case 'executive':
      return { ...base, kind: 'update', title: clock.title, owedTo: 'executives', blocksResolve: isOverdue }
    case 'commander':
      return undefined
  }
}

function unfilledRoles(
  history: History,
  policy: IncidentsPolicy,
  clocks: readonly Clock[],
  nowMs: number,
): readonly Obligation[] {
  const startMs = history.pieces[0]?.fromMs ?? nowMs
  const required = policy.requiredRoles[history.last.severity] ?? []
  return required
    .filter((role) => !history.holders.has(role))
    .map((role) => {
      const clock = role === 'commander' ? clocks.find((one) => one.kind === 'commander') : undefined
      const dueAtMs =
        clock?.dueAtMs ?? startMs + Math.round((policy.rolesWithinMinutes * MINUTE_MS) / history.speed)
      return {
        id: `role:${role}`,
        kind: 'role',
        title: `Somebody for ${ROLE_TITLES[role].toLowerCase()}`,
        owedTo: 'the team',
        owner: undefined,
        dueAtMs,
        isOverdue: nowMs > dueAtMs,
        blocksResolve: false,
      }
    })
}

/** Tasks that a waiver left open: still somebody's, but no clock runs for them. */
function unfinishedTasks(history: History): readonly Obligation[] {
  const finished = new Set(
    history.pieces.flatMap(({ event }) => (event.kind === 'task-finished' ? [event.id] : [])),
  )
  return history.pieces.flatMap(({ event }): Obligation[] =>
    event.kind === 'task' && !finished.has(event.id)
      ? [
          {
            id: `task:${event.id}`,
            kind: 'task',
            title: event.text,
            owedTo: 'the commander',
            owner: event.owner,
            dueAtMs: undefined,
            isOverdue: false,
            blocksResolve: true,
          },
        ]
      : [],
  )
}

function handovers(history: History, policy: IncidentsPolicy, nowMs: number): readonly Obligation[] {
  const offers = new Map<IncidentRole, { readonly to: string; readonly atMs: number }>()
  for (const { event, fromMs } of history.pieces) {
    if (event.kind === 'offered') offers.set(event.role, { to: event.handle, atMs: fromMs })
    if (event.kind === 'role' || event.kind === 'withdrawn') offers.delete(event.role)
  }
  return [...offers].map(([role, offer]) => {
    const dueAtMs = offer.atMs + Math.round((policy.handoverMinutes * MINUTE_MS) / history.speed)
    return {
      id: `handover:${role}`,
      kind: 'handover',
      title: `Accept ${ROLE_TITLES[role].toLowerCase()}`,
      owedTo: history.holders.has(role) ? `@${history.holders.get(role)}` : 'the team',
      owner: offer.to,
      dueAtMs,
      isOverdue: nowMs > dueAtMs,
      blocksResolve: true,
    }
  })
}

/** A public notice is open from the first public update until one that says resolved. */
function publicNotice(history: History, policy: IncidentsPolicy, nowMs: number): readonly Obligation[] {
  const told = history.pieces.findLast(({ event }) => event.kind === 'update' && event.audience === 'public')
  if (told?.event.kind !== 'update' || told.event.status === 'resolved') return []
  const resolvedAtMs = history.pieces.findLast(({ event }) => event.kind === 'status')?.fromMs
  const isResolved = history.last.status === 'resolved' && resolvedAtMs !== undefined
  const dueAtMs = isResolved
    ? resolvedAtMs + Math.round((policy.onChangeMinutes * MINUTE_MS) / history.speed)
    : undefined
  return [
    {
      id: 'notice',
      kind: 'notice',
      title: 'Close the public notice',
      owedTo: 'customers',
      owner: history.holders.get('communications'),
      dueAtMs,
      isOverdue: dueAtMs !== undefined && nowMs > dueAtMs,
      blocksResolve: true,
    },
  ]
}
