import type { Checklist, Leaf, Question, Tree } from './policy'

/** Forest is all trees together with their indexes; `hash` is the content hash under which a run pins it. */
export type Forest = {
  readonly hash: string
  readonly trees: readonly { readonly name: string; readonly tree: Tree }[]
  readonly questions: ReadonlyMap<string, Question>
  readonly leaves: ReadonlyMap<string, Leaf>
  readonly checklists: ReadonlyMap<string, Checklist>
  readonly roots: readonly string[]
  /** order holds every question after those on which its answer rests. */
  readonly order: readonly string[]
}

/** restsOn names the questions of which a question's answer is made. */
export function restsOn(question: Question): readonly string[] {
  if (question.allOf) return question.allOf
  if (question.anyOf) return question.anyOf
  if (question.not !== undefined) return [question.not]
  return question.held ? [question.held.of] : []
}

/** branchTargets gives where an answer leads; unknown leads to both branches and to what is listed besides. */
export function branchTargets(question: Question, branch: 'yes' | 'no' | 'unknown'): readonly string[] {
  if (branch !== 'unknown') return question[branch] ?? []
  const besides = Array.isArray(question.unknown) ? question.unknown.filter((it) => it !== 'both') : []
  return [...(question.yes ?? []), ...(question.no ?? []), ...besides]
}

/** hasBranches tells a node of the tree from a question that only gives evidence. */
export function hasBranches(question: Question): boolean {
  return question.yes !== undefined || question.no !== undefined || question.unknown !== undefined
}

/** growForest joins checked trees in their order; it expects what `checkForest` has passed. */
export function growForest(
  trees: readonly { readonly name: string; readonly tree: Tree }[],
  hash: string,
): Forest {
  const ordered = [...trees].sort((a, b) => a.tree.order - b.tree.order || (a.name < b.name ? -1 : 1))
  const questions = new Map(ordered.flatMap(({ tree }) => tree.questions.map((it) => [it.id, it] as const)))
  return {
    hash,
    trees: ordered,
    questions,
    leaves: new Map(ordered.flatMap(({ tree }) => tree.leaves.map((it) => [it.id, it] as const))),
    checklists: new Map(ordered.flatMap(({ tree }) => tree.checklists.map((it) => [it.id, it] as const))),
    roots: ordered.flatMap(({ tree }) => tree.roots),
    order: evaluationOrder(questions),
  }
}

function evaluationOrder(questions: ReadonlyMap<string, Question>): readonly string[] {
  const done = new Set<string>()
  const begun = new Set<string>()
  function visit(id: string): void {
    const question = questions.get(id)
    if (!question || begun.has(id)) return
    begun.add(id)
    for (const part of restsOn(question)) visit(part)
    done.add(id)
  }
  for (const id of questions.keys()) visit(id)
  return [...done]
}
