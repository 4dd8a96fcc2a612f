import { branchTargets, type Forest, hasBranches } from './forest'
import type { Asked, Reach } from './model'
import { CLEAR } from './policy'

/** Walked is what the answers reach, and from which question each thing was reached first. */
export type Walked = {
  readonly reach: ReadonlyMap<string, Reach>
  readonly from: ReadonlyMap<string, string | undefined>
}

/**
 * walk follows the answers from every root. Plain answers light their branch; unknown and stale open both branches, and
 * what lies behind an open door stays open. An unknown therefore never lights the no branch.
 */
export function walk(forest: Forest, asked: ReadonlyMap<string, Asked>): Walked {
  const reach = new Map<string, Reach>()
  const from = new Map<string, string | undefined>()
  const waiting: { readonly id: string; readonly how: Reach; readonly parent: string | undefined }[] =
    forest.roots.map((id) => ({ id, how: 'lit', parent: undefined }))
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { id, how, parent } = next
    const before = reach.get(id)
    if (id === CLEAR || before === 'lit' || before === how) continue
    reach.set(id, how)
    from.set(id, parent)
    const question = forest.questions.get(id)
    if (!question || !hasBranches(question)) continue
    const answer = asked.get(id)?.answer ?? 'unknown'
    const plain = answer === 'yes' || answer === 'no'
    for (const target of branchTargets(question, plain ? answer : 'unknown')) {
      waiting.push({ id: target, how: plain ? how : 'open', parent: id })
    }
  }
  return { reach, from }
}

/** wayTo is the path of questions from a root to a leaf or question, which is left out itself. */
export function wayTo(id: string, walked: Walked): readonly string[] {
  const way: string[] = []
  for (let at = walked.from.get(id); at !== undefined && !way.includes(at); at = walked.from.get(at))
    way.unshift(at)
  return way
}
