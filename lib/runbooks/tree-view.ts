import type { Checklist, Leaf, Question, Tree } from '../triage/policy'
import { basisWords } from '../triage/policy-words'

/** TargetView is where a branch leads, in words. */
export type TargetView = {
  readonly id: string
  readonly words: string
  readonly kind: 'question' | 'leaf' | 'clear'
}

/** QuestionView is a question in reading form. */
export type QuestionView = {
  readonly id: string
  readonly ask: string
  readonly isSymptom: boolean
  readonly isRoot: boolean
  readonly basis: ReturnType<typeof basisWords>
  readonly yes: readonly TargetView[]
  readonly no: readonly TargetView[]
  /** besides are looked at when the answer is unknown, with both branches. */
  readonly besides: readonly TargetView[]
}

/** LeafView is a diagnosis in reading form. */
export type LeafView = Pick<
  Leaf,
  'id' | 'title' | 'plane' | 'severity' | 'means' | 'actions' | 'checklist' | 'messages'
> & {
  readonly raises: readonly { readonly to: string; readonly when: string }[]
  readonly requires: readonly TargetView[]
  readonly supports: readonly TargetView[]
  readonly against: readonly TargetView[]
  readonly explains: readonly TargetView[]
}

/** TreeView is one tree in reading form. */
export type TreeView = {
  readonly title: string
  readonly order: number
  readonly roots: readonly string[]
  readonly questions: readonly QuestionView[]
  readonly leaves: readonly LeafView[]
  readonly checklists: readonly Checklist[]
}

/** treeView puts a tree in words; `forest` are all trees, whose questions and leaves it may name. */
export function treeView(tree: Tree, forest: readonly Tree[]): TreeView {
  const asks = new Map(forest.flatMap((one) => one.questions.map((it) => [it.id, it.ask] as const)))
  const titles = new Map(forest.flatMap((one) => one.leaves.map((it) => [it.id, it.title] as const)))
  const target = (id: string): TargetView => {
    const title = titles.get(id)
    if (title !== undefined) return { id, words: title, kind: 'leaf' }
    return id === 'clear'
      ? { id, words: 'nothing here', kind: 'clear' }
      : { id, words: asks.get(id) ?? id, kind: 'question' }
  }
  return {
    title: tree.title,
    order: tree.order,
    roots: tree.roots,
    questions: tree.questions.map((question) => questionView(question, tree, target)),
    leaves: tree.leaves.map((leaf) => ({
      ...leaf,
      raises: leaf.raises.map(({ to, when }) => ({ to, when: asks.get(when) ?? when })),
      requires: leaf.requires.map(target),
      supports: leaf.supports.map(target),
      against: leaf.against.map(target),
      explains: leaf.explains.map(target),
    })),
    checklists: tree.checklists,
  }
}

function questionView(question: Question, tree: Tree, target: (id: string) => TargetView): QuestionView {
  const besides = Array.isArray(question.unknown) ? question.unknown.filter((it) => it !== 'both') : []
  return {
    id: question.id,
    ask: question.ask,
    isSymptom: question.symptom,
    isRoot: tree.roots.includes(question.id),
    basis: basisWords(question),
    yes: (question.yes ?? []).map(target),
    no: (question.no ?? []).map(target),
    besides: besides.map(target),
  }
}
