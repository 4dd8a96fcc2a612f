import type { Clock } from '../clocks'
import type { ClockEvent, Reach, Severity, Status } from '../model'
import type { IncidentsPolicy } from '../policy'

/**
 * A second reading of the rules I-CLK, written apart from clocks.ts and in another way: states are looked up in the
 * log anew for every question, and time is taken from intervals instead of being added up piece by piece.
 */
type Answer = Pick<
  Clock,
  | 'id'
  | 'startedAtMs'
  | 'dueAtMs'
  | 'wholeMs'
  | 'state'
  | 'metAtMs'
  | 'remainingMs'
  | 'overMs'
  | 'paused'
  | 'owner'
>
type Span = readonly [from: number, to: number]
type Rule = {
  readonly id: string
  readonly base: number
  readonly met?: number
  readonly pausable: boolean
  readonly owner?: string
  readonly allowed: (
    index: number,
  ) => { readonly limit: number; readonly whole: number; readonly start: number } | undefined
}

const MINUTE = 60_000
const closes = new Map<string, number>()

/** naiveBusinessClose walks forward a quarter of an hour at a time until the team's clock shows the closing hour of a later workday. */
export function naiveBusinessClose(start: number, team: IncidentsPolicy['team']): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: team.zone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const read = (at: number) => {
    const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]))
    return {
      day: `${parts.year}-${parts.month}-${parts.day}`,
      time: `${parts.hour}:${parts.minute}`,
      weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts.weekday ?? '') + 1,
    }
  }
  const today = read(start).day
  const key = `${team.zone} ${today} ${team.holidays.length}`
  const known = closes.get(key)
  if (known !== undefined) return known
  for (let at = Math.ceil(start / (15 * MINUTE)) * 15 * MINUTE; ; at += 15 * MINUTE) {
    const here = read(at)
    const isWork = team.workdays.includes(here.weekday) && !team.holidays.includes(here.day)
    if (here.day !== today && isWork && here.time === team.closesAt) {
      closes.set(key, at)
      return at
    }
  }
}

/** naiveClocks answers what clocksOf answers, without titles and reasons, sorted by id. */
export function naiveClocks(
  log: readonly ClockEvent[],
  policy: IncidentsPolicy,
  now: number,
): readonly Answer[] {
  const first = log[0]
  if (first?.kind !== 'declared') return []
  const times = log.map((_event, index) => Math.max(...log.slice(0, index + 1).map((event) => event.atMs)))
  const until = (index: number): number => Math.max(times[index] ?? 0, times[index + 1] ?? now)
  const upTo = (index: number) => log.slice(0, index + 1)
  const severityAt = (index: number): Severity =>
    upTo(index).reduce<Severity>((was, event) => (event.kind === 'severity' ? event.to : was), first.severity)
  const statusAt = (index: number): Status =>
    upTo(index).reduce<Status>((was, event) => (event.kind === 'status' ? event.to : was), 'investigating')
  const visibilityAt = (index: number): Reach =>
    upTo(index).reduce<Reach>(
      (was, event) => (event.kind === 'visibility' ? event.to : was),
      first.visibility,
    )
  const pauseAt = (index: number): string | undefined =>
    upTo(index).reduce<string | undefined>(
      (was, event) => (event.kind === 'paused' ? event.reason : event.kind === 'resumed' ? undefined : was),
      undefined,
    )
  const holderOf = (role: string): string | undefined =>
    log.reduce<string | undefined>(
      (was, event) => (event.kind === 'role' && event.role === role ? event.handle : was),
      undefined,
    )
  const end = log.length - 1
  const speed = Math.max(1, first.speed)
  const scaled = (minutes: number): number => Math.round((minutes * MINUTE) / speed)

  const stopsOf = (pausable: boolean): Span[] =>
    log.flatMap((_event, index): Span[] => {
      const isStopped = statusAt(index) === 'resolved' || (pausable && pauseAt(index) !== undefined)
      return isStopped ? [[times[index] ?? 0, until(index)]] : []
    })
  const overlap = (stops: readonly Span[], from: number, to: number): number =>
    stops.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, to) - Math.max(a, from)), 0)

  const reopenings = log.flatMap((event, index) =>
    event.kind === 'status' && event.to !== 'resolved' && index > 0 && statusAt(index - 1) === 'resolved'
      ? [index]
      : [],
  )
  const updatesTo = (...audiences: string[]): number[] =>
    log.flatMap((event, index) =>
      event.kind === 'update' && audiences.includes(event.audience) ? [index] : [],
    )
  const firstIndex = (test: (event: ClockEvent, index: number) => boolean): number | undefined => {
    const index = log.findIndex(test)
    return index < 0 ? undefined : index
  }

  const rules: Rule[] = []
  const flat = (minutes: number | undefined, base: number) =>
    minutes === undefined
      ? undefined
      : { limit: scaled(minutes), whole: scaled(minutes), start: times[base] ?? 0 }

  rules.push({
    id: 'response',
    base: 0,
    met: firstIndex(
      (e, i) => i > 0 && (e.kind === 'acknowledged' || (e.kind === 'status' && e.to === 'resolved')),
    ),
    pausable: false,
    owner: holderOf('commander'),
    allowed: (index) => {
      const target = policy.responseMinutes[severityAt(index)]
      if (target !== 'next-business-day') return flat(target, 0)
      return flat((naiveBusinessClose(times[0] ?? 0, policy.team) - (times[0] ?? 0)) / MINUTE, 0)
    },
  })
  rules.push({
    id: 'commander',
    base: 0,
    met: firstIndex((e) => e.kind === 'role' && e.role === 'commander' && e.handle !== undefined),
    pausable: false,
    owner: holderOf('commander'),
    allowed: (index) => flat(policy.commanderMinutes[severityAt(index)], 0),
  })
  const isPublicNow = visibilityAt(end) === 'public'
  const opened = log.findIndex((_event, index) => visibilityAt(index) === 'public')
  const told = updatesTo('public')[0]
  if (opened >= 0 && (told === undefined ? isPublicNow : told >= opened)) {
    rules.push({
      id: 'first-public',
      base: opened,
      met: told,
      pausable: false,
      owner: holderOf('communications'),
      allowed: (index) =>
        visibilityAt(index) === 'public'
          ? flat(policy.firstPublicMinutes[severityAt(index)], opened)
          : undefined,
    })
  }
  if (statusAt(end) !== 'resolved') {
    const visibility = visibilityAt(end)
    const told = isPublicNow ? updatesTo('public') : updatesTo('public', 'internal')
    const base = Math.max(0, ...told, ...reopenings)
    if (!isPublicNow || told.length > 0) {
      rules.push({
        id: `update:${visibility}`,
        base,
        pausable: true,
        owner: holderOf(isPublicNow ? 'communications' : 'commander'),
        allowed: (index) => {
          const status = statusAt(index)
          if (visibilityAt(index) !== visibility || status === 'resolved') return undefined
          const cadence = policy.updateMinutes[severityAt(index)]?.[status]
          if (cadence !== 'on-change') return flat(cadence, base)
          const changed = log.findIndex((event, at) => at > base && at <= index && event.kind === 'status')
          if (changed < 0) return undefined
          const from = times[base] ?? 0
          const at = times[changed] ?? 0
          const counted = at - from - overlap(stopsOf(true), from, at)
          return {
            limit: counted + scaled(policy.onChangeMinutes),
            whole: scaled(policy.onChangeMinutes),
            start: at,
          }
        },
      })
    }
    const executives = Math.max(0, ...updatesTo('executive'), ...reopenings)
    rules.push({
      id: 'executive',
      base: executives,
      pausable: true,
      owner: holderOf('commander'),
      allowed: (index) => flat(policy.executiveMinutes[severityAt(index)], executives),
    })
  }
  for (const [index, event] of log.entries()) {
    if (event.kind !== 'task') continue
    rules.push({
      id: `task:${event.id}`,
      base: index,
      met: firstIndex((e, i) => i > index && e.kind === 'task-finished' && e.id === event.id),
      pausable: true,
      owner: event.owner,
      allowed: () => flat(event.minutes, index),
    })
  }

  return rules.flatMap((rule): Answer[] => {
    const start = times[rule.base] ?? 0
    const stop = rule.met === undefined ? until(end) : (times[rule.met] ?? 0)
    const stops = stopsOf(rule.pausable).map(([a, b]): Span => [Math.min(a, stop), Math.min(b, stop)])
    const counted = (to: number): number => to - start - overlap(stops, start, to)
    const looked = log.flatMap((_event, index) => {
      const isInside = index >= rule.base && index < (rule.met ?? log.length)
      return isInside && statusAt(index) !== 'resolved' ? [index] : []
    })
    const missed = looked.flatMap((index) => {
      const limit = rule.allowed(index)
      return limit !== undefined && counted(Math.min(stop, until(index))) > limit.limit ? [limit] : []
    })
    const tightest = missed.reduce<(typeof missed)[number] | undefined>(
      (best, limit) => (best === undefined || limit.limit < best.limit ? limit : best),
      undefined,
    )
    const present = looked.length === 0 ? undefined : rule.allowed(looked.at(-1) ?? 0)
    const limit = tightest ?? present
    if (limit === undefined) return []
    if (rule.met === undefined && tightest === undefined && statusAt(end) === 'resolved') return []
    const total = counted(stop)
    let due = start + limit.limit
    for (let again = start + limit.limit + overlap(stops, start, due); again !== due; ) {
      due = again
      again = start + limit.limit + overlap(stops, start, due)
    }
    const left = Math.max(0, limit.limit - total)
    return [
      {
        id: rule.id,
        startedAtMs: limit.start,
        dueAtMs: due,
        wholeMs: limit.whole,
        state:
          rule.met !== undefined
            ? 'met'
            : tightest
              ? 'breached'
              : left * 4 <= limit.whole
                ? 'amber'
                : 'running',
        metAtMs: rule.met === undefined ? undefined : stop,
        remainingMs: left,
        overMs: Math.max(0, total - limit.limit),
        paused:
          rule.met === undefined && rule.pausable && statusAt(end) !== 'resolved' ? pauseAt(end) : undefined,
        owner: rule.owner,
      },
    ]
  })
}
