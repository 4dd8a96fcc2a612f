import type { Probed } from './executor'
import type { RunEvent } from './model'

/** Effect is how far what was promised has come, as one witness tells it. */
export type Effect = { readonly effect: 'reached' | 'pending' | 'failed'; readonly detail: string }

/** How long after it was sent a run is looked at every so often: each look is a call that its target answers to others too. */
const LOOKS = [
  { untilMs: 20_000, everyMs: 2_000 },
  { untilMs: 60_000, everyMs: 5_000 },
  { untilMs: 180_000, everyMs: 10_000 },
  { untilMs: 30 * 60_000, everyMs: 20_000 },
] as const
const LAST_EVERY_MS = 60_000

/** probeWaitMs is how long to wait between looks at a run: 2 s at first, then 5, 10 and 20 s, at most 60 s. */
export function probeWaitMs(sinceSentMs: number): number {
  return LOOKS.find(({ untilMs }) => sinceSentMs < untilMs)?.everyMs ?? LAST_EVERY_MS
}

/** isLookDue is whether a run that was sent is to be looked at: at its pace, and once as soon as its promised time is up. */
export function isLookDue(run: {
  readonly nowMs: number
  readonly sentAtMs: number
  readonly probedAtMs: number | undefined
  readonly withinMs: number
}): boolean {
  const { nowMs, sentAtMs, probedAtMs, withinMs } = run
  if (probedAtMs === undefined || nowMs - probedAtMs >= probeWaitMs(nowMs - sentAtMs)) return true
  const endMs = sentAtMs + withinMs
  return probedAtMs < endMs && nowMs >= endMs
}

/** questionEffect reads the effect from the triage's answer, if it rests on something seen after the action was sent. */
export function questionEffect(
  promise: { readonly question: string | null; readonly answer: 'yes' | 'no' | null },
  answers: ReadonlyMap<string, { readonly answer: string; readonly observedAtMs: number | null }> | undefined,
  sentAt: Date | null,
): Effect | undefined {
  if (promise.question === null) return undefined
  const told = answers?.get(promise.question)
  if (!told) return { effect: 'pending', detail: `the triage has no answer to ${promise.question} yet` }
  const isFresh = told.observedAtMs !== null && told.observedAtMs > (sentAt?.getTime() ?? 0)
  if (!isFresh) return { effect: 'pending', detail: `the triage has not looked at ${promise.question} since` }
  return told.answer === promise.answer
    ? { effect: 'reached', detail: `the triage answers ${promise.question} with ${told.answer}` }
    : { effect: 'pending', detail: `the triage answers ${promise.question} with ${told.answer}` }
}

/** Verdict is the transition that a verification asks for. */
export type Verdict = { readonly event: RunEvent; readonly detail: string }

/**
 * verdictOf weighs the executor's look and the triage's answer: reached only when each witness that was promised says so,
 * failed when one does, late when the time is up; undefined while it may still come.
 */
export function verdictOf(seen: {
  readonly probed: Probed | undefined
  readonly question: Effect | undefined
  readonly state: 'applied' | 'pending'
  readonly sinceSentMs: number
  readonly withinMs: number
}): Verdict | undefined {
  const witnesses = [probedEffect(seen.probed), seen.question].filter((it) => it !== undefined)
  const detail = witnesses.map((it) => it.detail).join('; ')
  if (witnesses.some((it) => it.effect === 'failed')) return { event: 'effect-failed', detail }
  if (witnesses.length > 0 && witnesses.every((it) => it.effect === 'reached'))
    return { event: 'effect-reached', detail }
  if (seen.state === 'applied' && seen.sinceSentMs >= seen.withinMs) return { event: 'effect-late', detail }
  return undefined
}

function probedEffect(probed: Probed | undefined): Effect | undefined {
  if (!probed) return undefined
  // The request was accepted: a look that finds no trace any more says nothing about its effect.
  if (probed.kind !== 'applied') return { effect: 'pending', detail: probed.detail }
  return { effect: probed.effect, detail: probed.detail }
}
