import { resolve } from 'node:path'
import { TRIAGE_CASES_KIND, TRIAGE_TREE_KIND } from '../../runbooks/kinds'
import { entriesOf, readRunbooks } from '../../runbooks/load'
import { type Forest, growForest } from '../forest'
import type { CaseFile, Tree } from '../policy'

/** shipped reads the trees and cases that the product ships; throws when they have a fault. */
export async function shipped(): Promise<{
  readonly forest: Forest
  readonly trees: readonly { readonly file: string; readonly value: Tree }[]
  readonly cases: readonly { readonly file: string; readonly value: CaseFile }[]
}> {
  const read = await readRunbooks({ dir: resolve('runbooks'), now: new Date(0) })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const trees = entriesOf(read.runbooks, TRIAGE_TREE_KIND).map(({ name, value }) => ({
    file: `triage/${name}.yaml`,
    value,
  }))
  const cases = entriesOf(read.runbooks, TRIAGE_CASES_KIND).map(({ name, value }) => ({
    file: `triage-cases/${name}.yaml`,
    value,
  }))
  const forest = growForest(
    trees.map(({ file, value }) => ({ name: file, tree: value })),
    'shipped',
  )
  return { forest, trees, cases }
}
