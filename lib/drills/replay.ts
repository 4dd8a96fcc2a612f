import canonicalize from 'canonicalize'
import { diagnose } from '../triage/diagnose'
import type { Forest } from '../triage/forest'
import type { Diagnosis, Looks, Memory, Override } from '../triage/model'
import { looksAfter } from '../triage/moments'
import { isFirm } from '../triage/view'
import type { Recorded } from './recorded'

/** Replayed is what the trees make of a recording: the last diagnosis, when it was made, and each moment's firm causes. */
export type Replayed = {
  readonly diagnosis: Diagnosis
  readonly nowMs: number
  readonly moments: readonly {
    readonly afterMs: number
    readonly causes: readonly {
      readonly leaf: string
      readonly state: string
      readonly explainedBy: string | null
    }[]
  }[]
}

/** replay lets trees answer a recording's moments again, in order; a pure function, so the same input gives the same bytes. */
export function replay(recorded: Pick<Recorded, 'start' | 'moments'>, forest: Forest): Replayed {
  const startMs = Date.parse(recorded.start)
  let looks: Looks = {}
  let memory: Memory = recorded.moments[0]?.memory ?? {}
  let last: Replayed['diagnosis'] | undefined
  const moments = recorded.moments.map((moment) => {
    looks = looksAfter(looks, moment)
    const overrides: Readonly<Record<string, Override>> = moment.overrides
    const next = diagnose({ forest, looks, overrides, memory, nowMs: startMs + moment.afterMs })
    memory = next.memory
    last = next.diagnosis
    const causes = next.diagnosis.causes
      .filter(isFirm)
      .map(({ leaf, state, explainedBy }) => ({ leaf, state, explainedBy }))
    return { afterMs: moment.afterMs, causes }
  })
  if (!last) throw new Error('A recording without moments cannot be replayed.')
  return { diagnosis: last, nowMs: startMs + (moments.at(-1)?.afterMs ?? 0), moments }
}

/** diagnosisText is a diagnosis as canonical JSON (RFC 8785): equal diagnoses are equal bytes, however they were stored. */
export function diagnosisText(diagnosis: Diagnosis): string {
  return canonicalize(JSON.parse(JSON.stringify(diagnosis))) ?? ''
}

/** pathOf gives the way to the first cause, question by question with its answer. */
export function pathOf(
  diagnosis: Diagnosis,
): readonly { readonly question: string; readonly answer: string }[] {
  const asked = new Map(diagnosis.asked.map((it) => [it.id, it]))
  const via = diagnosis.causes.filter(isFirm)[0]?.via ?? []
  return via.map((question) => ({ question, answer: asked.get(question)?.answer ?? 'unknown' }))
}
