import { Client } from 'undici'
import { monotonicMs } from './clock'

/** Got is what a span of asking came to; `refused` counts answers other than 200. */
export type Got = {
  readonly answers: number
  readonly seconds: number
  readonly latenciesMs: readonly number[]
  readonly refused: number
  readonly bytes: number
}

/**
 * getAll asks for one address on several connections for a span. Without a rate each asks again as soon as it was answered;
 * with one, requests fall due by the clock and a late answer counts from when its request was due.
 */
export async function getAll(load: {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  readonly perSecond?: number
}): Promise<Got> {
  const { origin, pathname } = new URL(load.url)
  const latenciesMs: number[] = []
  let [refused, bytes, next] = [0, 0, 0]
  const startedMs = monotonicMs()
  const endMs = startedMs + load.seconds * 1_000
  const dueMs = (): number =>
    load.perSecond === undefined ? monotonicMs() : startedMs + (next++ * 1_000) / load.perSecond
  const one = async (): Promise<void> => {
    const client = new Client(origin, { pipelining: 1 })
    try {
      for (let due = dueMs(); due < endMs; due = dueMs()) {
        const waitMs = due - monotonicMs()
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
        const askedMs = load.perSecond === undefined ? monotonicMs() : due
        const answer = await client.request({ path: pathname, method: 'GET' })
        bytes = (await answer.body.arrayBuffer()).byteLength
        if (answer.statusCode === 200) latenciesMs.push(monotonicMs() - askedMs)
        else refused += 1
      }
    } finally {
      await client.close()
    }
  }
  await Promise.all(Array.from({ length: load.connections }, one))
  const seconds = (monotonicMs() - startedMs) / 1_000
  return { answers: latenciesMs.length, seconds, latenciesMs, refused, bytes }
}
