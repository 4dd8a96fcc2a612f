import type { Forest } from '../triage/forest'
import type { Played } from './score'

/** Entry is a line of an incident's record as the score reads it. */
export type Entry = {
  readonly kind: string
  readonly source: string
  readonly atMs: number
  readonly body: Readonly<Record<string, unknown>>
}

const SPOKEN: ReadonlySet<string> = new Set(['note', 'decision'])
// The states in which an action went out, was exercised, or was done by hand.
const DONE: ReadonlySet<unknown> = new Set([
  'applied',
  'unknown',
  'reached',
  'pending',
  'failed',
  'exercised',
  'recorded',
])

/** namedLeaves are the leaves that people named in notes and decisions as `Cause: …`, by id or title. */
export function namedLeaves(entries: readonly Entry[], forest: Forest): readonly Played['claims'][number][] {
  return entries
    .filter((entry) => SPOKEN.has(entry.kind))
    .flatMap((entry) => {
      const cause = /\bcause:\s*(.+)/i.exec(wordsOf(entry))?.[1]?.toLowerCase()
      if (cause === undefined) return []
      return [...forest.leaves.values()]
        .filter((leaf) => holdsWord(cause, leaf.id) || cause.includes(leaf.title.toLowerCase()))
        .map((leaf) => ({ leaf: leaf.id, atMs: entry.atMs, by: 'people' as const, state: 'named' }))
    })
}

/** namedActions are the actions that people took in the console, or named in a decision, by id or title. */
export function namedActions(
  entries: readonly Entry[],
  forest: Forest,
): readonly Played['actions'][number][] {
  const known = new Map(
    [...forest.leaves.values()].flatMap((leaf) =>
      leaf.actions.map(({ id, title }) => [id, title.toLowerCase()]),
    ),
  )
  return entries.flatMap((entry) => {
    if (entry.source === 'action') {
      const { action: id, state } = entry.body
      return typeof id === 'string' && DONE.has(state) ? [{ id, atMs: entry.atMs }] : []
    }
    if (entry.kind !== 'decision') return []
    const text = wordsOf(entry).toLowerCase()
    return [...known]
      .filter(([id, title]) => holdsWord(text, id) || text.includes(title))
      .map(([id]) => ({ id, atMs: entry.atMs }))
  })
}

function holdsWord(text: string, id: string): boolean {
  return text.split(/[^a-z0-9.-]+/).some((word) => word.replace(/\.+$/, '') === id)
}

function wordsOf({ body }: Entry): string {
  return [body.text, body.proposal, body.outcome].filter((part) => typeof part === 'string').join('\n')
}

/**
 * sinceBegun are the causes that the tree held, without those that it held when the incident began and that are no
 * truth of the drill: they are of the world before, for as long as they go on without a break.
 */
export function sinceBegun(
  moments: readonly {
    readonly afterMs: number
    readonly causes: readonly { readonly leaf: string; readonly state: string }[]
  }[],
  truthful: ReadonlySet<string>,
): readonly { readonly afterMs: number; readonly leaf: string; readonly state: string }[] {
  let before: ReadonlySet<string> = new Set(moments[0]?.causes.map(({ leaf }) => leaf))
  return moments.flatMap(({ afterMs, causes }) => {
    before = new Set(causes.map(({ leaf }) => leaf).filter((leaf) => before.has(leaf)))
    return causes
      .filter(({ leaf }) => truthful.has(leaf) || !before.has(leaf))
      .map(({ leaf, state }) => ({ afterMs, leaf, state }))
  })
}
