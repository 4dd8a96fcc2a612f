import { chartsOf } from './charts'
import type { Gathered, GatheredMessage } from './gathered'
import { impactOf } from './impact'
import { dateOf } from './instants'
import { milestonesOf } from './milestones'
import type { Message, PostmortemRecord } from './model'
import { timelineOf } from './timeline'

/** recordOf makes the frozen record of an incident from everything that was gathered; rules PM-REC of docs/rules/postmortems.md. */
export function recordOf(gathered: Gathered): PostmortemRecord {
  const { incident, triage, actions, roles, components, nowMs } = gathered
  const { rows, leftOut } = timelineOf(gathered)
  const milestones = milestonesOf(gathered, rows)
  const startedAtMs = milestones.find((one) => one.key === 'impact')?.atMs ?? incident.declaredAtMs
  const endMs = incident.resolvedAtMs ?? gathered.toMs
  return {
    meta: {
      incident: incident.name,
      title: incident.title,
      errorType: errorType(gathered),
      severity: incident.severity,
      severityChanges: severityChanges(gathered),
      isDrill: incident.isDrill,
      visibility: incident.visibility,
      declaredBy: incident.declaredBy,
      startedAtMs,
      endedAtMs: incident.resolvedAtMs,
      durationMs: incident.resolvedAtMs === null ? null : Math.max(0, incident.resolvedAtMs - startedAtMs),
      draftedAtMs: nowMs,
      roles,
      responders: respondersOf(gathered),
      hosts: [...gathered.hosts].slice(0, 500),
      components,
    },
    milestones: [...milestones],
    timeline: [...rows],
    leftOut,
    triage,
    actions,
    messages: messagesOf(gathered.messages, endMs),
    charts: [...chartsOf(gathered)],
    impact: [...impactOf(gathered, { startMs: startedAtMs, endMs })],
  }
}

function errorType({ triage }: Gathered): string {
  const roots = triage.causes.filter((cause) => cause.explainedBy === null && isFirm(cause.state))
  return roots[0]?.title ?? 'Cause not known'
}

/** isFirm tells a cause that triage held certain or likely from one that was only possible. */
export function isFirm(state: string): boolean {
  return state === 'certain' || state === 'likely'
}

/** foundByOf is what a document is found and counted by: its severity, its firm diagnoses, and the components that were told of. */
export function foundByOf({ meta, triage }: PostmortemRecord): {
  readonly severity: PostmortemRecord['meta']['severity']
  readonly leafIds: string[]
  readonly componentIds: string[]
} {
  return {
    severity: meta.severity,
    leafIds: triage.causes.filter(({ state }) => isFirm(state)).map(({ leaf }) => leaf),
    componentIds: meta.components.map(({ id }) => id),
  }
}

/** titleOf proposes a title: the type of the error, what the incident was called, and the day. */
export function titleOf(record: PostmortemRecord): string {
  const { errorType: type, title, startedAtMs, isDrill } = record.meta
  const known = record.triage.causes.some((cause) => isFirm(cause.state))
  const what = known && !title.toLowerCase().includes(type.toLowerCase()) ? `${type}: ${title}` : title
  return `${isDrill ? 'Drill: ' : ''}${what}, ${dateOf(startedAtMs)}`.slice(0, 300)
}

function severityChanges({ entries, incident }: Gathered): PostmortemRecord['meta']['severityChanges'] {
  const declared = entries.find((entry) => entry.kind === 'declared')
  const changes = entries.filter((entry) => entry.kind === 'severity')
  const first = changes[0]?.body.from ?? declared?.body.severity ?? incident.severity
  const word = (value: unknown): 'P1' | 'P2' | 'P3' | 'P4' =>
    value === 'P1' || value === 'P2' || value === 'P3' || value === 'P4' ? value : incident.severity
  return [
    {
      atMs: incident.declaredAtMs,
      from: null,
      to: word(first),
      by: incident.declaredBy,
      reason: String(declared?.body.reason ?? ''),
    },
    ...changes.map((entry) => ({
      atMs: entry.receivedAtMs,
      from: word(entry.body.from),
      to: word(entry.body.to),
      by: entry.by,
      reason: String(entry.body.reason ?? ''),
    })),
  ].slice(0, 200)
}

/** respondersOf names everybody who held a role or wrote into the record: none of them can be the reviewer from outside. */
function respondersOf({ entries, roles, incident }: Gathered): string[] {
  const people = entries
    .filter((entry) => entry.source === 'human' || entry.source === 'comms' || entry.source === 'action')
    .map((entry) => entry.by)
  const all = [incident.declaredBy, ...roles.map((role) => role.handle), ...people]
  return [...new Set(all)].filter((name) => name !== '' && name !== 'watchfloor').slice(0, 500)
}

// A promise is kept by the next message to the same audience, or by the end of the incident.
function messagesOf(messages: readonly GatheredMessage[], endMs: number): Message[] {
  const inOrder = messages.toSorted((a, b) => a.atMs - b.atMs)
  return inOrder.map((message, place) => ({
    ...message,
    ...promiseOf(message, inOrder.slice(place + 1), endMs),
  }))
}

function promiseOf(
  { audience, promisedAtMs }: GatheredMessage,
  later: readonly GatheredMessage[],
  endMs: number,
): Pick<Message, 'promise' | 'lateMs'> {
  if (promisedAtMs === null) return { promise: 'none', lateMs: null }
  const next = later.find((message) => message.audience === audience)
  if (next !== undefined && next.atMs <= promisedAtMs) return { promise: 'kept', lateMs: null }
  if (next !== undefined) return { promise: 'late', lateMs: next.atMs - promisedAtMs }
  return { promise: endMs <= promisedAtMs ? 'none' : 'missed', lateMs: null }
}
