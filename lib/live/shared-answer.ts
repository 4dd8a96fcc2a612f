import type { Console } from '../console'
import { lastHintSeq } from './hints'

const KEEP_MS = 2_000
const MOST = 200

type Kept = { readonly untilMs: number; readonly answer: Promise<unknown> }

const kept = new WeakMap<Console, Map<string, Kept>>()

/** keptAnswer makes an answer once for all who ask under the same `key` within 2 s; the key says everything that it depends on. */
export function keptAnswer<Answer>(
  console: Console,
  key: string,
  make: () => Promise<Answer>,
): Promise<Answer> {
  const answers = kept.get(console) ?? new Map<string, Kept>()
  kept.set(console, answers)
  const nowMs = console.clock.monotonicMs()
  const known = answers.get(key)
  if (known && known.untilMs > nowMs) return known.answer as Promise<Answer>
  if (answers.size > MOST) answers.clear()
  const answer = make()
  answers.set(key, { untilMs: nowMs + KEEP_MS, answer })
  answer.catch(() => answers.delete(key))
  return answer
}

/**
 * sharedAnswer makes an answer once for all who ask for the same `name` until the next hint says that it is old, at most
 * for 2 s: in a storm every open console asks at each hint. What is asked must not depend on who asks.
 */
export async function sharedAnswer<Answer>(
  console: Console,
  name: string,
  make: () => Promise<Answer>,
): Promise<Answer> {
  return keptAnswer(console, `${await lastHintSeq(console.hot)} ${name}`, make)
}
