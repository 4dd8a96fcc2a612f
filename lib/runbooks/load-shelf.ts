import type { Console } from '../console'
import { sqlOf } from '../platform/sql'
import { createRunbooks, type RunbookShelf } from './load'
import { readGoodTexts } from './store'
import { readStanding } from './version-store'

const shelves = new WeakMap<Console, Promise<RunbookShelf>>()

/** lookAtRunbooks gives this process's shelf, read anew: files and approved edits as they are now. */
export async function lookAtRunbooks(console: Console, now: Date): Promise<RunbookShelf> {
  const known = shelves.get(console)
  if (known) {
    const shelf = await known
    await shelf.reload(now)
    return shelf
  }
  const made = openShelf(console, now)
  shelves.set(console, made)
  made.catch(() => shelves.delete(console))
  return made
}

/** openShelf makes a shelf of the configured directory with the approved edits over it. */
export function openShelf(console: Console, now: Date): Promise<RunbookShelf> {
  return createRunbooks({
    dir: console.env.WATCHFLOOR_RUNBOOKS,
    now,
    edits: () => readStanding(sqlOf(console.hot)),
    kept: () => readGoodTexts(console),
  })
}
