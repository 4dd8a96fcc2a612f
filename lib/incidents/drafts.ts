/**
 * DraftSlot is what one writer (a tab that is open) has typed under a key. `rev` counts its changes; `seen` names the
 * slots that the text was built upon; a text of null says that the draft was sent or given up.
 */
export type DraftSlot = {
  readonly writer: string
  readonly rev: number
  readonly text: string | null
  readonly editedAtMs: number
  readonly seen: Readonly<Record<string, number>>
}

/** DRAFT_TEXT_LIMIT is the longest text of a draft in characters, DRAFT_SEEN_LIMIT how many slots one may be built upon. */
export const DRAFT_TEXT_LIMIT = 120_000
export const DRAFT_SEEN_LIMIT = 64

/**
 * DRAFT_KEY is what a draft is kept under on the server: something of an incident, a postmortem or an action item, or a
 * runbook that is being edited.
 */
export const DRAFT_KEY =
  /^((?:incident|postmortem|action-item):[a-z0-9-]{1,80}(:[a-z0-9-]{1,60})?|runbook:[a-z-]{1,40}\/[A-Za-z0-9._-]{1,80})$/

function isBuiltUpon(slot: DraftSlot, by: DraftSlot): boolean {
  return by !== slot && (by.seen[slot.writer] ?? 0) >= slot.rev
}

/** mergeSlots keeps the latest slot of each writer, whatever the order and however often they arrive. */
export function mergeSlots(...groups: readonly (readonly DraftSlot[])[]): readonly DraftSlot[] {
  const latest = new Map<string, DraftSlot>()
  for (const slot of groups.flat()) {
    if (slot.rev > (latest.get(slot.writer)?.rev ?? 0)) latest.set(slot.writer, slot)
  }
  return [...latest.values()]
}

/** superseded gives the slots that another one of the list was built upon: nothing of theirs is lost without them. */
export function superseded(slots: readonly DraftSlot[]): readonly DraftSlot[] {
  return slots.filter((slot) => slots.some((other) => isBuiltUpon(slot, other)))
}

/** Versions are the texts that stand under a key: the one to show to a writer, and every other that it does not contain. */
export type Versions = { readonly shown: DraftSlot | undefined; readonly others: readonly DraftSlot[] }

/** versionsFor shows a writer its own text while nobody built upon it, else the newest; equal texts count once. */
export function versionsFor(slots: readonly DraftSlot[], writer: string): Versions {
  const heads = slots
    .filter((slot) => slot.text !== null && !slots.some((other) => isBuiltUpon(slot, other)))
    .toSorted((a, b) => b.editedAtMs - a.editedAtMs || (a.writer < b.writer ? -1 : 1))
  const shown = heads.find((slot) => slot.writer === writer) ?? heads[0]
  return { shown, others: heads.filter((slot) => slot !== shown && slot.text !== shown?.text) }
}

/**
 * nextSlot is what a writer's slot becomes when the text changes. `basis` are the slots that the writer had before its
 * eyes: they count as taken over, and no other slot does.
 */
export function nextSlot(options: {
  readonly slots: readonly DraftSlot[]
  readonly basis: readonly DraftSlot[]
  readonly writer: string
  readonly text: string | null
  readonly nowMs: number
}): DraftSlot {
  const { slots, basis, writer, text, nowMs } = options
  const own = slots.find((slot) => slot.writer === writer)
  const seen: Record<string, number> = { ...own?.seen }
  for (const slot of basis) {
    for (const [who, rev] of [...Object.entries(slot.seen), [slot.writer, slot.rev] as const])
      if (who !== writer) seen[who] = Math.max(seen[who] ?? 0, rev)
  }
  const kept = Object.entries(seen).slice(-DRAFT_SEEN_LIMIT)
  return { writer, rev: (own?.rev ?? 0) + 1, text, editedAtMs: nowMs, seen: Object.fromEntries(kept) }
}
