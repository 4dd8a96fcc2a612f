import { z } from 'zod'
import { declare } from '../incidents/commands-declare'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { changeDrill, type DrillRow, findCurrent, insertDrill, lockDrill, lockStart } from './drill-store'
import { loadShelf } from './load-shelf'

const id = z.uuid('must be a drill’s id')
const touched = [{ topic: 'drills', ref: 'current' }] as const

/** start begins a drill in the simulated world; the worker loads it. One at a time. */
export const start = defineCommand({
  name: 'drills.start',
  summary: 'Begins a drill in the simulated world, one at a time.',
  permission: 'drills.run',
  input: z.strictObject({
    scenario: z.string().min(1).max(60),
    speed: z.number().min(1, 'from 1').max(60, 'up to 60').default(1),
    /** declares says whether the drill opens its incident itself or leaves that to people. */
    declares: z.enum(['drill', 'people']).default('drill'),
  }),
  before: async (scope) => {
    const reach = await scope.console.reachWorld()
    await reach.close()
    if (reach.kind === 'none') throw new AppError('unavailable', reach.why)
    const shelf = await loadShelf(scope.console.env.WATCHFLOOR_RUNBOOKS)
    const incident = { title: 'Something is wrong', severity: 'P3', drill: true } as const
    const parsed = declare.input.parse(incident)
    return { shelf, pinned: await declare.before?.(scope, parsed) }
  },
  run: async (scope, input) => {
    const { tx, actor, now, before } = scope
    if (actor.kind !== 'person') throw new AppError('forbidden', 'Only a person may start a drill.')
    const found = before.shelf.scenarios.find(
      (one) => one.kind === 'story' && one.story.id === input.scenario,
    )
    if (found?.kind !== 'story') throw new AppError('not_found', `There is no scenario ${input.scenario}.`)
    await lockStart(tx)
    const current = await findCurrent(tx)
    if (current) throw new AppError('conflict', 'A drill goes on already. One at a time: stop it first.')
    const { story, text } = found
    const declared =
      input.declares === 'drill' && before.pinned
        ? await declare.run(
            { ...scope, before: before.pinned },
            declare.input.parse({
              title: 'Something is wrong: find out what',
              severity: 'P3',
              severityReason: 'A drill begins; raise or lower it as you see.',
              impact: story.brief,
              drill: true,
              drillSpeed: input.speed,
            }),
          )
        : undefined
    const drillId = await insertDrill(tx, {
      scenario: story.id,
      title: story.title,
      speed: input.speed,
      text,
      declaredBy: input.declares,
      incident: declared?.result,
      by: actor.handle,
      now,
    })
    return {
      result: { id: drillId, incident: declared?.result.name ?? null },
      audit: { subject: `drill:${drillId}`, detail: { scenario: story.id, speed: input.speed } },
      touched: [...touched, ...(declared?.touched ?? [])],
    }
  },
})

async function ownDrill(tx: Parameters<typeof lockDrill>[0], drillId: string): Promise<DrillRow> {
  const drill = await lockDrill(tx, drillId)
  if (!drill) throw new AppError('not_found', 'There is no such drill.')
  return drill
}

/** pause holds the story: what has begun goes on, and nothing more begins. */
export const pause = defineCommand({
  name: 'drills.pause',
  summary: 'Holds a drill’s story: what has begun goes on, and nothing more begins.',
  permission: 'drills.run',
  input: z.strictObject({ id }),
  run: async ({ tx, now }, input) => {
    const drill = await ownDrill(tx, input.id)
    if (drill.state !== 'running') throw new AppError('conflict', `It is ${drill.state}, not running.`)
    await changeDrill(tx, drill, { state: 'paused', pausedAt: now })
    return { result: {}, audit: { subject: `drill:${drill.id}`, detail: {} }, touched }
  },
})

/** resume lets a paused drill go on where it stood. */
export const resume = defineCommand({
  name: 'drills.resume',
  summary: 'Lets a paused drill go on where it stood.',
  permission: 'drills.run',
  input: z.strictObject({ id }),
  run: async ({ tx, now }, input) => {
    const drill = await ownDrill(tx, input.id)
    const { pausedAtMs, pausedMs } = drill.pace
    if (drill.state !== 'paused' || pausedAtMs === null)
      throw new AppError('conflict', `It is ${drill.state}, not paused.`)
    await changeDrill(tx, drill, {
      state: 'running',
      pausedAt: null,
      pausedMs: pausedMs + Math.max(0, now.getTime() - pausedAtMs),
    })
    return { result: {}, audit: { subject: `drill:${drill.id}`, detail: {} }, touched }
  },
})

/** stop ends a drill: the worker gives the world back as it was and reckons the score. */
export const stop = defineCommand({
  name: 'drills.stop',
  summary: 'Ends a drill: the world is given back as it was, and the score is reckoned.',
  permission: 'drills.run',
  input: z.strictObject({ id }),
  run: async ({ tx, actor, now }, input) => {
    const drill = await ownDrill(tx, input.id)
    if (drill.state === 'ended' || drill.state === 'failed')
      throw new AppError('conflict', 'It is over already.')
    const by = actor.kind === 'person' ? actor.handle : actor.id
    if (drill.state !== 'ending') await changeDrill(tx, drill, { state: 'ending', endedAt: now, endedBy: by })
    return { result: {}, audit: { subject: `drill:${drill.id}`, detail: {} }, touched }
  },
})
