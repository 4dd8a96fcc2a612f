import type { ShownList } from './with-held'

export const KIND_WORDS = {
  'read-do': 'read, do, one at a time',
  'do-confirm': 'do, then confirm each',
} as const

/** progressWords says how far a list is: "4 of 7", with what was skipped. */
export function progressWords({ settled, total, skipped, isDone }: ShownList): string {
  const far = isDone ? `done, ${settled} of ${total}` : `${settled} of ${total}`
  return skipped === 0 ? far : `${far}, ${skipped} skipped`
}
