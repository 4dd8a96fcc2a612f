import type { HealthPolicy } from '@/lib/health/policy'
import { diagnose } from '@/lib/triage/diagnose'
import type { Forest } from '@/lib/triage/forest'
import { looksOf } from '@/lib/triage/looks'
import type { Diagnosis, Memory, Override } from '@/lib/triage/model'
import { headline, isFirm } from '@/lib/triage/view'
import type { Scenario } from '@/simulator/scenario'
import { createSimulator } from '@/simulator/simulator'
import { openEyes } from './eyes'
import { judge, type Moment, type Verdict } from './judge'
import { createVirtualTime } from './virtual-time'

const T0_MS = Date.parse('2026-11-21T09:00:00Z')
const STEP_MS = 1_000
const AFTER_MS = 45_000
const WITHOUT_TRUTH_MS = 180_000

/** DrillResult is what triage made of a scenario; the same scenario gives the same bytes. */
export type DrillResult = {
  readonly scenario: string
  readonly title: string
  readonly ok: boolean
  readonly problems: readonly string[]
  readonly headline: string
  readonly path: readonly { readonly question: string; readonly answer: string }[]
  readonly diagnosis: readonly {
    readonly leaf: string
    readonly state: string
    readonly severity: string
    readonly explainedBy: string | null
  }[]
  readonly possible: readonly string[]
  readonly unexplained: readonly string[]
  readonly severity: string | null
  readonly evidence: readonly {
    readonly leaf: string
    readonly question: string
    readonly answer: string
    readonly value: string
    readonly predicate: string
    readonly source: string
    readonly ageSeconds: number | null
    readonly subjects: readonly string[]
  }[]
  readonly firstSymptomSeconds: number | null
  readonly secondsToDiagnosis: number | null
  readonly found: Verdict['found']
  readonly actions: readonly string[]
  /** recorded compares a replayed incident with what its run stored, as SHA-256 of the canonical diagnosis. */
  readonly recorded?: { readonly stored: string; readonly replayed: string }
}

/** runDrill plays a scenario in simulated time and lets triage answer each second. */
export async function runDrill(
  scenario: Scenario,
  around: { readonly forest: Forest; readonly policy: HealthPolicy },
): Promise<DrillResult> {
  const { forest } = around
  const startMs = scenario.start === undefined ? T0_MS : Date.parse(scenario.start)
  const time = createVirtualTime(startMs)
  const simulator = createSimulator({ scenario, startMs, speed: 1, wallMs: time.offsetMs })
  const { grpc } = await simulator.listen({ http: 0, grpc: 0 })
  const eyes = openEyes({ scenario, simulator, grpcPort: grpc, time, policy: around.policy })
  const moments: Moment[] = []
  let memory: Memory = {}
  let last: Diagnosis | undefined
  const endMs = endOf(scenario)
  try {
    for (let atMs = 0; atMs <= endMs; atMs += STEP_MS) {
      await time.runUntil(atMs)
      const looks = looksOf(eyes.sight(forest, memory))
      const overrides = answersAt(scenario, atMs, startMs)
      const next = diagnose({ forest, looks, overrides, memory, nowMs: time.clock.now().getTime() })
      memory = next.memory
      last = next.diagnosis
      moments.push({
        atMs,
        causes: next.diagnosis.causes
          .filter(isFirm)
          .map(({ leaf, state, explainedBy }) => ({ leaf, state, explainedBy })),
        possible: next.diagnosis.causes.filter((cause) => !isFirm(cause)).map(({ leaf }) => leaf),
      })
    }
  } finally {
    await eyes.close()
    await simulator.close()
  }
  const verdict = judge(scenario, moments)
  return resultOf({ scenario, forest, diagnosis: last, verdict, nowMs: startMs + endMs })
}

function endOf({ truth }: Scenario): number {
  const ends = truth.map((one) => (one.sufficientAt ?? one.from) + AFTER_MS)
  return Math.max(...ends, truth.length === 0 ? WITHOUT_TRUTH_MS : 0)
}

function answersAt({ answers }: Scenario, atMs: number, startMs: number): Record<string, Override> {
  return Object.fromEntries(
    answers
      .filter((one) => one.at <= atMs)
      .map(({ question, answer, by, reason, at }) => [question, { answer, by, reason, atMs: startMs + at }]),
  )
}

/** resultOf puts a diagnosis and its verdict into the words of a drill. */
export function resultOf(of: {
  readonly scenario: { readonly id: string; readonly title: string }
  readonly forest: Forest
  readonly diagnosis: Diagnosis | undefined
  readonly verdict: Verdict
  readonly nowMs: number
}): DrillResult {
  const { scenario, forest, diagnosis, verdict, nowMs } = of
  const causes = diagnosis?.causes ?? []
  const firm = causes.filter(isFirm)
  const asked = new Map(diagnosis?.asked.map((it) => [it.id, it]))
  const path = firm[0]?.via ?? []
  return {
    scenario: scenario.id,
    title: scenario.title,
    ok: verdict.problems.length === 0,
    problems: verdict.problems,
    headline: headline(
      causes.map((cause) => ({ ...cause, title: forest.leaves.get(cause.leaf)?.title ?? cause.leaf })),
    ),
    path: path.map((question) => ({ question, answer: asked.get(question)?.answer ?? 'unknown' })),
    diagnosis: firm.map(({ leaf, state, severity, explainedBy }) => ({ leaf, state, severity, explainedBy })),
    possible: causes.filter((cause) => !isFirm(cause)).map(({ leaf }) => leaf),
    unexplained: diagnosis?.unexplained ?? [],
    severity: diagnosis?.severity?.severity ?? null,
    evidence: firm.flatMap(({ leaf, for: grounds }) =>
      grounds.flatMap((question) => {
        const it = asked.get(question)
        if (!it) return []
        const { value, predicate, source, observedAtMs, subjects } = it.evidence
        const ageSeconds = observedAtMs === null ? null : Math.round((nowMs - observedAtMs) / 1000)
        return [
          {
            leaf,
            question,
            answer: it.answer,
            value,
            predicate,
            source,
            ageSeconds,
            subjects: subjects.slice(0, 20),
          },
        ]
      }),
    ),
    firstSymptomSeconds: verdict.firstSymptomMs === null ? null : verdict.firstSymptomMs / 1000,
    secondsToDiagnosis: verdict.secondsToDiagnosis,
    found: verdict.found,
    actions: [
      ...new Set(
        firm
          .filter((cause) => cause.explainedBy === null)
          .flatMap(({ leaf }) => forest.leaves.get(leaf)?.actions.map((action) => action.id) ?? []),
      ),
    ],
  }
}
