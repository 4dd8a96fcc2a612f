import { Client } from 'undici'
import { monotonicMs } from './clock'

/** Load is what to post where: each connection sends its next body as soon as the last one was answered. */
export type Load = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly bodies: readonly Buffer[]
  readonly connections: number
  readonly seconds: number
}

/** Loaded is what came of it; `sent` counts each body's acknowledged posts. */
export type Loaded = {
  readonly posts: number
  readonly seconds: number
  readonly latenciesMs: readonly number[]
  readonly refused: number
  readonly startedMs: number
}

/** postAll posts for a span of time and waits for the last answers; an answer other than 2xx counts as refused. */
export async function postAll(load: Load): Promise<Loaded> {
  const { origin, pathname } = new URL(load.url)
  const latenciesMs: number[] = []
  let next = 0
  let refused = 0
  const startedMs = monotonicMs()
  const deadlineMs = startedMs + load.seconds * 1_000
  const one = async (): Promise<void> => {
    const client = new Client(origin, { pipelining: 1 })
    try {
      while (monotonicMs() < deadlineMs) {
        const body = load.bodies[next % load.bodies.length]
        next += 1
        if (!body) throw new Error('there is nothing to post')
        const askedMs = monotonicMs()
        const answer = await client.request({ path: pathname, method: 'POST', headers: load.headers, body })
        await answer.body.dump()
        if (answer.statusCode >= 300) refused += 1
        else latenciesMs.push(monotonicMs() - askedMs)
      }
    } finally {
      await client.close()
    }
  }
  await Promise.all(Array.from({ length: load.connections }, one))
  const seconds = (monotonicMs() - startedMs) / 1_000
  return { posts: latenciesMs.length, seconds, latenciesMs, refused, startedMs }
}
