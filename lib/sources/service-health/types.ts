import type { Reading } from '../reading'
import type { CallOptions, TestVerdict } from '../source'

/** ServiceKind says how to read the endpoint's answer. */
export type ServiceKind = 'integration' | 'app' | 'llama' | 'whisper' | 'minio' | 'vllm' | 'http'

/** ProbeSubject is one endpoint to look at. */
export type ProbeSubject = { readonly id: string; readonly kind: ServiceKind; readonly url: string }

/** ProbeOutcome is ok, an answer that is not ok, or no answer; nothing else. */
export type ProbeOutcome =
  | { readonly kind: 'ok'; readonly status: number }
  | {
      readonly kind: 'not-ok'
      readonly status: number
      readonly class: 'loading' | 'busy' | 'unhealthy' | 'refused' | 'error'
      readonly body: string
    }
  | { readonly kind: 'no-answer'; readonly cause: 'dns' | 'refused' | 'timeout' | 'tls' | 'reset' }

/** ProbePart is a dependency that the service reports of itself, e.g. `vastai`. */
export type ProbePart = {
  readonly name: string
  readonly status: Reading<string>
  readonly connected?: boolean
  readonly latencyMs?: number
}

/** ProbeLook is one look; misses and hits over time are the caller's to count. */
export type ProbeLook = {
  readonly outcome: Reading<ProbeOutcome>
  readonly latencyMs: Reading<number>
  readonly parts: readonly ProbePart[]
  readonly drift: readonly string[]
}

/** ServiceHealth probes endpoints; an address that the allow-list forbids is `not_evaluated`. */
export type ServiceHealth = {
  readonly probe: (subject: ProbeSubject, now: Date, options?: Partial<CallOptions>) => Promise<ProbeLook>
  readonly test: (subject: ProbeSubject, now: Date) => Promise<TestVerdict>
}
