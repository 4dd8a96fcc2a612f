import { z } from 'zod'
import type { Prisma } from '../../prisma/generated/client'
import { withinSight } from '../access/sight'
import { type Actor, defineQuery } from '../operation'
import type { Db } from '../platform/db'
import { AppError } from '../platform/errors'
import { type Clock, clocksOf } from './clocks'
import { gapsOf } from './gaps'
import { loadPinnedPolicies } from './load-policy'
import {
  type IncidentRole,
  incidentName,
  type Phase,
  parseIncidentName,
  SEVERITIES,
  type Severity,
  type Status,
  type Visibility,
} from './model'
import { type Obligation, obligationsOf } from './obligations'
import { incidentOutput, incidentsOutput } from './outputs'
import { type IncidentRow, readClockEvents, readSourceChanges } from './store'

const OPEN_LIMIT = 200
const RECENT_MS = 7 * 86_400_000

function headOf(row: IncidentRow) {
  return {
    id: row.id,
    number: row.number,
    name: incidentName(row.number, row.drill),
    isDrill: row.drill,
    title: row.title,
    impact: row.impact,
    severity: row.severity as Severity,
    status: row.status as Status,
    phase: row.phase as Phase,
    visibility: row.visibility as Visibility,
    declaredAtMs: row.declaredAt.getTime(),
    declaredBy: row.declaredBy,
    impactStartedAtMs: row.impactStartedAt?.getTime() ?? null,
    acknowledgedAtMs: row.acknowledgedAt?.getTime() ?? null,
    resolvedAtMs: row.resolvedAt?.getTime() ?? null,
    version: row.version,
    lastSeq: row.nextSeq,
  }
}

async function standingOf(
  db: Db,
  rows: readonly IncidentRow[],
  nowMs: number,
): Promise<
  ReadonlyMap<string, { readonly clocks: readonly Clock[]; readonly obligations: readonly Obligation[] }>
> {
  const events = await readClockEvents(
    db,
    rows.map((row) => row.id),
  )
  const policyOf = await loadPinnedPolicies(
    db,
    rows.map((row) => row.policyHash),
  )
  return new Map(
    rows.map((row) => {
      const log = events.get(row.id) ?? []
      const policy = policyOf(row.policyHash)
      return [
        row.id,
        { clocks: clocksOf(log, policy, nowMs), obligations: obligationsOf(log, policy, nowMs) },
      ]
    }),
  )
}

async function commandersOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.roleAssignment.findMany({
    where: { incidentId: { in: [...ids] }, role: 'commander', endedAt: null },
  })
  return new Map(rows.map((row) => [row.incidentId, row.handle]))
}

/** open lists the incidents that go on, next due clock first; at most 200. */
export const open = defineQuery({
  name: 'incidents.open',
  summary: 'Lists the incidents that go on, next due clock first.',
  permission: 'incidents.read',
  output: incidentsOutput,
  input: z.strictObject({}),
  run: async ({ console: { db }, actor, now }) => {
    const rows = await db.incident.findMany({
      where: { status: { not: 'resolved' }, ...withinSight(actor) },
      orderBy: { declaredAt: 'desc' },
      take: OPEN_LIMIT,
    })
    const standing = await standingOf(db, rows, now.getTime())
    const commanders = await commandersOf(
      db,
      rows.map((row) => row.id),
    )
    const incidents = rows.map((row) => {
      const owed = standing.get(row.id)?.clocks.filter((clock) => clock.state !== 'met') ?? []
      return {
        ...headOf(row),
        commander: commanders.get(row.id) ?? null,
        next: owed[0] ?? null,
        afterwards: owed[1] ?? null,
        overdue: (standing.get(row.id)?.obligations ?? []).filter((one) => one.isOverdue).length,
      }
    })
    const dueOf = (one: (typeof incidents)[number]): number => one.next?.dueAtMs ?? Number.MAX_VALUE
    return {
      nowMs: now.getTime(),
      incidents: incidents.sort((a, b) => dueOf(a) - dueOf(b) || a.declaredAtMs - b.declaredAtMs),
    }
  },
})

/** list gives incidents by filter, newest first, 50 at a time; `before` is the last one's declaration (epoch ms). */
export const list = defineQuery({
  name: 'incidents.list',
  summary: 'Gives incidents by filter, newest first, 50 at a time.',
  permission: 'incidents.read',
  output: incidentsOutput,
  input: z.strictObject({
    status: z.enum(['resolved', 'open', 'all']).default('all'),
    severity: z.enum(SEVERITIES).optional(),
    drills: z.enum(['with', 'without', 'only']).default('without'),
    text: z.string().max(100).default(''),
    before: z.number().int().min(0).optional(),
    limit: z.number().int().min(1).max(100).default(50),
  }),
  run: async ({ console: { db }, actor }, input) => {
    const named = parseIncidentName(input.text)
    const where: Prisma.IncidentWhereInput = {
      AND: [withinSight(actor)],
      ...(input.status === 'all'
        ? {}
        : { status: input.status === 'open' ? { not: 'resolved' } : 'resolved' }),
      ...(input.severity === undefined ? {} : { severity: input.severity }),
      ...(input.drills === 'with' ? {} : { drill: input.drills === 'only' }),
      ...(input.before === undefined ? {} : { declaredAt: { lt: new Date(input.before) } }),
      ...(input.text.trim() === ''
        ? {}
        : {
            OR: [
              { title: { contains: input.text.trim(), mode: 'insensitive' } },
              ...(named === undefined ? [] : [{ number: named.number }]),
            ],
          }),
    }
    const rows = await db.incident.findMany({
      where,
      orderBy: { declaredAt: 'desc' },
      take: input.limit + 1,
    })
    const shown = rows.slice(0, input.limit)
    const commanders = await commandersOf(
      db,
      shown.map((row) => row.id),
    )
    return {
      incidents: shown.map((row) => ({ ...headOf(row), commander: commanders.get(row.id) ?? null })),
      next: rows.length > shown.length ? (shown.at(-1)?.declaredAt.getTime() ?? null) : null,
    }
  },
})

async function findIncident(db: Db, actor: Actor, ref: string): Promise<IncidentRow> {
  const known = withinSight(actor)
  const named = parseIncidentName(ref)
  const row = named
    ? await db.incident.findFirst({
        where: { AND: [{ drill: named.isDrill, number: named.number }, known] },
      })
    : z.uuid().safeParse(ref).success
      ? await db.incident.findFirst({ where: { AND: [{ id: ref }, known] } })
      : null
  if (row === null) throw new AppError('not_found', `There is no incident ${ref.slice(0, 60)}.`)
  return row
}

async function rolesOf(db: Db, id: string) {
  const rows = await db.roleAssignment.findMany({
    where: { incidentId: id, endedAt: null },
    orderBy: { assignedAt: 'asc' },
  })
  return rows.map((row) => ({
    role: row.role as IncidentRole,
    personId: row.personId,
    handle: row.handle,
    sinceMs: row.assignedAt.getTime(),
    offer:
      row.offeredTo === null
        ? null
        : {
            toId: row.offeredTo,
            toHandle: row.offeredToHandle ?? '',
            atMs: row.offeredAt?.getTime() ?? 0,
            by: row.offeredBy ?? '',
            pack: row.offerPack,
          },
  }))
}

async function tasksOf(db: Db, id: string) {
  const rows = await db.incidentTask.findMany({
    where: { incidentId: id },
    orderBy: { addedAt: 'asc' },
    take: 500,
  })
  return rows.map((row) => ({
    id: row.id,
    text: row.text,
    ownerId: row.ownerId,
    owner: row.ownerHandle,
    minutes: row.minutes,
    addedAtMs: row.addedAt.getTime(),
    isAcknowledged: row.ackedAt !== null,
    finishedAtMs: row.finishedAt?.getTime() ?? null,
    outcome: row.outcome,
    result: row.result,
  }))
}

async function mergedInto(db: Db, actor: Actor, row: IncidentRow) {
  if (row.mergedInto === null) return null
  const other = await db.incident.findFirst({ where: { AND: [{ id: row.mergedInto }, withinSight(actor)] } })
  return other === null ? null : { name: incidentName(other.number, other.drill), title: other.title }
}

async function namedIn(db: Db, row: IncidentRow) {
  if (row.visibility !== 'restricted') return []
  const rows = await db.incidentAccess.findMany({
    where: { incidentId: row.id },
    orderBy: { handle: 'asc' },
  })
  return rows.map(({ personId, handle }) => ({ personId, handle }))
}

/** byId gives everything that the page of an incident needs, by id or by name (`INC-0142`); clocks are of the server's now. */
export const byId = defineQuery({
  name: 'incidents.byId',
  summary: 'Gives everything that the page of an incident needs, by id or by name (INC-0142).',
  permission: 'incidents.read',
  output: incidentOutput,
  input: z.strictObject({ ref: z.string().min(1).max(64) }),
  run: async ({ console: { db }, actor, now }, { ref }) => {
    const row = await findIncident(db, actor, ref)
    const nowMs = now.getTime()
    const from = row.impactStartedAt ?? row.declaredAt
    const [standing, roles, tasks, links, alertCount, changes, into, named, policyOf] = await Promise.all([
      standingOf(db, [row], nowMs),
      rolesOf(db, row.id),
      tasksOf(db, row.id),
      db.incidentLink.findMany({
        where: { incidentId: row.id, kind: { not: 'alert' } },
        orderBy: { at: 'asc' },
        take: 200,
      }),
      db.incidentLink.count({ where: { incidentId: row.id, kind: 'alert', state: 'linked' } }),
      readSourceChanges(db, from, row.resolvedAt ?? now),
      mergedInto(db, actor, row),
      namedIn(db, row),
      loadPinnedPolicies(db, [row.policyHash]),
    ])
    const { clocks = [], obligations = [] } = standing.get(row.id) ?? {}
    return {
      ...headOf(row),
      nowMs,
      severityReason: row.severityReason,
      policyHash: row.policyHash,
      drillSpeed: row.drillSpeed,
      mergedInto: into,
      named,
      roles,
      tasks,
      links: links.map(({ kind, ref: target, title }) => ({ kind, ref: target, title })),
      alertCount,
      clocks,
      obligations,
      gaps: gapsOf({ changes, fromMs: from.getTime(), toMs: (row.resolvedAt ?? now).getTime() }),
      pauseReasons: policyOf(row.policyHash).pauseReasons,
      requiredRoles: policyOf(row.policyHash).requiredRoles[row.severity as Severity] ?? [],
    }
  },
})

/** obligations lists what is owed over all incidents that go on or were resolved in the last 7 days, next due first. */
export const obligations = defineQuery({
  name: 'incidents.obligations',
  summary:
    'Lists what is owed over all incidents that go on or were resolved in the last 7 days, next due first.',
  permission: 'incidents.read',
  input: z.strictObject({ mine: z.boolean().default(false) }),
  run: async ({ console: { db }, actor, now }, { mine }) => {
    const rows = await db.incident.findMany({
      where: {
        mergedInto: null,
        AND: [withinSight(actor)],
        OR: [{ status: { not: 'resolved' } }, { resolvedAt: { gte: new Date(now.getTime() - RECENT_MS) } }],
      },
      take: OPEN_LIMIT,
    })
    const standing = await standingOf(db, rows, now.getTime())
    const handle = actor.kind === 'person' ? actor.handle : undefined
    return rows
      .flatMap((row) =>
        (standing.get(row.id)?.obligations ?? []).map((one) => ({
          ...one,
          incident: incidentName(row.number, row.drill),
          incidentTitle: row.title,
        })),
      )
      .filter((one) => !mine || one.owner === handle)
      .sort((a, b) => (a.dueAtMs ?? Number.MAX_VALUE) - (b.dueAtMs ?? Number.MAX_VALUE))
  },
})
