import { randomUUID } from 'node:crypto'
import { monotonicMs, pause } from './clock'
import { type Answered, type Caller, runCommand, runQuery } from './commands'
import type { Observed, Overwritten, Written } from './history'

/** Ledger is what all responders together have tried and been told. */
export type Ledger = {
  readonly written: Written[]
  readonly overwritten: Overwritten[]
  readonly tried: Set<string>
  readonly answerMs: number[]
  readonly failures: Map<string, number>
  conflicts: number
  /** halfShown are conflicts that did not show both versions, by whom and when. */
  halfShown: number
  replayed: number
  /** refused are answers that no sound request should get. */
  refused: number
  readonly refusals: string[]
  readGaps: number
  reads: number
}

/** newLedger begins empty. */
export function newLedger(): Ledger {
  return {
    written: [],
    overwritten: [],
    tried: new Set(),
    answerMs: [],
    failures: new Map(),
    conflicts: 0,
    halfShown: 0,
    replayed: 0,
    refused: 0,
    refusals: [],
    readGaps: 0,
    reads: 0,
  }
}

/** observedOf is the part of a ledger that a history is judged by. */
export function observedOf({ written, overwritten, tried }: Ledger): Observed {
  return { written, overwritten, tried }
}

/** Responder is one client at work in one incident. */
export type Responder = {
  readonly number: number
  readonly bases: readonly string[]
  readonly origin: string
  readonly cookie: string
  readonly incident: string
  readonly ledger: Ledger
  readonly random: () => number
  readonly over: () => boolean
}

type Seen = { version: number; title: string; impact: string; readTo: number }

const THINK_MS = 700
const FIRST_RETRY_MS = 150
const LAST_RETRY_MS = 2_000
const GIVE_UP_MS = 120_000

/** respond works until it is over: notes, decisions, pins, changes of title and impact, and reading what is new. */
export async function respond(responder: Responder): Promise<void> {
  const seen: Seen = { version: 0, title: '', impact: '', readTo: 0 }
  await look(responder, seen)
  while (!responder.over()) {
    await pause(responder.random() * 2 * THINK_MS)
    const dice = responder.random()
    if (dice < 0.5) await add(responder, 'incidents.addNote', { text: `Note of client ${responder.number}` })
    else if (dice < 0.6)
      await add(responder, 'incidents.addDecision', { proposal: 'Drain it?', outcome: 'Drain it' })
    else if (dice < 0.7) await add(responder, 'incidents.pinEvidence', { title: 'p95', value: '840 ms' })
    else if (dice < 0.9) await change(responder, seen, dice < 0.85 ? 'impact' : 'title')
    else await read(responder, seen)
  }
  await read(responder, seen)
}

function callerAt({ bases, number, origin, cookie }: Responder, attempt: number): Caller {
  return { base: bases[(number + attempt) % bases.length] ?? origin, origin, cookie }
}

/** Whatever gets no answer, or one that says "later", is asked again: for a command under the same key. */
async function insist(
  responder: Responder,
  ask: (caller: Caller) => Promise<Answered>,
): Promise<Answered | undefined> {
  const { ledger } = responder
  const untilMs = monotonicMs() + GIVE_UP_MS
  for (let attempt = 0; monotonicMs() < untilMs; attempt += 1) {
    const askedMs = monotonicMs()
    const answer = await ask(callerAt(responder, attempt)).catch((error: unknown) =>
      error instanceof Error && 'code' in error ? String(error.code) : 'no answer',
    )
    if (typeof answer !== 'string' && answer.status < 500) {
      ledger.answerMs.push(monotonicMs() - askedMs)
      return answer
    }
    const failure = typeof answer === 'string' ? answer : String(answer.status)
    ledger.failures.set(failure, (ledger.failures.get(failure) ?? 0) + 1)
    await pause(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt) * (0.5 + responder.random()))
  }
  return undefined
}

function refuse(ledger: Ledger, what: string, answer: Answered | undefined): void {
  ledger.refused += 1
  if (ledger.refusals.length < 5)
    ledger.refusals.push(
      `${what}: ${answer?.status ?? 'never answered'} ${JSON.stringify(answer?.body ?? '').slice(0, 200)}`,
    )
}

async function add(responder: Responder, name: string, what: object): Promise<void> {
  const { ledger, incident } = responder
  const entryId = randomUUID()
  const key = randomUUID()
  ledger.tried.add(entryId)
  const input = { id: incident, entryId, ...what }
  const answer = await insist(responder, (caller) => runCommand(caller, { name, input, key }))
  if (answer?.status !== 200) return refuse(ledger, name, answer)
  const { seq, repeated } = answer.body as { seq: number; repeated: boolean }
  if (repeated) ledger.replayed += 1
  ledger.written.push({ id: entryId, seq })
}

async function change(responder: Responder, seen: Seen, field: 'title' | 'impact'): Promise<void> {
  const { ledger, incident } = responder
  const value = `${field} by client ${responder.number}: ${randomUUID()}`
  const key = randomUUID()
  ledger.tried.add(value)
  const base = { version: seen.version, value: seen[field] }
  const name = field === 'title' ? 'incidents.setTitle' : 'incidents.setImpact'
  const input = { id: incident, version: base.version, to: value }
  const answer = await insist(responder, (caller) => runCommand(caller, { name, input, key }))
  if (answer?.status === 409) {
    ledger.conflicts += 1
    if (!showsBoth(answer.body, { field, value })) ledger.halfShown += 1
    return look(responder, seen)
  }
  if (answer?.status !== 200) return refuse(ledger, name, answer)
  const { version } = answer.body as { version: number }
  ledger.overwritten.push({ field, seen: base.value, base: base.version, version, value })
  // The answer tells the version, but not what others did to the other field up to it.
  await look(responder, seen)
}

function showsBoth(body: unknown, mine: { readonly field: string; readonly value: string }): boolean {
  const { current } = body as { current?: Readonly<Record<string, unknown>> }
  if (!current) return false
  const isTold = typeof current.by === 'string' && current.by !== '' && Number(current.atMs) > 0
  const isOther = typeof current.theirs === 'string' && current.theirs !== mine.value
  return current.field === mine.field && current.yours === mine.value && isOther && isTold
}

async function look(responder: Responder, seen: Seen): Promise<void> {
  const answer = await insist(responder, (caller) =>
    runQuery(caller, 'incidents.byId', { ref: responder.incident }),
  )
  if (answer?.status !== 200) return refuse(responder.ledger, 'incidents.byId', answer)
  const { version, title, impact } = answer.body as { version: number; title: string; impact: string }
  Object.assign(seen, { version, title, impact })
}

async function read(responder: Responder, seen: Seen): Promise<void> {
  const { ledger, incident } = responder
  for (;;) {
    const input = { id: incident, after: seen.readTo, limit: 500 }
    const answer = await insist(responder, (caller) => runQuery(caller, 'incidents.timeline', input))
    if (answer?.status !== 200) return refuse(ledger, 'incidents.timeline', answer)
    const { entries, hasMore } = answer.body as { entries: readonly { seq: number }[]; hasMore: boolean }
    ledger.reads += 1
    for (const { seq } of entries.toReversed()) {
      if (seq !== seen.readTo + 1) ledger.readGaps += 1
      seen.readTo = seq
    }
    if (!hasMore) return
  }
}
