import type { Forest } from './forest'
import type {
  Answer,
  Asked,
  Cause,
  Diagnosis,
  Evidence,
  LeafState,
  Override,
  Reach,
  SeverityWord,
} from './model'
import { findProbe } from './probes'

/** QuestionView is a question on the screen: what was asked, the answer, and what it rests on. */
export type QuestionView = {
  readonly id: string
  readonly ask: string
  readonly title: string
  readonly answer: Answer
  readonly machine: Answer
  readonly override: Override | null
  readonly evidence: Evidence
  readonly sinceMs: number | null
  readonly reach: Reach | null
  readonly isNode: boolean
  /** how tells a person how to find out what no source can. */
  readonly how: string
}

/** CauseView is a diagnosis on the screen with what to do about it. */
export type CauseView = Cause & {
  readonly title: string
  readonly plane: string
  readonly means: string
  readonly actions: readonly { readonly id: string; readonly title: string }[]
  readonly checklist: {
    readonly id: string
    readonly title: string
    readonly kind: 'read-do' | 'do-confirm'
    readonly items: readonly {
      readonly id: string
      readonly text: string
      readonly hint?: string | undefined
    }[]
  } | null
  readonly messages: readonly string[]
}

/** causeView puts a cause in words. */
export function causeView(forest: Forest, cause: Cause): CauseView {
  const leaf = forest.leaves.get(cause.leaf)
  const checklist = leaf ? forest.checklists.get(leaf.checklist) : undefined
  return {
    ...cause,
    title: leaf?.title ?? cause.leaf,
    plane: leaf?.plane ?? 'none',
    means: leaf?.means ?? '',
    actions: leaf?.actions ?? [],
    checklist: checklist ?? null,
    messages: leaf?.messages ?? [],
  }
}

/** questionViews puts the questions of these ids, and the parts of combined ones, in words. */
export function questionViews(
  forest: Forest,
  diagnosis: Diagnosis,
  ids: ReadonlySet<string>,
): Readonly<Record<string, QuestionView>> {
  const asked = new Map(diagnosis.asked.map((it) => [it.id, it]))
  const wanted = new Set<string>()
  function want(id: string): void {
    const it = asked.get(id)
    if (!it || wanted.has(id)) return
    wanted.add(id)
    for (const part of it.evidence.parts) want(part)
  }
  for (const id of ids) want(id)
  const views: Record<string, QuestionView> = {}
  for (const id of wanted) {
    const it = asked.get(id)
    if (it) views[id] = questionView(forest, it, diagnosis.reach[id] ?? null)
  }
  return views
}

function questionView(forest: Forest, it: Asked, reach: Reach | null): QuestionView {
  const question = forest.questions.get(it.id)
  return {
    ...it,
    ask: question?.ask ?? it.id,
    title:
      question?.probe === undefined
        ? (question?.ask ?? it.id)
        : (findProbe(question.probe)?.title ?? question.ask),
    reach,
    isNode: question?.yes !== undefined,
    how: question?.person ?? '',
  }
}

/** neededQuestions are those that the screen shows: on the way to what is not excluded, for and against it, and the trunk's. */
export function neededQuestions(forest: Forest, diagnosis: Diagnosis): ReadonlySet<string> {
  const ids = new Set<string>(forest.trees[0]?.tree.roots ?? [])
  for (const cause of diagnosis.causes) {
    for (const id of [...cause.via, ...cause.for, ...cause.against, ...cause.open]) ids.add(id)
  }
  for (const id of diagnosis.unexplained) ids.add(id)
  return ids
}

/** firmOf are the leaves that are certain or likely, in order, as `leaf state`. */
export function firmOf(diagnosis: Diagnosis): readonly string[] {
  return diagnosis.causes.filter(isFirm).map((cause) => `${cause.leaf} ${cause.state}`)
}

/** isFirm tells causes to act on from those that are only possible. */
export function isFirm(cause: { readonly state: LeafState }): boolean {
  return cause.state === 'certain' || cause.state === 'likely'
}

/** headline says in one line what triage makes of the moment. */
export function headline(
  causes: readonly {
    readonly title: string
    readonly state: LeafState
    readonly explainedBy: string | null
    readonly severity: SeverityWord
  }[],
): string {
  const roots = causes.filter((cause) => isFirm(cause) && cause.explainedBy === null)
  if (roots.length === 0) {
    const open = causes.filter((cause) => cause.state === 'possible').length
    return open === 0
      ? 'No known pattern.'
      : `Nothing is certain yet; ${open} ${open === 1 ? 'cause is' : 'causes are'} possible.`
  }
  const [first, ...others] = roots
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `${first?.title ?? ''}${more}, ${first?.state ?? ''}.`
}
