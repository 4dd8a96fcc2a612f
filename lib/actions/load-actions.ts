import type { Console } from '../console'
import { ACTIONS_KIND, TRIAGE_TREE_KIND } from '../runbooks/kinds'
import { entriesOf, type Runbooks } from '../runbooks/load'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import type { ActionRule } from './policy'

/** ActionRules are the actions of one good reading of the runbooks, by id. */
export type ActionRules = ReadonlyMap<string, ActionRule>

/** LeafRules are the leaves of the trees with the actions that they name: what counts before an incident has its triage. */
export type LeafRules = ReadonlyMap<
  string,
  { readonly title: string; readonly actions: readonly { readonly id: string; readonly title: string }[] }
>

type Loaded = { readonly rules: ActionRules; readonly leaves: LeafRules }

const loadedOf = new WeakMap<Runbooks, Loaded>()

/** loadActions gives the defined actions as they count now; while a runbook has a fault, those of the last good ones. */
export async function loadActions(console: Console, now: Date): Promise<Loaded> {
  const runbooks = (await lookAtRunbooks(console, now)).current()
  const known = loadedOf.get(runbooks)
  if (known) return known
  const rules = entriesOf(runbooks, ACTIONS_KIND).flatMap(({ value }) => value.actions)
  const leaves = entriesOf(runbooks, TRIAGE_TREE_KIND).flatMap(({ value }) => value.leaves)
  const loaded = {
    rules: new Map(rules.map((rule) => [rule.id, rule])),
    leaves: new Map(leaves.map(({ id, title, actions }) => [id, { title, actions }])),
  }
  loadedOf.set(runbooks, loaded)
  return loaded
}
