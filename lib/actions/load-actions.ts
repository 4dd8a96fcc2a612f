import { ACTIONS_KIND, TRIAGE_TREE_KIND } from '../runbooks/kinds'
import { createRunbooks, entriesOf, type RunbookShelf, type Runbooks } from '../runbooks/load'
import type { ActionRule } from './policy'

/** ActionRules are the actions of one good reading of the runbooks, by id. */
export type ActionRules = ReadonlyMap<string, ActionRule>

/** LeafRules are the leaves of the trees with the actions that they name: what counts before an incident has its triage. */
export type LeafRules = ReadonlyMap<
  string,
  { readonly title: string; readonly actions: readonly { readonly id: string; readonly title: string }[] }
>

type Loaded = { readonly rules: ActionRules; readonly leaves: LeafRules }

const RELOAD_MS = 2_000

type Kept = { readonly shelf: Promise<RunbookShelf>; readAtMs: number }

const shelves = new Map<string, Kept>()
const loadedOf = new WeakMap<Runbooks, Loaded>()

/** loadActions gives the defined actions as the files stand, read anew every two seconds; while a file has a fault the last good ones count. */
export async function loadActions(dir: string, now: Date): Promise<Loaded> {
  let kept = shelves.get(dir)
  if (!kept) {
    kept = { shelf: createRunbooks({ dir, now }), readAtMs: now.getTime() }
    shelves.set(dir, kept)
  }
  const shelf = await kept.shelf
  if (Math.abs(now.getTime() - kept.readAtMs) >= RELOAD_MS) {
    kept.readAtMs = now.getTime()
    await shelf.reload(now)
  }
  const runbooks = shelf.current()
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
