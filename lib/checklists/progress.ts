/** EVENT_KINDS are what may be done to an item of a checklist. */
export const EVENT_KINDS = ['tick', 'skip', 'untick'] as const

/** EventKind is one of them. */
export type EventKind = (typeof EVENT_KINDS)[number]

/** ItemEvent is one deed on one item, in any order; `atMs` is when it was done, `id` the writer's own key. */
export type ItemEvent = {
  readonly id: string
  readonly item: string
  readonly kind: EventKind
  readonly byId: string
  readonly by: string
  readonly atMs: number
  readonly note: string
}

/** Mark is somebody's tick, or their word that the item is skipped and why. */
export type Mark = {
  readonly kind: 'tick' | 'skip'
  readonly byId: string
  readonly by: string
  readonly atMs: number
  readonly note: string
}

/** ItemState is done once anybody ticked it, skipped when somebody said why it is left out, open otherwise. */
export type ItemState = 'open' | 'done' | 'skipped'

/** Progress is how far a list is: marks by item, and how many items are settled (done or skipped). */
export type Progress = {
  readonly marks: Readonly<Record<string, readonly Mark[]>>
  readonly settled: number
  readonly skipped: number
  readonly total: number
  readonly isDone: boolean
}

const RANK: Readonly<Record<EventKind, number>> = { untick: 0, skip: 1, tick: 2 }

/** inOrder sorts deeds by when they were done; at the same instant taking back comes first, then skipping, then the key decides. */
function inOrder(a: ItemEvent, b: ItemEvent): number {
  return a.atMs - b.atMs || RANK[a.kind] - RANK[b.kind] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/** marksOf folds the deeds on one item: taking back ends every mark made before it, one mark a person stands. */
export function marksOf(events: readonly ItemEvent[]): readonly Mark[] {
  let marks: Mark[] = []
  for (const { kind, byId, by, atMs, note } of [...events].sort(inOrder)) {
    if (kind === 'untick') marks = []
    else if (!marks.some((mark) => mark.byId === byId && mark.kind === kind)) {
      marks = [...marks.filter((mark) => mark.byId !== byId), { kind, byId, by, atMs, note }]
    }
  }
  return marks
}

/** stateOf judges an item by its marks: a tick weighs more than a skip. */
export function stateOf(marks: readonly Mark[]): ItemState {
  if (marks.some((mark) => mark.kind === 'tick')) return 'done'
  return marks.length > 0 ? 'skipped' : 'open'
}

/** progressOf folds all deeds on a list, whatever order they arrived in; deeds on items that it has not are left out. */
export function progressOf(
  items: readonly { readonly id: string }[],
  events: readonly ItemEvent[],
): Progress {
  const marks = Object.fromEntries(
    items.map(({ id }) => [id, marksOf(events.filter((event) => event.item === id))] as const),
  )
  const states = items.map(({ id }) => stateOf(marks[id] ?? []))
  const settled = states.filter((state) => state !== 'open').length
  return {
    marks,
    settled,
    skipped: states.filter((state) => state === 'skipped').length,
    total: items.length,
    isDone: settled === items.length,
  }
}

/** isRepeat tells whether a deed would change nothing: the same person's same mark stands, or nothing is there to take back. */
export function isRepeat(standing: readonly Mark[], deed: Pick<ItemEvent, 'kind' | 'byId'>): boolean {
  if (deed.kind === 'untick') return standing.length === 0
  return standing.some((mark) => mark.byId === deed.byId && mark.kind === deed.kind)
}
