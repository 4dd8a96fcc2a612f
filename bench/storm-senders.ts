import { request } from 'undici'
import { type BenchAlert, HOOK_HEADERS, webhookBody } from './alert-posts'
import { monotonicMs, pause } from './clock'
import type { Delivery } from './storm-plan'

/** Sent is what the senders did: attempts and acknowledged deliveries of each alert, and how long answers took. */
export type Sent = {
  readonly attempts: Uint16Array
  readonly acknowledged: Uint16Array
  /** answerMs are the times of the answers 202, each from its own attempt. */
  readonly answerMs: number[]
  /** lagMs are from the moment a post was due until a 202, with every retry in between. */
  readonly lagMs: number[]
  readonly failures: Map<string, number>
  posts: number
}

/** Storm is posts with their times, whose alerts are found by number, and the console to post to. */
export type Storm = {
  readonly posts: readonly (readonly Delivery[])[]
  readonly alerts: readonly BenchAlert[]
  readonly base: string
  readonly senders: number
  readonly endsAt: string
}

const TIMEOUT_MS = 10_000
const FIRST_RETRY_MS = 500
const RETRY_GROWTH = 1.5
const LAST_RETRY_MS = 10_000

/**
 * sendStorm posts everything at its time. A sender that gets no answer or a 5xx waits like Alertmanager (0.5 s, growing by
 * half, with jitter) and tries again, until it is acknowledged.
 */
export async function sendStorm(storm: Storm): Promise<Sent> {
  const sent: Sent = {
    attempts: new Uint16Array(storm.alerts.length),
    acknowledged: new Uint16Array(storm.alerts.length),
    answerMs: [],
    lagMs: [],
    failures: new Map(),
    posts: storm.posts.length,
  }
  const startedMs = monotonicMs()
  let next = 0
  const work = async (): Promise<void> => {
    while (next < storm.posts.length) {
      const post = storm.posts[next]
      next += 1
      const dueMs = startedMs + (post?.[0]?.atMs ?? 0)
      if (!post) continue
      if (dueMs > monotonicMs()) await pause(dueMs - monotonicMs())
      await deliver({ storm, sent, post })
      sent.lagMs.push(monotonicMs() - dueMs)
    }
  }
  await Promise.all(Array.from({ length: storm.senders }, work))
  return sent
}

async function deliver(given: {
  readonly storm: Storm
  readonly sent: Sent
  readonly post: readonly Delivery[]
}): Promise<void> {
  const { storm, sent, post } = given
  const body = bodyOf(storm, post)
  for (let attempt = 0; ; attempt += 1) {
    for (const { alert } of post) sent.attempts[alert] = (sent.attempts[alert] ?? 0) + 1
    const askedMs = monotonicMs()
    const outcome = await attemptAt(storm.base, body)
    if (outcome === '202') {
      sent.answerMs.push(monotonicMs() - askedMs)
      for (const { alert } of post) sent.acknowledged[alert] = (sent.acknowledged[alert] ?? 0) + 1
      return
    }
    sent.failures.set(outcome, (sent.failures.get(outcome) ?? 0) + 1)
    if (/^[234]/.test(outcome))
      throw new Error(`a delivery was answered ${outcome}: no sender tries that again`)
    const waitMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * RETRY_GROWTH ** attempt)
    await pause(waitMs * (0.5 + Math.random()))
  }
}

function bodyOf(storm: Storm, post: readonly Delivery[]): string {
  return webhookBody(
    post.flatMap(({ alert: number, status }) => {
      const alert = storm.alerts[number]
      if (!alert) return []
      return [{ alert, status, ...(status === 'resolved' ? { endsAt: storm.endsAt } : {}) }]
    }),
  )
}

async function attemptAt(base: string, body: string): Promise<string> {
  try {
    const answer = await request(`${base}/api/hooks/alertmanager`, {
      method: 'POST',
      headers: HOOK_HEADERS,
      body,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    })
    await answer.body.dump()
    return String(answer.statusCode)
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
  }
}
