import { incidentName } from '../incidents/model'
import type { Tx } from '../platform/db'
import type { Sql } from '../platform/sql'
import { changeDrill, type DrillRow, findCurrent, goesOn } from './drill-store'
import { loadPlayed } from './load-played'
import type { Done, Reach, WorldControl } from './ports'
import { scoreOf } from './score'
import { parseStory, type Story, storyMs } from './story'

/** Stage is what a drill is moved on with; `hint` tells open consoles in the caller's transaction. */
export type Stage = {
  readonly db: Tx & { readonly $transaction: <T>(run: (tx: Tx) => Promise<T>) => Promise<T> }
  readonly reach: () => Promise<Reach & { readonly close: () => Promise<void> }>
  readonly hint: (tx: Tx, now: Date) => Promise<void>
  readonly told: () => void
}

/** hasDrill tells whether any drill is not over: all that an idle worker asks. */
export async function hasDrill(sql: Sql): Promise<boolean> {
  return goesOn(sql)
}

/** advanceDrill does what is due in the drill that goes on: load it, let events happen, end it. Gives whether anything changed. */
export async function advanceDrill(stage: Stage, now: Date): Promise<boolean> {
  const drill = await findCurrent(stage.db)
  if (!drill) return false
  const parsed = parseStory(drill.text, `${drill.scenario}.yaml`)
  const reach = await stage.reach()
  try {
    if (!parsed.ok)
      return await keep(
        stage,
        drill,
        { state: 'failed', problem: faultOf(parsed.problems), endedAt: now },
        now,
      )
    if (reach.kind === 'none')
      return await keep(stage, drill, { state: 'failed', problem: reach.why, endedAt: now }, now)
    const at = { stage, drill, story: parsed.value, world: reach.world, now }
    switch (drill.state) {
      case 'starting':
        return await load(at)
      case 'running':
      case 'paused':
        return await goOn(at)
      case 'ending':
        return await end(at)
      default:
        return false
    }
  } finally {
    await reach.close()
  }
}

type At = {
  readonly stage: Stage
  readonly drill: DrillRow
  readonly story: Story
  readonly world: WorldControl
  readonly now: Date
}

function faultOf(problems: readonly { readonly reason: string }[]): string {
  return `The scenario cannot be played: ${problems[0]?.reason ?? 'it does not parse'}`
}

async function keep(
  { db, hint, told }: Stage,
  drill: DrillRow,
  changes: Parameters<typeof changeDrill>[2],
  now: Date,
): Promise<boolean> {
  await db.$transaction(async (tx) => {
    await changeDrill(tx, drill, changes)
    await hint(tx, now)
  })
  told()
  return true
}

async function load({ stage, drill, story, world, now }: At): Promise<boolean> {
  const done = await world.play(story.calm)
  if (!done.ok) return refused(stage, drill, done, now)
  return keep(stage, drill, { state: 'running', loadedAt: now, problem: '' }, now)
}

// A world that does not answer for a moment is tried again; what it refuses ends the drill.
async function refused(
  stage: Stage,
  drill: DrillRow,
  done: Extract<Done, { ok: false }>,
  now: Date,
): Promise<boolean> {
  const isFinal = done.sentence.includes('refuses')
  if (!isFinal && drill.problem === done.sentence) return false
  return keep(
    stage,
    drill,
    { problem: done.sentence, ...(isFinal ? { state: 'failed', endedAt: now } : {}) },
    now,
  )
}

async function goOn({ stage, drill, story, world, now }: At): Promise<boolean> {
  let changed = false
  if (drill.incidentId === null) {
    const found = await stage.db.incident.findFirst({
      where: { drill: true, declaredAt: { gte: drill.startedAt } },
      orderBy: { declaredAt: 'asc' },
    })
    if (found) {
      const incident = { id: found.id, name: incidentName(found.number, found.drill) }
      changed = await keep(stage, drill, { incident }, now)
    }
  }
  const event = story.events[drill.begun.length]
  if (drill.state !== 'running' || !event || storyMs(drill.pace, now.getTime()) < event.atMs) return changed
  const done = await world.happen(`${drill.id}:${drill.begun.length}`, event.event)
  if (!done.ok) {
    const isOver = await refused(stage, drill, done, now)
    if (done.sentence.includes('refuses')) await world.restore()
    return isOver
  }
  await keep(stage, drill, { begun: [...drill.begun, now.getTime()], problem: '' }, now)
  return true
}

async function end({ stage, drill, story, world, now }: At): Promise<boolean> {
  const done = await world.restore()
  if (!done.ok && drill.problem !== done.sentence) await keep(stage, drill, { problem: done.sentence }, now)
  if (!done.ok) return false
  const played = await loadPlayed(stage.db, drill, story, drill.endedAt?.getTime() ?? now.getTime())
  return keep(stage, drill, { state: 'ended', score: scoreOf(played), problem: '' }, now)
}
