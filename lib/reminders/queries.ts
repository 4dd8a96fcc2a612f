import { z } from 'zod'
import { withinSight } from '../access/sight'
import { incidentName } from '../incidents/model'
import { type Actor, defineQuery } from '../operation'
import type { Db } from '../platform/db'
import { AppError } from '../platform/errors'
import { sqlOf } from '../platform/sql'
import { DEFAULT_REMINDERS_POLICY } from './policy'
import { promisesOf, type Step, stepAtMs } from './promises'
import { scoreOf } from './score'
import { readScoreParts } from './score-store'
import { readSteps, readTellings } from './store'

const incidentId = z.uuid('must be an incident id')

async function findSeen(db: Db, actor: Actor, id: string) {
  const row = await db.incident.findFirst({ where: { AND: [{ id }, withinSight(actor)] } })
  if (row === null) throw new AppError('not_found', 'There is no such incident.')
  return row
}

/** ofIncident gives what is promised in an incident, next due first, with the steps taken about each. */
export const ofIncident = defineQuery({
  name: 'reminders.ofIncident',
  summary: 'Gives what updates are promised in an incident, and the steps taken about each.',
  permission: 'incidents.read',
  input: z.strictObject({ incidentId }),
  run: async ({ console, actor }, input) => {
    await findSeen(console.db, actor, input.incidentId)
    const sql = sqlOf(console.hot)
    const [row] = await readTellings(sql, input.incidentId)
    if (row === undefined) return { promises: [] }
    const steps = await readSteps(sql, input.incidentId)
    return {
      promises: promisesOf(row.telling).map(({ dueAtMs, audiences }) => ({
        dueAtMs,
        audiences,
        pageAtMs: stepAtMs('page', dueAtMs, DEFAULT_REMINDERS_POLICY),
        steps: steps
          .filter((step) => step.dueAtMs === dueAtMs && step.outcome === 'fired')
          .map(({ step, firedAtMs }) => ({ step: step as Step, firedAtMs })),
      })),
    }
  },
})

/** mine lists the promised updates about which the asking person is nudged as commander, next due first. */
export const mine = defineQuery({
  name: 'reminders.mine',
  summary: 'Lists the promised updates about which you are nudged as commander.',
  permission: 'incidents.read',
  input: z.strictObject({}),
  run: async ({ console, actor }) => {
    if (actor.kind !== 'person') return { nudges: [] }
    const rows = await console.hot.query<{
      id: string
      number: number
      drill: boolean
      due: Date
      audiences: string[]
    }>(
      `SELECT DISTINCT i.id, i.number, i.drill, r.due_at AS due, r.audiences FROM reminder AS r
       JOIN incident AS i ON i.id = r.incident_id
       JOIN role_assignment AS a ON a.incident_id = i.id AND a.role = 'commander' AND a.ended_at IS NULL
       WHERE r.cleared_at IS NULL AND a.person_id = $1 ORDER BY r.due_at LIMIT 20`,
      [actor.id],
    )
    return {
      nudges: rows.rows.map(({ id, number, drill, due, audiences }) => ({
        incidentId: id,
        incident: incidentName(number, drill),
        dueAtMs: due.getTime(),
        audiences,
      })),
    }
  },
})

/** score counts how an incident was told: times to the first updates, promises, false green, overrides, failures. */
export const score = defineQuery({
  name: 'reminders.score',
  summary:
    'Counts how an incident was told: times to the first updates, promises, false green, overrides, failures.',
  permission: 'incidents.read',
  input: z.strictObject({ incidentId }),
  run: async ({ console, actor, now }, input) => {
    const row = await findSeen(console.db, actor, input.incidentId)
    const parts = await readScoreParts(sqlOf(console.hot), row.id)
    return scoreOf({
      declaredAtMs: row.declaredAt.getTime(),
      impactFromMs: (row.impactStartedAt ?? row.declaredAt).getTime(),
      resolvedAtMs: row.resolvedAt?.getTime() ?? null,
      isPublic: row.visibility === 'public' || parts.posts.some((post) => post.audience === 'public'),
      ...parts,
      nowMs: now.getTime(),
    })
  },
})
