import type { Console } from '../console'
import { MESSAGES_KIND } from '../runbooks/kinds'
import { entriesOf, type Runbooks } from '../runbooks/load'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import type { Template } from './policy'

/** Templates are the messages as the runbooks write them now, with the content hash that is kept with what comes of them. */
export type Templates = { readonly hash: string; readonly templates: readonly Template[] }

const loadedOf = new WeakMap<Runbooks, Templates>()

/** loadTemplates gives the templates as they count now; while a runbook has a fault, those of the last good ones. */
export async function loadTemplates(console: Console, now: Date): Promise<Templates> {
  const runbooks = (await lookAtRunbooks(console, now)).current()
  const known = loadedOf.get(runbooks)
  if (known) return known
  const templates = entriesOf(runbooks, MESSAGES_KIND).flatMap(({ value }) => value.templates)
  const loaded = { hash: runbooks.hash, templates }
  loadedOf.set(runbooks, loaded)
  return loaded
}
