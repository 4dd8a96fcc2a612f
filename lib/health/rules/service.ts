import type { ProbeOutcome, ServiceObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import { worst } from './aggregate'
import { unread, usable } from './evidence'
import { durationWords } from './words'

/** ServiceState names what a service is doing; it is the `state` of a ServiceRow. */
export type ServiceState =
  | 'up'
  | 'degraded'
  | 'loading'
  | 'busy'
  | 'unhealthy'
  | 'refusing'
  | 'missing'
  | 'down'
  | 'unknown'

/** PartVerdict is the verdict on one named part of a health answer. */
export type PartVerdict = { readonly name: string; readonly verdict: Verdict }

/** ServiceRating is a service's state and verdict, and the verdict of each named part of its answer. */
export type ServiceRating = {
  readonly state: ServiceState
  readonly verdict: Verdict
  readonly parts: readonly PartVerdict[]
}

/** ServiceMemory holds whether the service was judged down: it needs a run of hits to come back. */
export type ServiceMemory = { readonly down: boolean }

/** ServiceInput is one probed service with the memory of the look before (undefined at the first). */
export type ServiceInput = {
  readonly service: ServiceObservation
  readonly memory: ServiceMemory | undefined
  readonly policy: HealthPolicy
  readonly now: Date
}

/** rateService tells loading and busy from down, and down from "could not look". */
export function rateService(input: ServiceInput): ServiceRating & { readonly memory: ServiceMemory } {
  const { service, policy, now } = input
  const before = input.memory ?? NOT_DOWN
  const nowMs = now.getTime()
  const maxAgeMs = policy.freshness.serviceMaxAgeSeconds * 1000
  const parts = service.parts.map((part) => ratePart(part, nowMs, maxAgeMs))
  const outcome = usable(service.outcome, nowMs, maxAgeMs)
  if (!outcome) {
    const reading = service.outcome
    const verdict = unread({ reading, subject: service.name, code: 'service', nowMs, maxAgeMs })
    return { state: 'unknown', verdict, parts, memory: before }
  }
  switch (outcome.kind) {
    case 'no-answer':
      return { ...rateSilence({ service, outcome, before, policy }), parts }
    case 'not-ok':
      return { ...rateRefusal({ service, outcome, policy, nowMs }), parts, memory: NOT_DOWN }
    case 'ok':
      return { ...rateAnswer({ service, before, parts, policy, nowMs, maxAgeMs }), parts }
    default: {
      const left: never = outcome
      throw new TypeError(`no rule for probe outcome ${String(left)}`)
    }
  }
}

type Judged = { readonly state: ServiceState; readonly verdict: Verdict }

const NOT_DOWN: ServiceMemory = { down: false }
const DOWN: ServiceMemory = { down: true }

const UP: Verdict = { rating: 'clear', code: 'service.up', reason: 'Answers and says that it is well' }

const CAUSES: Readonly<Record<Extract<ProbeOutcome, { kind: 'no-answer' }>['cause'], string>> = {
  dns: 'its name does not resolve',
  refused: 'nothing listens on its port',
  timeout: 'it did not answer in time',
  tls: 'its certificate or TLS failed',
  reset: 'it closed the connection',
}

function rateSilence(input: {
  readonly service: ServiceObservation
  readonly outcome: Extract<ProbeOutcome, { kind: 'no-answer' }>
  readonly before: ServiceMemory
  readonly policy: HealthPolicy
}): Judged & { readonly memory: ServiceMemory } {
  const { service, outcome, before, policy } = input
  const { missesForDown } = policy.service
  const cause = CAUSES[outcome.cause]
  if (before.down || service.misses >= missesForDown) {
    return {
      state: 'down',
      verdict: {
        rating: 'breach',
        code: 'service.down',
        reason: `No answer ${missesForDown} times or more: ${cause}`,
        action:
          outcome.cause === 'refused' ? 'See whether the process runs.' : 'Try from another network path.',
      },
      memory: DOWN,
    }
  }
  const reason = `Missed a probe (${cause}): down only after ${missesForDown} in a row`
  return { state: 'missing', verdict: { rating: 'unknown', code: 'service.missed', reason }, memory: before }
}

function rateRefusal(input: {
  readonly service: ServiceObservation
  readonly outcome: Extract<ProbeOutcome, { kind: 'not-ok' }>
  readonly policy: HealthPolicy
  readonly nowMs: number
}): Judged {
  const { service, outcome, policy, nowMs } = input
  switch (outcome.class) {
    case 'loading':
      return rateLoading(service, policy, nowMs)
    case 'busy':
      return {
        state: 'busy',
        verdict: {
          rating: 'warning',
          code: 'model.busy',
          reason: 'Every slot is taken: busy, not down',
          action: 'Scale if it stays so.',
        },
      }
    case 'unhealthy':
      return {
        state: 'unhealthy',
        verdict: {
          rating: 'breach',
          code: 'service.unhealthy',
          reason: `Answers ${outcome.status} and says that it is not well`,
          action: 'Read which part it names.',
        },
      }
    case 'refused':
      return {
        state: 'refusing',
        verdict: {
          rating: 'unknown',
          code: 'service.refused',
          reason: `Answers ${outcome.status}: it refuses our probe, so its health is not known`,
          action: "Check the probe's credentials.",
        },
      }
    case 'error':
      return {
        state: 'unhealthy',
        verdict: { rating: 'breach', code: 'service.error', reason: `Answers with status ${outcome.status}` },
      }
    default: {
      const left: never = outcome.class
      throw new TypeError(`no rule for answer class ${String(left)}`)
    }
  }
}

function rateLoading(service: ServiceObservation, policy: HealthPolicy, nowMs: number): Judged {
  const usual = policy.service.loadingUsualSeconds
  const loadingSeconds = service.notOkSince ? (nowMs - service.notOkSince.getTime()) / 1000 : 0
  if (loadingSeconds <= usual) {
    const reason = `Loading its model, within the usual ${durationWords(usual)}`
    return { state: 'loading', verdict: { rating: 'warning', code: 'model.loading', reason } }
  }
  const reason = `Loading its model for longer than the usual ${durationWords(usual)}`
  const action = 'Read its log; see that the model files are there.'
  return { state: 'loading', verdict: { rating: 'breach', code: 'model.loading', reason, action } }
}

function rateAnswer(input: {
  readonly service: ServiceObservation
  readonly before: ServiceMemory
  readonly parts: readonly PartVerdict[]
  readonly policy: HealthPolicy
  readonly nowMs: number
  readonly maxAgeMs: number
}): Judged & { readonly memory: ServiceMemory } {
  const { service, before, parts, policy, nowMs, maxAgeMs } = input
  const { hitsForUp, latencyWarnMs } = policy.service
  if (before.down && service.hits < hitsForUp) {
    const reason = `Answered once after being down: up only after ${hitsForUp} in a row`
    return { state: 'down', verdict: { rating: 'breach', code: 'service.returning', reason }, memory: DOWN }
  }
  const part = parts.length > 0 ? worst(parts.map((it) => it.verdict)) : UP
  if (part.rating !== 'clear') return { state: 'degraded', verdict: part, memory: NOT_DOWN }
  const latencyMs = usable(service.latencyMs, nowMs, maxAgeMs)
  if (latencyMs !== undefined && latencyMs > latencyWarnMs) {
    const reason = `Well, but slower than ${latencyWarnMs} ms to answer its probe`
    const verdict: Verdict = { rating: 'warning', code: 'service.slow', reason }
    return { state: 'degraded', verdict, memory: NOT_DOWN }
  }
  return { state: 'up', verdict: UP, memory: NOT_DOWN }
}

const WELL: ReadonlySet<string> = new Set([
  'ok',
  'up',
  'healthy',
  'pass',
  'passing',
  'connected',
  'ready',
  'true',
])
const AILING: ReadonlySet<string> = new Set(['degraded', 'warn', 'warning', 'slow', 'partial'])
const UNWELL: ReadonlySet<string> = new Set([
  'down',
  'unhealthy',
  'fail',
  'failed',
  'failing',
  'error',
  'disconnected',
  'unreachable',
  'false',
])

function ratePart(part: ServiceObservation['parts'][number], nowMs: number, maxAgeMs: number): PartVerdict {
  const { name } = part
  const status = usable(part.status, nowMs, maxAgeMs)
  if (status === undefined) {
    const reading = part.status
    return { name, verdict: unread({ reading, subject: name, code: 'service.part', nowMs, maxAgeMs }) }
  }
  const word = status.trim().toLowerCase()
  if (WELL.has(word)) return { name, verdict: UP }
  if (AILING.has(word)) {
    return {
      name,
      verdict: { rating: 'warning', code: 'service.part-degraded', reason: `Its part ${name} says ${word}` },
    }
  }
  if (UNWELL.has(word)) {
    return {
      name,
      verdict: { rating: 'breach', code: 'service.part-down', reason: `Its part ${name} says ${word}` },
    }
  }
  const reason = `Its part ${name} says "${status}", a word without a known meaning`
  return { name, verdict: { rating: 'unknown', code: 'service.part-unrecognised', reason } }
}
