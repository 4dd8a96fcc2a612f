import { z } from 'zod'
import { type ParsedFile, parseRunbook } from '../runbooks/parse'

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const duration = z.string().transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  if (match) return Math.round(Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0))
  context.addIssue({ code: 'custom', message: 'a number and ms, s, m, h or d' })
  return z.NEVER
})

const eventShape = z.looseObject({
  at: duration,
  until: duration.optional(),
  event: z.string(),
  queue: z.string().optional(),
})

const truthShape = z.looseObject({
  leaf: z.string(),
  from: duration,
  until: duration.optional(),
  sufficientAt: duration.optional(),
  state: z.enum(['certain', 'likely', 'possible']).default('likely'),
  explainedBy: z.string().optional(),
  may: z.boolean().default(false),
})

const storyShape = z.looseObject({
  id: z.string(),
  title: z.string(),
  description: z.string().default(''),
  drill: z
    .looseObject({
      brief: z.string(),
      trains: z.array(z.string()),
      difficulty: z.int().min(1).max(3),
      hard: z.array(z.string()).default([]),
      dangerous: z.array(z.string()).default([]),
    })
    .optional(),
  world: z.looseObject({
    queues: z.union([z.array(z.looseObject({ name: z.string() })), z.looseObject({ count: z.int() })]),
  }),
  timeline: z.array(eventShape).default([]),
  truth: z.array(truthShape).default([]),
})

/** Truth is one diagnosis that holds; instants are milliseconds since the story began. */
export type Truth = {
  readonly leaf: string
  readonly fromMs: number
  readonly untilMs: number | null
  readonly sufficientMs: number
  readonly state: 'certain' | 'likely' | 'possible'
  readonly explainedBy: string | null
  readonly may: boolean
}

/** Story is a scenario as a drill plays it: what happens when, and what is then true. */
export type Story = {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly brief: string
  readonly trains: readonly string[]
  readonly difficulty: number
  readonly dangerous: readonly string[]
  /** events in their order, each as the simulated world takes it when it begins at once. */
  readonly events: readonly { readonly atMs: number; readonly event: Readonly<Record<string, unknown>> }[]
  readonly truth: readonly Truth[]
  /** lastMs is when the sources allow the last diagnosis. */
  readonly lastMs: number
  readonly queues: readonly string[]
  /** calm is the scenario without what happens in it. */
  readonly calm: Readonly<Record<string, unknown>>
}

/** parseStory reads a scenario file of the simulated world as far as a drill needs it. */
export function parseStory(text: string, file: string): ParsedFile<Story> {
  const parsed = parseRunbook({ file, text, schema: storyShape })
  return parsed.ok ? { ok: true, value: storyOf(parsed.value) } : parsed
}

function storyOf(file: z.output<typeof storyShape>): Story {
  const { timeline, truth: stated, answers: _answers, drill, ...rest } = file
  const truth = stated.map((one) => ({
    leaf: one.leaf,
    fromMs: one.from,
    untilMs: one.until ?? null,
    sufficientMs: one.sufficientAt ?? one.from,
    state: one.state,
    explainedBy: one.explainedBy ?? null,
    may: one.may,
  }))
  const ends = truth.filter((one) => !one.may).map((one) => one.sufficientMs)
  return {
    id: file.id,
    title: file.title,
    description: file.description.trim(),
    brief: drill?.brief ?? 'Find out what holds, and what to do.',
    trains: drill?.trains ?? [],
    difficulty: drill?.difficulty ?? 1,
    dangerous: drill?.dangerous ?? [],
    events: timeline
      .map((one) => ({ atMs: one.at, event: beginningNow(one) }))
      .sort((a, b) => a.atMs - b.atMs),
    truth,
    lastMs: Math.max(0, ...ends),
    queues: Array.isArray(file.world.queues) ? file.world.queues.map(({ name }) => name) : [],
    calm: { ...rest, speed: 1, timeline: [], truth: [] },
  }
}

function beginningNow(event: z.output<typeof eventShape>): Readonly<Record<string, unknown>> {
  const { at, until, ...rest } = event
  return { ...rest, at: '0s', ...(until === undefined ? {} : { for: `${until - at}ms` }) }
}

/** Pace says how far a story is: `speed` shortens the waits between its events, a pause stands still. */
export type Pace = {
  readonly speed: number
  readonly loadedAtMs: number | null
  readonly pausedAtMs: number | null
  readonly pausedMs: number
}

/** storyMs is how far the story is at an instant, in its own milliseconds; 0 before it began. */
export function storyMs(pace: Pace, nowMs: number): number {
  if (pace.loadedAtMs === null) return 0
  const untilMs = pace.pausedAtMs ?? nowMs
  return Math.max(0, untilMs - pace.loadedAtMs - pace.pausedMs) * pace.speed
}

/** Told is a truth at instants of the world: what a source needs to be sure is not hurried by the speed. */
export type Told = Omit<Truth, 'fromMs' | 'untilMs' | 'sufficientMs'> & {
  readonly fromAtMs: number
  readonly untilAtMs: number | null
  readonly sufficientAtMs: number
}

/** truthAt puts a story's truth at instants of the world. `begun` are the instants at which its events really began, in order. */
export function truthAt(
  story: Pick<Story, 'truth' | 'events'>,
  pace: Pick<Pace, 'speed' | 'loadedAtMs'>,
  begun: readonly number[],
): readonly Told[] {
  const startMs = pace.loadedAtMs ?? 0
  const instantOf = (offsetMs: number): number => {
    // The newest event at or before it: what follows from an event takes its own time.
    let base = { fromMs: 0, atMs: startMs }
    story.events.forEach((one, index) => {
      const atMs = begun[index]
      if (one.atMs <= offsetMs && atMs !== undefined) base = { fromMs: one.atMs, atMs }
    })
    return base.atMs + (offsetMs - base.fromMs)
  }
  return story.truth.map(({ fromMs, untilMs, sufficientMs, ...one }) => {
    const fromAtMs = instantOf(fromMs)
    return {
      ...one,
      fromAtMs,
      untilAtMs: untilMs === null ? null : fromAtMs + (untilMs - fromMs),
      sufficientAtMs: fromAtMs + (sufficientMs - fromMs),
    }
  })
}
