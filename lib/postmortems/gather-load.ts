import type { Incident } from '../../prisma/generated/client'
import { STATE_WORDS } from '../actions/model'
import type { Console } from '../console'
import { fleetMoments } from '../health/fleet-minutes-load'
import { incidentName } from '../incidents/model'
import { readSourceChangesOf } from '../incidents/queries-gaps'
import { entryView } from '../incidents/view'
import type { Scope } from '../operation'
import type { Db } from '../platform/db'
import { POSTMORTEMS_POLICY_KIND } from '../runbooks/kinds'
import { entriesOf } from '../runbooks/load'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import { readRecording } from '../triage/queries-moments'
import { stepsOf } from './charts'
import type { Gathered, GatheredAlert } from './gathered'
import type { PostmortemRecord } from './model'
import { DEFAULT_POSTMORTEMS_POLICY, type PostmortemsPolicy } from './policy'
import { cut } from './timeline'
import { walkedOf } from './triage-path'

const ENTRIES = 10_000
const EVENTS = 5_000
const ALERTS = 2_000
const LEAD_MS = 10 * 60_000
const AFTER_MS = 5 * 60_000
const LONGEST_MS = 14 * 86_400_000
const FLEET_MOMENTS = 60
const QUEUES = 100

/** loadPostmortemsPolicy gives the policy of postmortems as it is now. */
export async function loadPostmortemsPolicy(console: Console, now: Date): Promise<PostmortemsPolicy> {
  const shelf = await lookAtRunbooks(console, now)
  return entriesOf(shelf.current(), POSTMORTEMS_POLICY_KIND)[0]?.value ?? DEFAULT_POSTMORTEMS_POLICY
}

/** gather reads everything that a draft of this incident is made of; it writes nothing and judges nothing. */
export async function gather(scope: Scope, incident: Incident): Promise<Gathered> {
  const { console, now } = scope
  const { db } = console
  const alerts = await alertsOf(db, incident.id)
  const triage = await triageOf(db, incident.id)
  const signs = [
    incident.declaredAt.getTime(),
    ...(incident.impactStartedAt ? [incident.impactStartedAt.getTime()] : []),
    ...(triage.firstSymptomAtMs === null ? [] : [triage.firstSymptomAtMs]),
    ...alerts.map((alert) => alert.sinceMs),
  ]
  const endMs = (incident.resolvedAt ?? now).getTime()
  const from = new Date(Math.max(Math.min(...signs) - LEAD_MS, endMs - LONGEST_MS))
  const to = new Date(Math.min(endMs + AFTER_MS, now.getTime()))
  const shelf = await lookAtRunbooks(console, now)
  const [entries, roles, events, sourceChanges, actions, messages, measured, fleet, policy] =
    await Promise.all([
      entriesOfIncident(db, incident),
      rolesOf(db, incident.id),
      eventsOf(db, from, to),
      readSourceChangesOf(db, from, to),
      actionsOf(db, incident.id),
      messagesOf(db, incident.id),
      measuredOf(db, from, to),
      fleetMoments(console.hot, { from, to, max: FLEET_MOMENTS }),
      loadPostmortemsPolicy(console, now),
    ])
  const { errorRatioBreachPercent, p99BreachMs } = shelf.current().health.api
  return {
    incident: headOf(incident),
    ...entries,
    roles,
    alerts,
    ...events,
    sourceChanges,
    ...triage,
    actions,
    messages: messages.messages,
    components: messages.components,
    hosts: await hostsOf(db, events.events),
    ...measured,
    fleet: fleet.moments,
    fleetStepMs: fleet.stepMs,
    limits: { errorRatioPercent: errorRatioBreachPercent, p99Ms: p99BreachMs },
    formulas: { users: policy.users, revenueUsd: policy.revenueUsd },
    fromMs: from.getTime(),
    toMs: to.getTime(),
    nowMs: now.getTime(),
  }
}

function headOf(row: Incident): Gathered['incident'] {
  return {
    id: row.id,
    name: incidentName(row.number, row.drill),
    title: row.title,
    impact: row.impact,
    severity: row.severity as Gathered['incident']['severity'],
    visibility: row.visibility as Gathered['incident']['visibility'],
    isDrill: row.drill,
    declaredAtMs: row.declaredAt.getTime(),
    declaredBy: row.declaredBy,
    impactStartedAtMs: row.impactStartedAt?.getTime() ?? null,
    acknowledgedAtMs: row.acknowledgedAt?.getTime() ?? null,
    acknowledgedBy: row.acknowledgedBy ?? '',
    resolvedAtMs: row.status === 'resolved' ? (row.resolvedAt?.getTime() ?? null) : null,
  }
}

async function entriesOfIncident(
  db: Db,
  incident: Incident,
): Promise<Pick<Gathered, 'entries' | 'entriesLeftOut'>> {
  const rows = await db.timelineEvent.findMany({
    where: { incidentId: incident.id },
    orderBy: { seq: 'asc' },
    take: ENTRIES,
  })
  return { entries: rows.map(entryView), entriesLeftOut: Math.max(0, incident.nextSeq - rows.length) }
}

async function rolesOf(db: Db, incidentId: string): Promise<Gathered['roles']> {
  const rows = await db.roleAssignment.findMany({
    where: { incidentId },
    orderBy: { assignedAt: 'asc' },
    take: 500,
  })
  return rows.map((row) => ({
    role: row.role,
    handle: row.handle,
    fromMs: row.assignedAt.getTime(),
    toMs: row.endedAt?.getTime() ?? null,
  }))
}

async function alertsOf(db: Db, incidentId: string): Promise<readonly GatheredAlert[]> {
  const links = await db.incidentLink.findMany({
    where: { incidentId, kind: 'alert', state: 'linked' },
    select: { ref: true },
    take: ALERTS,
  })
  const ids = links.map((link) => link.ref).filter((ref) => /^[0-9a-f-]{36}$/.test(ref))
  const rows = await db.alert.findMany({
    where: { id: { in: ids } },
    orderBy: [{ sinceAt: 'asc' }, { id: 'asc' }],
  })
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    level: row.level,
    summary: cut(String((row.annotations as Record<string, unknown>).summary ?? ''), 300),
    source: row.source,
    sinceMs: row.sinceAt.getTime(),
    firstSeenMs: row.firstSeenAt.getTime(),
    resolvedMs: row.resolvedAt?.getTime() ?? null,
    skew: cut(row.skew, 300),
  }))
}

async function eventsOf(db: Db, from: Date, to: Date): Promise<Pick<Gathered, 'events' | 'eventsLeftOut'>> {
  const where = { at: { gte: from, lt: to } }
  const rows = await db.healthEvent.findMany({ where, orderBy: { id: 'asc' }, take: EVENTS })
  const total = rows.length < EVENTS ? rows.length : await db.healthEvent.count({ where })
  return {
    events: rows.map((row) => ({
      id: String(row.id),
      atMs: row.at.getTime(),
      kind: row.kind,
      subject: row.subject,
      before: row.before,
      after: row.after,
      reason: row.reason,
    })),
    eventsLeftOut: total - rows.length,
  }
}

async function hostsOf(db: Db, events: Gathered['events']): Promise<readonly string[]> {
  const failing = events.filter(
    ({ kind, after }) => (kind === 'gpu' || kind === 'instance') && after === 'breach',
  )
  const instances = [...new Set(failing.map(({ subject }) => subject.split('/')[0] ?? ''))].slice(0, 2_000)
  if (instances.length === 0) return []
  const rows = await db.instanceRecord.findMany({
    where: { id: { in: instances } },
    select: { hostId: true },
  })
  return [...new Set(rows.map((row) => row.hostId))].sort()
}

async function measuredOf(db: Db, from: Date, to: Date): Promise<Pick<Gathered, 'api' | 'queues'>> {
  const where = { minuteAt: { gte: new Date(from.getTime() - 60_000), lt: to } }
  const [api, queues] = await Promise.all([
    db.apiMinute.findMany({ where, orderBy: { minuteAt: 'asc' } }),
    queuesOf(db, from, to),
  ])
  return {
    api: api.map(({ minuteAt, serverErrors, errorRatio, p95, p99 }) => ({
      atMs: minuteAt.getTime(),
      serverErrors,
      errorRatio,
      p95,
      p99,
    })),
    queues,
  }
}

/** The worst of each step of the chart leaves the database, of the queues with the most tasks: days of minutes would be cut off. */
async function queuesOf(db: Db, from: Date, to: Date): Promise<Gathered['queues']> {
  const { startMs, stepMs } = stepsOf({ fromMs: from.getTime(), toMs: to.getTime() })
  return db.$queryRaw<{ atMs: number; queue: string; backlog: number | null }[]>`
    WITH worst AS (
      SELECT queue FROM queue_minute WHERE minute_at >= ${new Date(startMs)} AND minute_at < ${to}
      GROUP BY queue ORDER BY max(backlog_max) DESC NULLS LAST, queue LIMIT ${QUEUES}
    )
    SELECT (extract(epoch FROM date_bin(${stepMs}::int * interval '1 millisecond', minute_at, ${new Date(startMs)}::timestamptz)) * 1000)::float8 AS "atMs",
      queue, max(backlog_max)::float8 AS backlog
    FROM queue_minute JOIN worst USING (queue)
    WHERE minute_at >= ${new Date(startMs)} AND minute_at < ${to} GROUP BY 1, 2 ORDER BY 1, 2`
}

async function actionsOf(db: Db, incidentId: string): Promise<PostmortemRecord['actions']> {
  const rows = await db.actionRun.findMany({
    where: { incidentId },
    omit: { sealedSecrets: true, plan: true, params: true },
    orderBy: [{ preparedAt: 'asc' }, { id: 'asc' }],
    take: 500,
  })
  return rows.map((row) => ({
    id: row.id,
    action: row.action,
    title: cut(row.title),
    risk: row.risk,
    state: STATE_WORDS[row.state as keyof typeof STATE_WORDS] ?? row.state,
    by: row.carriedOutBy === '' ? row.author : row.carriedOutBy,
    preparedAtMs: row.preparedAt.getTime(),
    sentAtMs: row.sentAt?.getTime() ?? null,
    decidedAtMs: row.decidedAt?.getTime() ?? null,
    outcome: cut(row.outcome, 4_000),
    approvedBy: String((row.approval as { readonly handle?: string } | null)?.handle ?? ''),
    isBreakGlass: row.isBreakGlass,
  }))
}

async function messagesOf(db: Db, incidentId: string): Promise<Pick<Gathered, 'messages' | 'components'>> {
  const rows = await db.publication.findMany({
    where: { incidentId, state: 'released' },
    orderBy: { releasedAt: 'asc' },
    take: 2_000,
  })
  const ids = new Set(
    rows.flatMap((row) =>
      (row.components as readonly { readonly componentId?: string }[]).flatMap(({ componentId }) =>
        componentId === undefined ? [] : [componentId],
      ),
    ),
  )
  const named = await db.statusComponent.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, name: true },
  })
  return {
    messages: rows.map((row) => ({
      id: row.id,
      audience: row.audience,
      status: row.status,
      title: cut(row.title),
      body: row.body.slice(0, 20_000),
      atMs: (row.releasedAt ?? row.createdAt).getTime(),
      author: row.author,
      promisedAtMs: row.nextUpdateAt?.getTime() ?? null,
    })),
    components: named,
  }
}

async function triageOf(db: Db, incidentId: string): Promise<Pick<Gathered, 'triage' | 'firstSymptomAtMs'>> {
  const recording = await readRecording(db, incidentId)
  if (recording !== undefined) return walkedOf(recording)
  const note = 'Triage had not answered in this incident, or what it saw is no longer kept'
  return { triage: { path: [], causes: [], unanswered: [], note }, firstSymptomAtMs: null }
}
