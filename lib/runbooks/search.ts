import type { Tree } from '../triage/policy'
import { labelOf } from './settings-view'

/** FoundKind says what was found. */
export type FoundKind = 'tree' | 'question' | 'leaf' | 'checklist' | 'item' | 'action' | 'scenario' | 'text'

/** Entry is one thing that can be found: `anchor` is its place on the runbook's page. */
export type Entry = {
  readonly path: string
  readonly kind: FoundKind
  readonly anchor: string
  readonly id: string
  readonly words: string
  /** around is what it belongs to. */
  readonly around: string
}

/** treeEntries gives everything in a tree that can be found. */
export function treeEntries(path: string, tree: Tree): readonly Entry[] {
  const entry = (kind: FoundKind, id: string, words: string, more: Partial<Entry> = {}): Entry => ({
    path,
    kind,
    anchor: id,
    id,
    words,
    around: tree.title,
    ...more,
  })
  return [
    entry('tree', '', tree.title, { anchor: '', around: '' }),
    ...tree.questions.map((it) =>
      entry('question', it.id, `${it.ask}${it.person === undefined ? '' : ` ${it.person}`}`),
    ),
    ...tree.leaves.flatMap((leaf) => [
      entry('leaf', leaf.id, `${leaf.title}. ${leaf.means}`),
      ...leaf.actions.map(({ id, title }) =>
        entry('action', id, title, { anchor: leaf.id, around: leaf.title }),
      ),
    ]),
    ...tree.checklists.flatMap((list) => [
      entry('checklist', list.id, list.title, { anchor: `checklist-${list.id}` }),
      ...list.items.map((item) =>
        entry('item', item.id, `${item.text}${item.hint === undefined ? '' : ` ${item.hint}`}`, {
          anchor: `checklist-${list.id}`,
          around: list.title,
        }),
      ),
    ]),
  ]
}

/** ActionWords is what is found of an action. */
export type ActionWords = {
  readonly id: string
  readonly title: string
  readonly command: string
  readonly steps: readonly string[]
  readonly effect: string
  readonly undo: string
}

/** actionEntries gives each action of a file as one thing. */
export function actionEntries(
  path: string,
  file: { readonly title: string; readonly actions: readonly ActionWords[] },
): readonly Entry[] {
  return file.actions.map(({ id, title, command, steps, effect, undo }) => ({
    path,
    kind: 'action',
    anchor: id,
    id,
    words: [`${title}.`, command, ...steps, effect, undo].filter((words) => words !== '').join(' '),
    around: file.title,
  }))
}

/** textEntries gives every text of a value of any other shape, by its place in the file. */
export function textEntries(path: string, value: unknown, title: string): readonly Entry[] {
  const found: Entry[] = []
  function visit(at: unknown, way: readonly string[]): void {
    if (found.length >= 2_000) return
    if (Array.isArray(at)) {
      const above = way.length === 1 && at.some((one) => typeof one === 'object') ? [] : way
      for (const [index, one] of at.entries()) visit(one, [...above, labelOf(one, index)])
    } else if (at !== null && typeof at === 'object') {
      for (const [key, one] of Object.entries(at)) visit(one, [...way, key])
    } else if (at !== undefined && at !== null && at !== '') {
      const id = way.join('.')
      found.push({ path, kind: 'text', anchor: way[0] ?? '', id, words: String(at), around: title })
    }
  }
  visit(value, [])
  return found
}

/** findEntries gives what holds every word of the query, ids and exact beginnings first. */
export function findEntries(
  entries: readonly Entry[],
  query: string,
  limit: number,
): { readonly found: readonly Entry[]; readonly total: number } {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return { found: [], total: 0 }
  const scored = entries.flatMap((entry) => {
    const id = entry.id.toLowerCase()
    const text = `${id} ${entry.words} ${entry.around}`.toLowerCase()
    if (!words.every((word) => text.includes(word))) return []
    const own = `${id} ${entry.words}`.toLowerCase()
    const score =
      (id === query.toLowerCase() ? 8 : 0) +
      (words.every((word) => own.includes(word)) ? 4 : 0) +
      (words.every((word) => own.split(/[^a-z0-9]+/).some((part) => part.startsWith(word))) ? 2 : 0) +
      (entry.kind === 'text' ? 0 : 1)
    return [{ entry, score }]
  })
  const found = scored.sort((a, b) => b.score - a.score).slice(0, limit)
  return { found: found.map(({ entry }) => entry), total: scored.length }
}
