import { randomUUID } from 'node:crypto'
import type { Tx } from '../platform/db'
import type { Sql } from '../platform/sql'
import type { Score } from './score'
import type { Pace } from './story'

/** STATES of a drill; the last two are its ends. */
export const STATES = ['starting', 'running', 'paused', 'ending', 'ended', 'failed'] as const

/** DrillState is how far a drill is. */
export type DrillState = (typeof STATES)[number]

/** DrillRow is a drill as it stands. */
export type DrillRow = {
  readonly id: string
  readonly scenario: string
  readonly title: string
  readonly state: DrillState
  readonly problem: string
  readonly incidentId: string | null
  readonly incidentName: string
  readonly declaredBy: 'drill' | 'people'
  readonly startedAt: Date
  readonly startedBy: string
  readonly endedAt: Date | null
  readonly endedBy: string
  readonly pace: Pace
  /** text is the scenario's file as it was when the drill began. */
  readonly text: string
  /** begun are the instants (epoch ms) at which its events began, in order. */
  readonly begun: readonly number[]
  readonly score: Score | null
}

type Body = {
  readonly text: string
  readonly declaredBy: 'drill' | 'people'
  readonly begun: readonly number[]
}
type Stored = NonNullable<Awaited<ReturnType<Tx['drill']['findFirst']>>>

function rowOf(stored: Stored): DrillRow {
  const { text, declaredBy, begun } = stored.body as unknown as Body
  return {
    id: stored.id,
    scenario: stored.scenario,
    title: stored.title,
    state: STATES.find((state) => state === stored.state) ?? 'failed',
    problem: stored.problem,
    incidentId: stored.incidentId,
    incidentName: stored.incidentName,
    declaredBy,
    startedAt: stored.startedAt,
    startedBy: stored.startedBy,
    endedAt: stored.endedAt,
    endedBy: stored.endedBy,
    pace: {
      speed: stored.speed,
      loadedAtMs: stored.loadedAt?.getTime() ?? null,
      pausedAtMs: stored.pausedAt?.getTime() ?? null,
      pausedMs: stored.pausedMs,
    },
    text,
    begun,
    score: stored.score as Score | null,
  }
}

const OVER: readonly DrillState[] = ['ended', 'failed']

/** goesOn tells whether any drill is not over; an idle worker asks nothing else. */
export async function goesOn(sql: Sql): Promise<boolean> {
  const rows = await sql.$queryRaw<{ one: number }[]>`
    SELECT 1 AS one FROM drill WHERE state NOT IN ('ended', 'failed') LIMIT 1`
  return rows.length > 0
}

/** findCurrent gives the drill that is not over; null when there is none. */
export async function findCurrent(tx: Tx): Promise<DrillRow | null> {
  const row = await tx.drill.findFirst({ where: { state: { notIn: [...OVER] } } })
  return row ? rowOf(row) : null
}

/** findDrill gives a drill by id. */
export async function findDrill(tx: Tx, id: string): Promise<DrillRow | null> {
  const row = await tx.drill.findUnique({ where: { id } })
  return row ? rowOf(row) : null
}

/** readPast gives drills that are over, newest first. */
export async function readPast(tx: Tx, limit: number): Promise<readonly DrillRow[]> {
  const rows = await tx.drill.findMany({
    where: { state: { in: [...OVER] } },
    orderBy: { startedAt: 'desc' },
    take: limit,
  })
  return rows.map(rowOf)
}

/** lockStart lets one start at a time go on, so that the second sees the first one's drill. */
export async function lockStart(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('drills.start'))`
}

/** insertDrill begins a drill; the database refuses a second one that is not over. */
export async function insertDrill(
  tx: Tx,
  drill: {
    readonly scenario: string
    readonly title: string
    readonly speed: number
    readonly text: string
    readonly declaredBy: 'drill' | 'people'
    readonly incident: { readonly id: string; readonly name: string } | undefined
    readonly by: string
    readonly now: Date
  },
): Promise<string> {
  const id = randomUUID()
  const body: Body = { text: drill.text, declaredBy: drill.declaredBy, begun: [] }
  await tx.drill.create({
    data: {
      id,
      scenario: drill.scenario,
      title: drill.title,
      speed: drill.speed,
      state: 'starting',
      incidentId: drill.incident?.id ?? null,
      incidentName: drill.incident?.name ?? '',
      startedAt: drill.now,
      startedBy: drill.by,
      body,
    },
  })
  return id
}

/** lockDrill gives a drill whose row no other transaction changes meanwhile; null when it is gone. */
export async function lockDrill(tx: Tx, id: string): Promise<DrillRow | null> {
  await tx.$queryRaw`SELECT 1 FROM drill WHERE id = ${id}::uuid FOR UPDATE`
  return findDrill(tx, id)
}

/** Changes are what may change in a drill. */
export type Changes = {
  readonly state?: DrillState
  readonly problem?: string
  readonly incident?: { readonly id: string; readonly name: string }
  readonly loadedAt?: Date
  readonly pausedAt?: Date | null
  readonly pausedMs?: number
  readonly endedAt?: Date
  readonly endedBy?: string
  readonly begun?: readonly number[]
  readonly score?: Score
}

/** changeDrill writes what changed. */
export async function changeDrill(tx: Tx, drill: DrillRow, changes: Changes): Promise<void> {
  const { incident, begun, score, ...plain } = changes
  const body: Body = { text: drill.text, declaredBy: drill.declaredBy, begun: begun ?? drill.begun }
  await tx.drill.update({
    where: { id: drill.id },
    data: {
      ...plain,
      ...(incident ? { incidentId: incident.id, incidentName: incident.name } : {}),
      ...(begun ? { body } : {}),
      ...(score ? { score } : {}),
    },
  })
}
