import { nextBusinessClose } from './business-day'
import { type History, historyOf, type Piece } from './history'
import type { Audience, ClockEvent, Severity } from './model'
import type { IncidentsPolicy } from './policy'

const MINUTE_MS = 60_000
const AMBER_SHARE = 0.25

/** ClockKind names what a clock waits for. */
export type ClockKind = 'response' | 'commander' | 'first-public' | 'update' | 'executive' | 'task'

/** Clock is one promise with its deadline; instants are epoch milliseconds, and neither remainingMs nor overMs is ever negative. */
export type Clock = {
  /** id is stable over the life of an incident: `response`, `update:public`, `task:<id>`. */
  readonly id: string
  readonly kind: ClockKind
  readonly title: string
  readonly startedAtMs: number
  /** dueAtMs moves on while the clock is paused. */
  readonly dueAtMs: number
  readonly wholeMs: number
  readonly state: 'running' | 'amber' | 'breached' | 'met'
  readonly metAtMs: number | undefined
  readonly remainingMs: number
  /** overMs of a met clock says how late it was met. */
  readonly overMs: number
  readonly paused: string | undefined
  /** owner is a handle; undefined when nobody owns it. */
  readonly owner: string | undefined
  readonly why: string
}

type Limit = { readonly limitMs: number; readonly wholeMs: number; readonly startedAtMs?: number }

type Watch = {
  readonly id: string
  readonly kind: ClockKind
  readonly title: string
  readonly owner: string | undefined
  readonly from: number
  /** until is the event that meets it; undefined while it is owed. */
  readonly until: number | undefined
  readonly isPausable: boolean
  readonly limitOf: (piece: Piece, change: Change | undefined) => Limit | undefined
  readonly why: (severity: Severity) => string
}

/** The first change of status that no update has told yet, and how much had been counted by then. */
type Change = { readonly atMs: number; readonly elapsedMs: number }

type Measure = {
  readonly elapsedMs: number
  readonly limit: Limit | undefined
  readonly breach: Limit | undefined
  readonly breachSeverity: Severity | undefined
  /** severity is the one in force when the watch was last looked at. */
  readonly severity: Severity
  readonly endMs: number
}

/** clocksOf gives every clock of a record at `nowMs`, owed ones by due time, then the met ones; rules I-CLK of docs/rules/incidents.md. */
export function clocksOf(
  events: readonly ClockEvent[],
  policy: IncidentsPolicy,
  nowMs: number,
): readonly Clock[] {
  const history = historyOf(events, nowMs)
  if (history === undefined) return []
  const clocks = watchesOf(history, policy).flatMap((watch) => clockOf(history, watch) ?? [])
  return clocks.sort((a, b) => Number(a.state === 'met') - Number(b.state === 'met') || a.dueAtMs - b.dueAtMs)
}

function counts(piece: Piece, watch: Watch): boolean {
  return piece.status !== 'resolved' && !(watch.isPausable && piece.paused !== undefined)
}

function measure(history: History, watch: Watch): Measure {
  const { pieces } = history
  const end = watch.until ?? pieces.length
  let elapsedMs = 0
  let change: Change | undefined
  let limit: Limit | undefined
  let breach: Limit | undefined
  let breachSeverity: Severity | undefined
  let severity = history.last.severity
  for (let index = watch.from; index < end; index += 1) {
    const piece = pieces[index]
    if (piece === undefined) break
    const isChange = index > watch.from && piece.event.kind === 'status'
    if (isChange) change ??= { atMs: piece.fromMs, elapsedMs }
    if (counts(piece, watch)) elapsedMs += piece.toMs - piece.fromMs
    if (piece.status === 'resolved') continue
    limit = watch.limitOf(piece, change)
    severity = piece.severity
    if (limit === undefined || elapsedMs <= limit.limitMs) continue
    if (breach === undefined || limit.limitMs < breach.limitMs) {
      breach = limit
      breachSeverity = piece.severity
    }
  }
  const endMs = pieces[end - 1]?.toMs ?? history.last.toMs
  return { elapsedMs, limit, breach, breachSeverity, severity, endMs }
}

/** The instant at which the watch had counted (or will have counted) so much. */
function instantAt(history: History, watch: Watch, countedMs: number): number {
  let elapsedMs = 0
  const pieces = history.pieces.slice(watch.from, watch.until)
  for (const piece of pieces) {
    if (!counts(piece, watch)) continue
    const lengthMs = piece.toMs - piece.fromMs
    if (elapsedMs + lengthMs >= countedMs) return piece.fromMs + (countedMs - elapsedMs)
    elapsedMs += lengthMs
  }
  return (pieces.at(-1)?.toMs ?? history.last.toMs) + (countedMs - elapsedMs)
}

function clockOf(history: History, watch: Watch): Clock | undefined {
  const { last } = history
  const { elapsedMs, limit: current, breach, breachSeverity, severity, endMs } = measure(history, watch)
  const limit = breach ?? current
  if (limit === undefined) return undefined
  const isMet = watch.until !== undefined
  if (!isMet && breach === undefined && last.status === 'resolved') return undefined
  const remainingMs = Math.max(0, limit.limitMs - elapsedMs)
  const isPaused = !isMet && watch.isPausable && last.status !== 'resolved'
  return {
    id: watch.id,
    kind: watch.kind,
    title: watch.title,
    startedAtMs: limit.startedAtMs ?? history.pieces[watch.from]?.fromMs ?? endMs,
    dueAtMs: instantAt(history, watch, limit.limitMs),
    wholeMs: limit.wholeMs,
    state: isMet
      ? 'met'
      : breach
        ? 'breached'
        : remainingMs <= limit.wholeMs * AMBER_SHARE
          ? 'amber'
          : 'running',
    metAtMs: isMet ? endMs : undefined,
    remainingMs,
    overMs: Math.max(0, elapsedMs - limit.limitMs),
    paused: isPaused ? last.paused : undefined,
    owner: watch.owner,
    why: whyOf(watch, severity, breachSeverity),
  }
}

function whyOf(watch: Watch, severity: Severity, breachSeverity: Severity | undefined): string {
  if (breachSeverity === undefined || breachSeverity === severity) return watch.why(severity)
  return `${watch.why(breachSeverity)} Missed as ${breachSeverity}: a change of severity does not undo it.`
}

function watchesOf(history: History, policy: IncidentsPolicy): readonly Watch[] {
  return [
    responseWatch(history, policy),
    commanderWatch(history, policy),
    ...firstPublicWatch(history, policy),
    ...updateWatch(history, policy),
    ...executiveWatch(history, policy),
    ...taskWatches(history),
  ]
}

function findAfter(history: History, from: number, test: (event: ClockEvent) => boolean): number | undefined {
  const index = history.pieces.findIndex((piece, at) => at > from && test(piece.event))
  return index < 0 ? undefined : index
}

function within(minutes: number | undefined, speed: number): Limit | undefined {
  if (minutes === undefined) return undefined
  const wholeMs = Math.round((minutes * MINUTE_MS) / speed)
  return { limitMs: wholeMs, wholeMs }
}

function responseWatch(history: History, policy: IncidentsPolicy): Watch {
  const startMs = history.pieces[0]?.fromMs ?? 0
  const closeMs = nextBusinessClose(startMs, policy.team) - startMs
  return {
    id: 'response',
    kind: 'response',
    title: 'First response',
    owner: history.holders.get('commander'),
    from: 0,
    until: findAfter(
      history,
      0,
      (event) => event.kind === 'acknowledged' || (event.kind === 'status' && event.to === 'resolved'),
    ),
    isPausable: false,
    limitOf: ({ severity }) => {
      const target = policy.responseMinutes[severity]
      return within(target === 'next-business-day' ? closeMs / MINUTE_MS : target, history.speed)
    },
    why: (severity) => {
      const target = policy.responseMinutes[severity]
      return target === 'next-business-day'
        ? `${severity}: somebody answers by the end of the next business day.`
        : `${severity}: somebody answers within ${minuteWords(target)} of the declaration.`
    },
  }
}

function commanderWatch(history: History, policy: IncidentsPolicy): Watch {
  return {
    id: 'commander',
    kind: 'commander',
    title: 'Commander',
    owner: history.holders.get('commander'),
    from: 0,
    until: findAfter(
      history,
      0,
      (event) => event.kind === 'role' && event.role === 'commander' && event.handle !== undefined,
    ),
    isPausable: false,
    limitOf: ({ severity }) => within(policy.commanderMinutes[severity], history.speed),
    why: (severity) =>
      `${severity}: somebody is in command within ${minuteWords(policy.commanderMinutes[severity])} of the declaration.`,
  }
}

function isPublicUpdate(event: ClockEvent): boolean {
  return event.kind === 'update' && event.audience === 'public'
}

function firstPublicWatch(history: History, policy: IncidentsPolicy): readonly Watch[] {
  const from = history.pieces.findIndex((piece) => piece.visibility === 'public')
  const told = history.pieces.findIndex((piece) => isPublicUpdate(piece.event))
  if (from < 0 || (told >= 0 && told < from)) return []
  if (told < 0 && history.last.visibility !== 'public') return []
  return [
    {
      id: 'first-public',
      kind: 'first-public',
      title: 'First public update',
      owner: history.holders.get('communications'),
      from,
      until: told < 0 ? undefined : told,
      isPausable: false,
      limitOf: ({ severity, visibility }) =>
        visibility === 'public' ? within(policy.firstPublicMinutes[severity], history.speed) : undefined,
      why: (severity) =>
        `${severity}, public: customers hear of it within ${minuteWords(policy.firstPublicMinutes[severity])}.`,
    },
  ]
}

/** The event from which a rolling clock counts: the last update of the kind, a reopening, or the declaration. */
function baseOf(history: History, audiences: readonly Audience[]): number {
  const index = history.pieces.findLastIndex(
    ({ event, isReopening }) =>
      isReopening || (event.kind === 'update' && audiences.includes(event.audience)),
  )
  return Math.max(0, index)
}

function updateWatch(history: History, policy: IncidentsPolicy): readonly Watch[] {
  const { last } = history
  const isPublic = last.visibility === 'public'
  if (last.status === 'resolved') return []
  if (isPublic && !history.pieces.some(({ event }) => isPublicUpdate(event))) return []
  const cadenceOf = ({ severity, status }: Pick<Piece, 'severity' | 'status'>) =>
    status === 'resolved' ? undefined : policy.updateMinutes[severity]?.[status]
  return [
    {
      id: `update:${last.visibility}`,
      kind: 'update',
      title: isPublic ? 'Public update' : 'Internal update',
      owner: history.holders.get(isPublic ? 'communications' : 'commander'),
      from: baseOf(history, isPublic ? ['public'] : ['public', 'internal']),
      until: undefined,
      isPausable: true,
      limitOf: (piece, change) => {
        if (piece.visibility !== last.visibility) return undefined
        const cadence = cadenceOf(piece)
        if (cadence !== 'on-change') return within(cadence, history.speed)
        if (change === undefined) return undefined
        const wholeMs = Math.round((policy.onChangeMinutes * MINUTE_MS) / history.speed)
        return { limitMs: change.elapsedMs + wholeMs, wholeMs, startedAtMs: change.atMs }
      },
      why: (severity) => {
        const cadence = cadenceOf({ severity, status: last.status })
        return cadence === 'on-change'
          ? `${severity}, ${last.status}: an update within ${minuteWords(policy.onChangeMinutes)} of a change of status.`
          : `${severity}, ${last.status}: an update every ${minuteWords(cadence)}.`
      },
    },
  ]
}

function executiveWatch(history: History, policy: IncidentsPolicy): readonly Watch[] {
  if (history.last.status === 'resolved') return []
  return [
    {
      id: 'executive',
      kind: 'executive',
      title: 'Executive update',
      owner: history.holders.get('commander'),
      from: baseOf(history, ['executive']),
      until: undefined,
      isPausable: true,
      limitOf: ({ severity }) => within(policy.executiveMinutes[severity], history.speed),
      why: (severity) =>
        `${severity}: executives hear every ${minuteWords(policy.executiveMinutes[severity])}.`,
    },
  ]
}

function taskWatches(history: History): readonly Watch[] {
  return history.pieces.flatMap(({ event }, index) => {
    if (event.kind !== 'task') return []
    return [
      {
        id: `task:${event.id}`,
        kind: 'task',
        title: event.text,
        owner: event.owner,
        from: index,
        until: findAfter(history, index, (later) => later.kind === 'task-finished' && later.id === event.id),
        isPausable: true,
        limitOf: () => within(event.minutes, history.speed),
        why: () => `Boxed at ${minuteWords(event.minutes)}.`,
      } satisfies Watch,
    ]
  })
}

function minuteWords(minutes: number | undefined): string {
  if (minutes === undefined) return 'no set time'
  if (minutes % 60 === 0 && minutes >= 60) return `${minutes / 60} h`
  return `${minutes} min`
}
