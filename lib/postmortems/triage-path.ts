import { diagnose } from '../triage/diagnose'
import type { Forest } from '../triage/forest'
import type { Diagnosis, Looks, Memory } from '../triage/model'
import { looksAfter, type MomentStep } from '../triage/moments'
import { causeView, isFirm, neededQuestions, type QuestionView, questionViews } from '../triage/view'
import type { PostmortemRecord } from './model'
import { cut } from './timeline'

type Triage = PostmortemRecord['triage']

/** Walked is what triage held when it last held a cause, and when the first symptom was seen in all of it (epoch ms). */
export type Walked = { readonly triage: Triage; readonly firstSymptomAtMs: number | null }

/** NOTHING_WRONG begins the leaves that say that all is well: they name no cause. */
const NOTHING_WRONG = 'none.'

function isCause(cause: Diagnosis['causes'][number]): boolean {
  return isFirm(cause) && !cause.leaf.startsWith(NOTHING_WRONG)
}

/**
 * walkedOf walks the kept moments of a run again and tells the last one that held a cause for certain or likely: at the end
 * of an incident triage says that nothing is wrong, and that is not why it happened.
 */
export function walkedOf(recording: {
  readonly steps: readonly (MomentStep & { readonly atMs: number })[]
  readonly forest: Forest
  readonly diagnosis: Diagnosis
}): Walked {
  const { steps, forest } = recording
  let looks: Looks = {}
  let memory: Memory = steps[0]?.memory ?? {}
  let held = recording.diagnosis
  let firstSymptomAtMs = held.firstSymptomAtMs
  for (const step of steps) {
    looks = looksAfter(looks, step)
    const next = diagnose({ forest, looks, overrides: step.overrides, memory, nowMs: step.atMs })
    memory = next.memory
    const { diagnosis } = next
    if (diagnosis.causes.some(isCause) || !held.causes.some(isCause)) held = diagnosis
    const since = diagnosis.firstSymptomAtMs
    if (since !== null && (firstSymptomAtMs === null || since < firstSymptomAtMs)) firstSymptomAtMs = since
  }
  return { triage: triageOf(forest, held), firstSymptomAtMs }
}

function triageOf(forest: Forest, diagnosis: Diagnosis): Triage {
  const views = questionViews(forest, diagnosis, neededQuestions(forest, diagnosis))
  const causes = diagnosis.causes.filter(({ leaf }) => !leaf.startsWith(NOTHING_WRONG))
  const top = causes[0]
  const via = top?.via ?? forest.trees[0]?.tree.roots ?? []
  const answered = Object.values(views).filter((question) => question.override !== null)
  const shown = [...new Set([...via, ...answered.map((question) => question.id)])]
  return {
    path: shown.flatMap((id) => {
      const question = views[id]
      return question === undefined ? [] : [stepOf(question)]
    }),
    causes: causes.slice(0, 100).map((cause) => ({
      leaf: cause.leaf,
      title: causeView(forest, cause).title,
      state: cause.state,
      explainedBy: cause.explainedBy,
    })),
    unanswered: diagnosis.unexplained.slice(0, 200).map((id) => cut(views[id]?.title ?? id)),
    note: causes.some(isCause) ? '' : 'No cause was held certain or likely',
  }
}

function stepOf({ id, ask, answer, machine, evidence, override }: QuestionView): Triage['path'][number] {
  return {
    question: id,
    title: cut(ask),
    verdict: override === null ? answer : 'overridden',
    machine,
    evidence: cut(
      [`${evidence.value} ${evidence.predicate}`.trim(), evidence.why, evidence.source]
        .filter((part) => part !== '')
        .join(' · '),
    ),
    override:
      override === null
        ? null
        : { answer: override.answer, reason: cut(override.reason), by: override.by, atMs: override.atMs },
  }
}
