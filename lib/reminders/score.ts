import type { Audience } from './promises'

/** Post is one published update as the score reads it; instants are epoch milliseconds. */
export type Post = {
  readonly audience: Audience
  readonly atMs: number
  readonly nextAtMs: number | null
  /** components are the states that the update gave them. */
  readonly components: readonly { readonly id: string; readonly to: string }[]
  /** overrides counts findings that block and were overridden with a reason. */
  readonly overrides: number
}

/** ScoreInput is what the score reads of one incident. */
export type ScoreInput = {
  readonly declaredAtMs: number
  /** impactFromMs is when users began to be hurt, as far as known; else the declaration. */
  readonly impactFromMs: number
  readonly resolvedAtMs: number | null
  /** isPublic is true when customers were to be told. */
  readonly isPublic: boolean
  readonly posts: readonly Post[]
  readonly deliveries: readonly { readonly channel: string; readonly state: string }[]
  readonly nowMs: number
}

/** Missed is a promise that was not kept: to whom, for when, and how late the next update came (null: never). */
export type Missed = {
  readonly audience: Audience
  readonly dueAtMs: number
  readonly lateMs: number | null
}

/** Score is how well an incident was told; durations are milliseconds, null where there was nothing to measure. */
export type Score = {
  readonly firstPostMs: number | null
  readonly firstPublicMs: number | null
  readonly posts: number
  readonly kept: number
  readonly missed: readonly Missed[]
  /** falseGreenMs is how long the public page showed nothing wrong while users were hurt. */
  readonly falseGreenMs: number | null
  readonly overrides: number
  readonly failures: readonly { readonly channel: string; readonly count: number }[]
}

const FAILED = new Set(['failed', 'needs-person', 'unknown'])

/** scoreOf counts how an incident was told; rules R-SCO of docs/rules/reminders.md. */
export function scoreOf(input: ScoreInput): Score {
  const posts = [...input.posts].sort((a, b) => a.atMs - b.atMs)
  const promises = judgePromises(posts, input.nowMs)
  return {
    firstPostMs: sinceDeclared(input, posts[0]),
    firstPublicMs: sinceDeclared(
      input,
      posts.find((post) => post.audience === 'public'),
    ),
    posts: posts.length,
    kept: promises.kept,
    missed: promises.missed,
    falseGreenMs: input.isPublic ? falseGreen(input, posts) : null,
    overrides: posts.reduce((sum, post) => sum + post.overrides, 0),
    failures: countFailures(input.deliveries),
  }
}

function sinceDeclared({ declaredAtMs }: ScoreInput, post: Post | undefined): number | null {
  return post === undefined ? null : Math.max(0, post.atMs - declaredAtMs)
}

function judgePromises(
  posts: readonly Post[],
  nowMs: number,
): { readonly kept: number; readonly missed: readonly Missed[] } {
  let kept = 0
  const missed: Missed[] = []
  for (const [place, { audience, nextAtMs }] of posts.entries()) {
    if (nextAtMs === null) continue
    const next = posts.slice(place + 1).find((post) => post.audience === audience)
    if (next !== undefined && next.atMs <= nextAtMs) kept += 1
    else if (next !== undefined) missed.push({ audience, dueAtMs: nextAtMs, lateMs: next.atMs - nextAtMs })
    else if (nowMs > nextAtMs) missed.push({ audience, dueAtMs: nextAtMs, lateMs: null })
  }
  return { kept, missed }
}

function falseGreen({ impactFromMs, resolvedAtMs, nowMs }: ScoreInput, posts: readonly Post[]): number {
  const endMs = resolvedAtMs ?? nowMs
  const states = new Map<string, string>()
  let greenMs = 0
  let fromMs = impactFromMs
  let isGreen = true
  for (const post of posts.filter((one) => one.audience === 'public')) {
    const atMs = Math.min(Math.max(post.atMs, impactFromMs), endMs)
    if (isGreen) greenMs += Math.max(0, atMs - fromMs)
    for (const { id, to } of post.components) states.set(id, to)
    isGreen = [...states.values()].every((state) => state === 'operational')
    fromMs = Math.max(fromMs, atMs)
  }
  return isGreen ? greenMs + Math.max(0, endMs - fromMs) : greenMs
}

function countFailures(deliveries: ScoreInput['deliveries']): Score['failures'] {
  const counts = new Map<string, number>()
  for (const { channel, state } of deliveries)
    if (FAILED.has(state)) counts.set(channel, (counts.get(channel) ?? 0) + 1)
  return [...counts].map(([channel, count]) => ({ channel, count })).sort((a, b) => b.count - a.count)
}
