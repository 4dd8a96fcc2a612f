import { withinSight } from '../access/sight'
import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { diagnose } from './diagnose'
import type { Memory } from './model'
import { readSteps } from './moment-store'
import { looksAfter, type Moment } from './moments'
import { readForest } from './run-store'

/** SeenMoment is what triage saw of an incident when its answers changed. */
export type SeenMoment = {
  readonly incidentId: string
  readonly incident: string
  readonly title: string
  readonly n: number
  readonly atMs: number
}

const RUNS = 20
const EACH = 8

/** listMoments gives the newest moments of the newest incidents that the actor may know of, newest first. */
export async function listMoments(tx: Tx, actor: Actor): Promise<readonly SeenMoment[]> {
  const incidents = await tx.incident.findMany({
    where: withinSight(actor),
    select: { id: true, number: true, drill: true, title: true },
    orderBy: { declaredAt: 'desc' },
    take: RUNS,
  })
  const runs = await tx.triageRun.findMany({
    where: { incidentId: { in: incidents.map(({ id }) => id) } },
    select: { id: true, incidentId: true },
  })
  const found = await Promise.all(
    incidents.map(async ({ id, number, drill, title }) => {
      const run = runs.find((it) => it.incidentId === id)
      if (!run) return []
      const rows = await tx.triageMoment.findMany({
        where: { runId: run.id, isNews: true },
        select: { n: true, at: true },
        orderBy: { n: 'desc' },
        take: EACH,
      })
      const incident = `${drill ? 'DRILL' : 'INC'}-${String(number).padStart(4, '0')}`
      return rows.map(({ n, at }) => ({ incidentId: id, incident, title, n, atMs: at.getTime() }))
    }),
  )
  return found.flat()
}

/** readMoment gives everything that an incident's triage rested on at its n-th moment; undefined when there is none. */
export async function readMoment(tx: Tx, incidentId: string, n: number): Promise<Moment | undefined> {
  const run = await tx.triageRun.findUnique({ where: { incidentId } })
  const forest = run ? await readForest(tx, run.forestHash) : undefined
  if (!run || !forest) return undefined
  const steps = (await readSteps(tx, run.id)).slice(0, n)
  let looks: Moment['looks'] = {}
  let memory: Memory = {}
  let moment: Moment | undefined
  for (const step of steps) {
    memory = step.memory ?? memory
    looks = looksAfter(looks, step)
    moment = { looks, memory, atMs: step.atMs, overrides: step.overrides }
    const { overrides, atMs } = step
    memory = diagnose({ forest, looks, overrides, memory, nowMs: atMs }).memory
  }
  return steps.length === n ? moment : undefined
}
