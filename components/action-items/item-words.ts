import type { ItemKind, ItemState, Missing } from '@/lib/action-items/model'

/** KIND_WORDS name what an item is meant to do. */
export const KIND_WORDS: Readonly<Record<ItemKind, string>> = {
  prevent: 'Prevent',
  detect: 'Detect',
  mitigate: 'Mitigate',
  process: 'Process',
}

/** KIND_MEANINGS say it in full, for the form. */
export const KIND_MEANINGS: Readonly<Record<ItemKind, string>> = {
  prevent: 'Prevent: it can’t happen this way again',
  detect: 'Detect: we see it sooner',
  mitigate: 'Mitigate: it hurts less',
  process: 'Process: we work better together',
}

/** STATE_WORDS name how an item stands. */
export const STATE_WORDS: Readonly<Record<ItemState, string>> = {
  open: 'Open',
  done: 'Done',
  dropped: 'Dropped',
}

/** missingText says in words what an item still owes. */
export function missingText(missing: readonly Missing[]): string {
  const names: Readonly<Record<Missing, string>> = {
    kind: 'a kind',
    owner: 'an owner',
    'due date': 'a due date',
    'done-when': 'how you will know it is done',
  }
  const words = missing.map((one) => names[one])
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
