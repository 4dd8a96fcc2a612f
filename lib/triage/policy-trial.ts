import { diagnose } from './diagnose'
import { type Forest, growForest } from './forest'
import type { Answer, Diagnosis, LeafState, Reach, SeverityWord } from './model'
import type { Moment } from './moments'
import type { Case } from './policy'
import { runCase, stateIn } from './policy-cases'
import type { TreeFile } from './policy-check'

/** TrialMoment is what trees are tried on: a recorded case, or what was seen of an incident. */
export type TrialMoment = Case | Moment

/** TrialStep is one question on the way to a cause. */
export type TrialStep = {
  readonly id: string
  readonly ask: string
  readonly answer: Answer
  readonly evidence: string
}

/** TrialCause is a leaf that a trial did not exclude, with the way to it. */
export type TrialCause = {
  readonly leaf: string
  readonly title: string
  readonly state: LeafState
  readonly severity: SeverityWord
  readonly why: string
  readonly explainedBy: string | null
  readonly via: readonly TrialStep[]
}

/** Trial is what trees make of a moment. */
export type Trial = {
  readonly causes: readonly TrialCause[]
  readonly excluded: number
  readonly unexplained: readonly string[]
  readonly severity: SeverityWord | null
}

/** TrialChange is a question or leaf that two forests judge differently; an empty side does not know it. */
export type TrialChange = {
  readonly kind: 'question' | 'leaf'
  readonly id: string
  readonly words: string
  readonly before: string
  readonly after: string
}

/** tryForests walks two forests over the same moment: what counts and what is proposed, and where they differ. */
export function tryForests(
  moment: TrialMoment,
  trees: { readonly before: readonly TreeFile[]; readonly after: readonly TreeFile[] },
): { readonly before: Trial; readonly after: Trial; readonly changes: readonly TrialChange[] } {
  const forests = { before: grow(trees.before), after: grow(trees.after) }
  const made = {
    before: diagnosed(forests.before, moment),
    after: diagnosed(forests.after, moment),
  }
  return {
    before: trialOf(forests.before, made.before),
    after: trialOf(forests.after, made.after),
    changes: [...changedLeaves(forests, made), ...changedQuestions(forests, made)],
  }
}

type Both<T> = { readonly before: T; readonly after: T }

function grow(trees: readonly TreeFile[]): Forest {
  return growForest(
    trees.map(({ file, value }) => ({ name: file, tree: value })),
    '',
  )
}

function diagnosed(forest: Forest, moment: TrialMoment): Diagnosis {
  if ('expect' in moment) return runCase(forest, moment)
  const { looks, overrides, memory, atMs } = moment
  return diagnose({ forest, looks, overrides, memory, nowMs: atMs }).diagnosis
}

function trialOf(forest: Forest, diagnosis: Diagnosis): Trial {
  const asked = new Map(diagnosis.asked.map((it) => [it.id, it]))
  const words = (id: string): string => forest.questions.get(id)?.ask ?? id
  return {
    causes: diagnosis.causes.map((cause) => ({
      leaf: cause.leaf,
      title: forest.leaves.get(cause.leaf)?.title ?? cause.leaf,
      state: cause.state,
      severity: cause.severity,
      why: cause.why,
      explainedBy: cause.explainedBy,
      via: cause.via.map((id) => {
        const it = asked.get(id)
        const evidence = it ? `${it.evidence.value} ${it.evidence.predicate}`.trim() : ''
        return { id, ask: words(id), answer: it?.answer ?? 'unknown', evidence }
      }),
    })),
    excluded: diagnosis.excluded.length,
    unexplained: diagnosis.unexplained.map(words),
    severity: diagnosis.severity?.severity ?? null,
  }
}

function changedLeaves(forests: Both<Forest>, made: Both<Diagnosis>): readonly TrialChange[] {
  const state = (side: 'before' | 'after', id: string): string =>
    forests[side].leaves.has(id) ? stateIn(made[side], id) : ''
  return idsOf(forests.before.leaves, forests.after.leaves).flatMap((id) => {
    const words = (forests.after.leaves.get(id) ?? forests.before.leaves.get(id))?.title ?? id
    const [before, after] = [state('before', id), state('after', id)]
    return before === after ? [] : [{ kind: 'leaf' as const, id, words, before, after }]
  })
}

function changedQuestions(forests: Both<Forest>, made: Both<Diagnosis>): readonly TrialChange[] {
  const told = { before: answersOf(made.before), after: answersOf(made.after) }
  return idsOf(forests.before.questions, forests.after.questions).flatMap((id) => {
    const words = (forests.after.questions.get(id) ?? forests.before.questions.get(id))?.ask ?? id
    const [before, after] = [told.before.get(id) ?? '', told.after.get(id) ?? '']
    return before === after ? [] : [{ kind: 'question' as const, id, words, before, after }]
  })
}

const REACH_WORDS: Readonly<Record<Reach, string>> = { lit: 'on the path', open: 'behind an open door' }

function answersOf({ asked, reach }: Diagnosis): ReadonlyMap<string, string> {
  return new Map(
    asked.map(({ id, answer }) => {
      const way = reach[id]
      return [id, way === undefined ? answer : `${answer}, ${REACH_WORDS[way]}`]
    }),
  )
}

function idsOf(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): readonly string[] {
  return [...new Set([...after.keys(), ...before.keys()])]
}
