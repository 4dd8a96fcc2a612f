import { TRIAGE_TREE_KIND } from '../runbooks/kinds'
import { contentHash, entriesOf, type Runbooks } from '../runbooks/load'
import { type Forest, growForest } from './forest'
import { treeSchema } from './policy'
import { checkForest } from './policy-check'

/** forestOf gives the trees of a good reading of the runbooks, with the content hash under which a run pins them. */
export function forestOf(runbooks: Runbooks): Forest {
  const trees = entriesOf(runbooks, TRIAGE_TREE_KIND).map(({ name, value }) => ({ name, tree: value }))
  return growForest(trees, contentHash(trees))
}

/** storedForest rebuilds pinned trees; undefined when they no longer fit what this version can walk. */
export function storedForest(body: unknown, hash: string): Forest | undefined {
  if (!Array.isArray(body)) return undefined
  const trees: { name: string; tree: ReturnType<typeof treeSchema.parse> }[] = []
  for (const one of body) {
    const parsed = treeSchema.safeParse(one?.tree)
    if (!parsed.success || typeof one?.name !== 'string') return undefined
    trees.push({ name: one.name, tree: parsed.data })
  }
  const faults = checkForest(trees.map(({ name, tree }) => ({ file: name, value: tree })))
  return faults.length > 0 ? undefined : growForest(trees, hash)
}
