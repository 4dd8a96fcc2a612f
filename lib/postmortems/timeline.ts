import { gapsOf } from '../incidents/gaps'
import type { EntryView } from '../incidents/view'
import { sentenceOf } from '../incidents/words'
import type { Gathered, GatheredAlert, GatheredEvent } from './gathered'
import { clockOf } from './instants'
import type { TimelineRow } from './model'

const MINUTE_MS = 60_000
const SKEW_MS = 2 * MINUTE_MS
const TOGETHER = 3
const NAMED = 5
const NOT_KEY = new Set([
  'note',
  'task-acknowledged',
  'link',
  'checklist',
  'offered',
  'withdrawn',
  'reminder',
])
const KEY_EVENTS = new Set(['page', 'api', 'service', 'queue', 'credit', 'source'])
const DOUBTS = {
  future: 'its writer claimed a time in the future',
  ancient: 'its writer claimed an impossible time',
  unreadable: 'the time that its writer claimed can’t be read',
} as const

/** MAX_ROWS is how many rows a document holds; what decided the course is kept before the rest. */
export const MAX_ROWS = 10_000

/** timelineOf puts everything that any source showed in one order, by the time of the event; rules PM-TIM of docs/rules/postmortems.md. */
export function timelineOf(gathered: Gathered): {
  readonly rows: readonly TimelineRow[]
  readonly leftOut: number
} {
  const rows = [
    ...gathered.entries.map((entry) => entryRow(gathered.incident.name, entry)),
    ...alertRows(gathered.alerts),
    ...eventRows(gathered.events),
    ...gapRows(gathered),
    ...disagreements(gathered),
  ].sort(inOrder)
  const over = rows.length - MAX_ROWS
  const leftOut = gathered.entriesLeftOut + gathered.eventsLeftOut
  if (over <= 0) return { rows, leftOut }
  const dropped = new Set(rows.filter((row) => !row.isKey).slice(-over))
  const kept = rows.filter((row) => !dropped.has(row)).slice(0, MAX_ROWS)
  return { rows: kept, leftOut: leftOut + rows.length - kept.length }
}

function inOrder(a: TimelineRow, b: TimelineRow): number {
  return (
    a.eventAtMs - b.eventAtMs ||
    (a.receivedAtMs ?? a.eventAtMs) - (b.receivedAtMs ?? b.eventAtMs) ||
    a.id.localeCompare(b.id, 'en', { numeric: true })
  )
}

/** cut shortens a text to what a row holds. */
export function cut(text: string, max = 1_000): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  return plain.length <= max ? plain : `${plain.slice(0, max - 1)}…`
}

const SOURCE_OF: Readonly<Record<EntryView['source'], TimelineRow['source']>> = {
  human: 'record',
  machine: 'record',
  comms: 'message',
  action: 'action',
  probe: 'triage',
}
const SOURCE_NAMES: Readonly<Record<EntryView['source'], string>> = {
  human: 'Record',
  machine: 'Watchfloor',
  comms: 'Message',
  action: 'Action',
  probe: 'Triage',
}

function entryRow(incident: string, entry: EntryView): TimelineRow {
  const { lead, rest, note } = sentenceOf(entry.kind, entry.body)
  const isTriage = entry.kind.startsWith('triage')
  return {
    id: `record:${entry.seq}`,
    kind: 'entry',
    eventAtMs: entry.atMs,
    toMs: null,
    receivedAtMs: entry.receivedAtMs,
    source: isTriage ? 'triage' : SOURCE_OF[entry.source],
    sourceName: isTriage ? 'Triage' : SOURCE_NAMES[entry.source],
    by: entry.by,
    text: cut(`${lead}${rest}${note ? ` (${note})` : ''}`),
    isKey: !NOT_KEY.has(entry.kind),
    doubt: entry.doubt === null ? '' : DOUBTS[entry.doubt],
    link: {
      label: `record ${entry.seq}`,
      href: `/incidents/${incident}?entry=${entry.seq}#entry-${entry.seq}`,
    },
  }
}

function alertRows(alerts: readonly GatheredAlert[]): readonly TimelineRow[] {
  const began = grouped(alerts, (alert) => `${alert.name} ${alert.level} ${minuteStart(alert.sinceMs)}`)
  const ended = grouped(
    alerts.filter((alert) => alert.resolvedMs !== null),
    (alert) => `${alert.name} ${alert.level} ${minuteStart(alert.resolvedMs ?? 0)}`,
  )
  return [
    ...began.map((group) => alertRow(group, 'fired')),
    ...ended.map((group) => alertRow(group, 'ended')),
  ]
}

function alertRow(group: readonly [GatheredAlert, ...GatheredAlert[]], what: 'fired' | 'ended'): TimelineRow {
  const [first] = group
  const atMs =
    what === 'fired'
      ? Math.min(...group.map((alert) => alert.sinceMs))
      : Math.min(...group.map((alert) => alert.resolvedMs ?? 0))
  const many = group.length === 1 ? '' : `${group.length} × `
  return {
    id: `alert:${first.id}:${what}`,
    kind: 'entry',
    eventAtMs: atMs,
    toMs: null,
    receivedAtMs: what === 'fired' ? Math.min(...group.map((alert) => alert.firstSeenMs)) : atMs,
    source: 'alert',
    sourceName: first.source,
    by: first.source,
    text: cut(
      `${many}${first.name} (${first.level}) ${what === 'fired' ? 'fires' : 'is over'}${
        what === 'fired' && first.summary !== '' ? `: ${first.summary}` : ''
      }`,
    ),
    isKey: true,
    doubt: first.skew,
    link: { label: 'alert', href: `/alerts?alert=${first.id}` },
  }
}

function minuteStart(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS)
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return [...groups.values()]
}

const SUBJECTS: Readonly<Record<string, string>> = {
  page: 'Provider’s status page',
  credit: 'Credit',
  gpu: 'GPU',
  instance: 'Instance',
  queue: 'Queue',
  service: 'Service',
  source: 'Source',
}
const FIGURES: Readonly<Record<string, string>> = {
  serverErrors: '5xx answers',
  authErrors: '401 and 403 answers',
  rateLimited: '429 answers',
  errorRatio: 'Error ratio',
  p95: 'p95 latency',
  p99: 'p99 latency',
}
const ROOM_OF: Readonly<Record<string, string>> = {
  gpu: '/gpus',
  instance: '/fleet',
  queue: '/queues',
  service: '/services',
  source: '/settings/sources',
  page: '/services',
  api: '/',
  credit: '/',
}

/** subjectOf names what a change of rating is about, as people call it. */
export function subjectOf(event: Pick<GatheredEvent, 'kind' | 'subject'>): string {
  if (event.kind === 'api') return FIGURES[event.subject] ?? event.subject
  const kind = SUBJECTS[event.kind] ?? event.kind
  return event.kind === 'page' || event.kind === 'credit' ? kind : `${kind} ${event.subject}`
}

// A storm of cards is one line with a count: they fail for one reason in one minute.
function eventRows(events: readonly GatheredEvent[]): readonly TimelineRow[] {
  const told = events.filter((event) => event.kind !== 'source' || event.after !== 'unknown')
  return grouped(told, (event) =>
    event.kind === 'gpu' || event.kind === 'instance'
      ? `${event.kind} ${event.before} ${event.after} ${shape(event.reason)} ${minuteStart(event.atMs)}`
      : event.id,
  ).flatMap((group) =>
    group.length >= TOGETHER ? [eventRow(group)] : group.map((event) => eventRow([event])),
  )
}

function shape(reason: string): string {
  return reason.replace(/\d+/g, '#')
}

function eventRow(group: readonly [GatheredEvent, ...GatheredEvent[]]): TimelineRow {
  const [first] = group
  const why = first.reason === '' ? '' : `: ${first.reason}`
  const named = group
    .slice(0, NAMED)
    .map((event) => event.subject)
    .join(', ')
  const rest = group.length > NAMED ? ` and ${group.length - NAMED} more` : ''
  const who =
    group.length === 1
      ? subjectOf(first)
      : `${group.length} ${first.kind === 'gpu' ? 'GPUs' : 'instances'} (${named}${rest})`
  const atMs = Math.min(...group.map((event) => event.atMs))
  return {
    id: `health:${first.id}`,
    kind: 'entry',
    eventAtMs: atMs,
    toMs: null,
    receivedAtMs: atMs,
    source: first.kind === 'page' ? 'provider' : 'probe',
    sourceName: first.kind === 'page' ? 'Provider’s page' : 'Health rules',
    by: 'watchfloor',
    text: cut(`${who} ${first.before} → ${first.after}${why}`),
    isKey: KEY_EVENTS.has(first.kind) || first.after === 'breach' || group.length >= TOGETHER,
    doubt: '',
    link: { label: first.kind, href: ROOM_OF[first.kind] ?? '/' },
  }
}

function gapRows({ sourceChanges, fromMs, toMs }: Gathered): readonly TimelineRow[] {
  return gapsOf({ changes: sourceChanges, fromMs, toMs }).map((gap) => {
    const minutes = Math.max(1, Math.round(((gap.toMs ?? toMs) - gap.fromMs) / MINUTE_MS))
    return {
      id: `gap:${gap.source}:${gap.fromMs}`,
      kind: 'gap' as const,
      eventAtMs: gap.fromMs,
      toMs: gap.toMs === undefined ? null : gap.toMs,
      receivedAtMs: null,
      source: 'probe' as const,
      sourceName: gap.source,
      by: '',
      text: cut(`No evidence from ${gap.source} for ${minutes} min: ${gap.reason}. Missing, not good`),
      isKey: true,
      doubt: '',
      link: { label: 'source', href: '/settings/sources' },
    }
  })
}

function disagreement(id: string, atMs: number, text: string, link: TimelineRow['link']): TimelineRow {
  return {
    id: `disagreement:${id}`,
    kind: 'disagreement',
    eventAtMs: atMs,
    toMs: null,
    receivedAtMs: null,
    source: 'probe',
    sourceName: 'Two sources',
    by: '',
    text: cut(text),
    isKey: true,
    doubt: '',
    link,
  }
}

/** Two sources that tell another story are both told; nothing is smoothed. */
function disagreements(gathered: Gathered): readonly TimelineRow[] {
  return [...lateAlerts(gathered), ...silentPage(gathered), ...claimedStart(gathered)]
}

function lateAlerts({ alerts }: Gathered): readonly TimelineRow[] {
  return alerts
    .filter((alert) => Math.abs(alert.firstSeenMs - alert.sinceMs) > SKEW_MS)
    .slice(0, 50)
    .map((alert) =>
      disagreement(
        `alert:${alert.id}`,
        alert.sinceMs,
        `${alert.name} says that it began at ${clockOf(alert.sinceMs)}; it was first heard of at ${clockOf(alert.firstSeenMs)}`,
        { label: 'alert', href: `/alerts?alert=${alert.id}` },
      ),
    )
}

function silentPage({ events }: Gathered): readonly TimelineRow[] {
  const failing = events.find(
    (event) =>
      event.kind === 'api' &&
      event.after === 'breach' &&
      (event.subject === 'serverErrors' || event.subject === 'errorRatio'),
  )
  if (failing === undefined) return []
  const isTrouble = (event: GatheredEvent): boolean => event.after === 'warning' || event.after === 'breach'
  const pages = events.filter((event) => event.kind === 'page')
  const before = pages.filter((event) => event.atMs <= failing.atMs).at(-1)
  if (before !== undefined && isTrouble(before)) return []
  const admitted = pages.find((event) => event.atMs > failing.atMs && isTrouble(event))
  if (admitted !== undefined && admitted.atMs - failing.atMs <= SKEW_MS) return []
  const until = admitted === undefined ? 'and never said so' : `until ${clockOf(admitted.atMs)}`
  return [
    disagreement(
      `page:${failing.atMs}`,
      failing.atMs,
      `The provider’s page showed no trouble while its API failed from ${clockOf(failing.atMs)}, ${until}`,
      { label: 'page', href: '/services' },
    ),
  ]
}

function claimedStart({ incident, firstSymptomAtMs, alerts }: Gathered): readonly TimelineRow[] {
  const claimed = incident.impactStartedAtMs
  const seen = [firstSymptomAtMs, ...alerts.map((alert) => alert.sinceMs)].filter((at) => at !== null)
  if (claimed === null || seen.length === 0) return []
  const firstMs = Math.min(...seen)
  if (Math.abs(firstMs - claimed) <= SKEW_MS) return []
  return [
    disagreement(
      `start:${claimed}`,
      Math.min(claimed, firstMs),
      `Impact is said to have begun at ${clockOf(claimed)}; the first sign that a source showed is of ${clockOf(firstMs)}`,
      { label: 'incident', href: `/incidents/${incident.name}` },
    ),
  ]
}
