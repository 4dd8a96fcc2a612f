import type { EventKind, Progress } from './progress'

/** Told is what the record is told of a deed: `what` chooses the words. */
export type Told = {
  readonly what: 'opened' | 'done' | 'reopened' | 'skipped' | 'noted' | 'taken-back'
  readonly list: string
  readonly title: string
  readonly settled: number
  readonly skipped: number
  readonly total: number
  readonly item: string
  readonly note: string
}

/** Deed is what was done to one item of a list, and how far the list was before and is after. */
export type Deed = {
  readonly list: { readonly id: string; readonly title: string }
  readonly item: { readonly text: string }
  readonly kind: EventKind
  readonly note: string
  readonly before: Progress
  readonly after: Progress
}

/**
 * tellingOf says what the record is told of a deed: that a list is done, or no longer is; what is skipped and why; what
 * somebody noted. A plain tick is told to nobody: the list itself shows it.
 */
export function tellingOf(deed: Deed): Told | undefined {
  const what = whatOf(deed)
  if (what === undefined) return undefined
  const { list, item, note, after } = deed
  const { settled, skipped, total } = after
  return { what, list: list.id, title: list.title, settled, skipped, total, item: item.text, note }
}

function whatOf({ kind, note, before, after }: Deed): Told['what'] | undefined {
  if (!before.isDone && after.isDone) return 'done'
  if (before.isDone && !after.isDone) return 'reopened'
  if (kind === 'skip') return 'skipped'
  if (note === '') return undefined
  return kind === 'tick' ? 'noted' : 'taken-back'
}
