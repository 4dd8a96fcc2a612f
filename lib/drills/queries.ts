import { z } from 'zod'
import { withinSight } from '../access/sight'
import { defineQuery, type Scope } from '../operation'
import { AppError } from '../platform/errors'
import { type DrillRow, findCurrent, findDrill, readPast } from './drill-store'
import { loadShelf, type Shelved } from './load-shelf'
import { parseStory, storyMs, truthAt } from './story'

const PAST = 50

function currentView(drill: DrillRow, nowMs: number) {
  const story = parseStory(drill.text, drill.scenario)
  const brief = story.ok ? story.value.brief : ''
  const events = story.ok ? story.value.events.length : 0
  const lastMs = story.ok ? Math.max(story.value.lastMs, story.value.events.at(-1)?.atMs ?? 0) : 0
  return {
    id: drill.id,
    state: drill.state,
    problem: drill.problem,
    brief,
    speed: drill.pace.speed,
    declaredBy: drill.declaredBy,
    incident: drill.incidentName === '' ? null : drill.incidentName,
    incidentId: drill.incidentId,
    startedAtMs: drill.startedAt.getTime(),
    startedBy: drill.startedBy,
    isLoaded: drill.pace.loadedAtMs !== null,
    /** isTold says that every event of the story has begun: what is left is to find out. */
    isTold: drill.begun.length >= events && storyMs(drill.pace, nowMs) >= lastMs,
  }
}

// Whoever may not know of the drill's incident is shown the drill without it.
async function seenBy(scope: Scope, drill: DrillRow | null): Promise<DrillRow | null> {
  if (drill?.incidentId === null || drill === null) return drill
  const incident = await scope.console.db.incident.findFirst({
    where: { AND: [{ id: drill.incidentId }, withinSight(scope.actor)] },
    select: { id: true },
  })
  return incident ? drill : { ...drill, incidentId: null, incidentName: '' }
}

/** current gives the drill that goes on, with nothing of its truth; null when there is none. */
export const current = defineQuery({
  name: 'drills.current',
  summary: 'Gives the drill that goes on, with nothing of its truth.',
  permission: 'drills.read',
  input: z.strictObject({}),
  run: async (scope) => {
    const { console, now } = scope
    const drill = await seenBy(scope, await findCurrent(console.db))
    return { drill: drill ? currentView(drill, now.getTime()) : null }
  },
})

function shelvedView(one: Shelved, index: number) {
  const base = { number: index + 1 }
  if (one.kind === 'recorded') {
    const { recorded } = one
    const minutes = Math.max(1, Math.round((recorded.moments.at(-1)?.afterMs ?? 0) / 60_000))
    return {
      ...base,
      id: recorded.id,
      kind: 'recorded' as const,
      brief: `A real incident, ${recorded.incident.name}: it is replayed, not played.`,
      trains: [] as readonly string[],
      difficulty: null,
      minutes,
    }
  }
  const { story } = one
  return {
    ...base,
    id: story.id,
    kind: 'story' as const,
    brief: story.brief,
    trains: story.trains,
    difficulty: story.difficulty,
    minutes: Math.max(1, Math.ceil(story.lastMs / 60_000)),
  }
}

/** list gives the scenarios without their truth, whether they can be played here, and past drills with their scores. */
export const list = defineQuery({
  name: 'drills.list',
  summary:
    'Lists scenarios without their truth, whether they can be played here, and past drills with their scores.',
  permission: 'drills.read',
  input: z.strictObject({}),
  run: async (scope) => {
    const { console, now } = scope
    const [shelf, reach, going, past] = await Promise.all([
      loadShelf(console.env.WATCHFLOOR_RUNBOOKS),
      console.reachWorld(),
      findCurrent(console.db),
      readPast(console.db, PAST),
    ])
    await reach.close()
    const seen = await seenBy(scope, going)
    return {
      nowMs: now.getTime(),
      whyNot: reach.kind === 'none' ? reach.why : null,
      faults: shelf.faults,
      scenarios: shelf.scenarios.map(shelvedView),
      current: seen ? currentView(seen, now.getTime()) : null,
      past: past.map((drill) => ({
        id: drill.id,
        title: drill.title,
        state: drill.state,
        problem: drill.problem,
        speed: drill.pace.speed,
        startedAtMs: drill.startedAt.getTime(),
        startedBy: drill.startedBy,
        percent: drill.score?.percent ?? null,
      })),
    }
  },
})

/** spoiler gives what a scenario holds: for whoever prepares a drill, not for whoever takes part. */
export const spoiler = defineQuery({
  name: 'drills.spoiler',
  summary: 'Gives what a scenario holds: its title, what happens and which diagnosis is right.',
  permission: 'drills.read',
  input: z.strictObject({ scenario: z.string().min(1).max(60) }),
  run: async ({ console }, { scenario }) => {
    const shelf = await loadShelf(console.env.WATCHFLOOR_RUNBOOKS)
    for (const one of shelf.scenarios) {
      if (one.kind === 'recorded' && one.recorded.id === scenario)
        return {
          title: one.recorded.title,
          description: one.recorded.description,
          leaves: one.recorded.outcome.leaves.map(({ leaf }) => leaf),
        }
      if (one.kind === 'story' && one.story.id === scenario)
        return {
          title: one.story.title,
          description: one.story.description,
          leaves: one.story.truth.filter((truth) => !truth.may).map(({ leaf }) => leaf),
        }
    }
    throw new AppError('not_found', `There is no scenario ${scenario}.`)
  },
})

/** report gives a drill that is over: its score, and what was so beside what was done, in time. */
export const report = defineQuery({
  name: 'drills.report',
  summary: 'Gives a drill that is over: its score, and what was so beside what was done, in time.',
  permission: 'drills.read',
  input: z.strictObject({ id: z.uuid('must be a drill’s id') }),
  run: async ({ console: { db }, actor }, { id }) => {
    const drill = await findDrill(db, id)
    if (!drill || (drill.state !== 'ended' && drill.state !== 'failed'))
      throw new AppError('not_found', 'There is no such drill, or it is not over.')
    const story = parseStory(drill.text, drill.scenario)
    const incident =
      drill.incidentId === null
        ? null
        : await db.incident.findFirst({ where: { AND: [{ id: drill.incidentId }, withinSight(actor)] } })
    const record = incident
      ? await db.timelineEvent.findMany({
          where: { incidentId: incident.id },
          orderBy: { seq: 'asc' },
          take: 500,
        })
      : []
    const truth = story.ok ? truthAt(story.value, drill.pace, drill.begun) : []
    const startMs = drill.startedAt.getTime()
    const endMs = drill.endedAt?.getTime() ?? startMs
    const lines = [
      ...truth
        .filter((one) => !one.may && one.fromAtMs <= endMs)
        .flatMap((one) => [
          { atMs: one.fromAtMs, kind: 'truth' as const, words: `${one.leaf} begins`, by: '' },
          {
            atMs: one.sufficientAtMs,
            kind: 'truth' as const,
            words: `${one.leaf} can be known from here on`,
            by: '',
          },
        ]),
      ...record
        .filter(({ receivedAt }) => receivedAt.getTime() <= endMs)
        .map((entry) => ({
          atMs: entry.receivedAt.getTime(),
          kind: 'record' as const,
          words: wordsOf(entry.kind, entry.body as Record<string, unknown>),
          by: entry.actorName,
        })),
    ].sort((a, b) => a.atMs - b.atMs)
    return {
      id: drill.id,
      title: drill.title,
      description: story.ok ? story.value.description : '',
      state: drill.state,
      problem: drill.problem,
      speed: drill.pace.speed,
      startedAtMs: startMs,
      startedBy: drill.startedBy,
      endedAtMs: endMs,
      incident: incident
        ? { name: drill.incidentName, isOpen: incident.status !== 'resolved' && incident.mergedInto === null }
        : null,
      score: drill.score,
      lines,
    }
  },
})

function wordsOf(kind: string, body: Readonly<Record<string, unknown>>): string {
  const text = (key: string): string => (typeof body[key] === 'string' ? (body[key] as string) : '')
  switch (kind) {
    case 'triage': {
      const causes = Array.isArray(body.causes) ? (body.causes as { leaf?: unknown; state?: unknown }[]) : []
      return causes.length === 0
        ? 'Triage: nothing is firm'
        : `Triage: ${causes.map((cause) => `${cause.leaf} ${cause.state}`).join(', ')}`
    }
    case 'triage-override':
      return `Answered ${text('answer')}: ${text('ask')}`
    case 'note':
      return text('text')
    case 'decision':
      return `Decided: ${text('outcome')}`
    case 'role':
      return `${text('role')}: ${text('handle') || 'nobody'}`
    case 'update':
      return `Update, ${text('audience')}`
    case 'severity':
    case 'status':
      return `${kind === 'status' ? 'Status' : 'Severity'}: ${text('to')}`
    default:
      return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`.replaceAll('-', ' ')
  }
}
