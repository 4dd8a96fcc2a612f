import type { Http, HttpFailure } from '../../platform/http-types'
import { type FieldContext, known, unknown } from '../parse'
import type { CallOptions, TestVerdict } from '../source'
import { addressOf, failedTest } from '../verdict'
import { classify } from './classify'
import type { ProbeLook, ProbeOutcome, ProbeSubject, ServiceHealth } from './types'

const DEADLINE_MS = 2500
const BODY_BYTES = 4096

/** createServiceHealth probes endpoints one look at a time; it follows no redirect and reads at most 4 KB. */
export function createServiceHealth(config: {
  readonly http: Http
  readonly sourceId?: string
}): ServiceHealth {
  const source = config.sourceId ?? 'service-health'
  return {
    probe: (subject, now, options) => probe(config.http, subject, { source, at: now, options }),
    test: (subject, now) => test(config.http, subject, { source, at: now, options: undefined }),
  }
}

type Look = {
  readonly source: string
  readonly at: Date
  readonly options: Partial<CallOptions> | undefined
}

async function probe(http: Http, subject: ProbeSubject, look: Look): Promise<ProbeLook> {
  const drift: string[] = []
  const context: FieldContext = { source: look.source, at: look.at, drift, path: subject.id }
  const answer = await http.request({
    url: subject.url,
    deadlineMs: look.options?.deadlineMs ?? DEADLINE_MS,
    ...(look.options?.signal ? { signal: look.options.signal } : {}),
    maxBytes: BODY_BYTES,
    cutAtMax: true,
    accept: 'any',
  })
  if (!answer.ok) return silent(answer, context)
  const read = classify(answer.value, subject.kind, context)
  return { ...read, latencyMs: known(context, answer.latencyMs, 'ms'), drift }
}

function silent(problem: HttpFailure, context: FieldContext): ProbeLook {
  const nothing = unknown(context, problem.why, problem.detail)
  const { cause } = problem
  const isSilence =
    cause === 'dns' || cause === 'refused' || cause === 'timeout' || cause === 'tls' || cause === 'reset'
  const outcome: ProbeOutcome | undefined = isSilence ? { kind: 'no-answer', cause } : undefined
  return {
    outcome: outcome ? known(context, outcome, '') : nothing,
    latencyMs: nothing,
    parts: [],
    drift: context.drift,
  }
}

const CLASS_WORDS: Readonly<Record<Extract<ProbeOutcome, { kind: 'not-ok' }>['class'], string>> = {
  loading: 'is still loading',
  busy: 'is busy',
  unhealthy: 'says that it is not well',
  refused: 'refuses the call',
  error: 'answers with an error',
}

async function test(http: Http, subject: ProbeSubject, look: Look): Promise<TestVerdict> {
  const { outcome, latencyMs, parts } = await probe(http, subject, look)
  const address = addressOf(subject.url)
  const timing = latencyMs.kind === 'known' ? { latencyMs: latencyMs.value } : {}
  if (outcome.kind === 'unknown')
    return failedTest(
      { ok: false, why: outcome.why, detail: outcome.detail ?? '' },
      { name: subject.id, address, credential: 'its settings' },
    )
  const found = outcome.value
  if (found.kind === 'no-answer')
    return failedTest(
      { ok: false, why: 'source_unreachable', detail: found.cause },
      { name: subject.id, address, credential: 'its settings' },
    )
  if (found.kind === 'not-ok')
    return {
      ok: false,
      sentence: `${subject.id} at ${address} ${CLASS_WORDS[found.class]} (HTTP ${found.status}).`,
      repair:
        found.class === 'refused' || found.class === 'error'
          ? 'Check the path of the health address; it must answer without a sign-in.'
          : 'Look at the service itself; the probe works.',
      ...timing,
    }
  const named = parts.map(({ name }) => name).join(', ')
  return {
    ok: true,
    sentence: `${subject.id} answered HTTP ${found.status}${named === '' ? '' : ` and reports on ${named}`}.`,
    ...timing,
  }
}
