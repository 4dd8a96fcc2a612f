import { type ItemEvent, marksOf, stateOf } from '@/lib/checklists/progress'
import type { HeldAction } from '@/lib/client/held'
import type { ItemData, ListData } from './types'

/** ShownList is a list with what waits in this browser laid over it. */
export type ShownList = Omit<ListData, 'items'> & { readonly items: readonly ItemData[] }

function deedOf(action: HeldAction): (ItemEvent & { readonly list: string }) | undefined {
  const { command, person, typedAtMs, id } = action
  if (command.name !== 'checklists.tick' && command.name !== 'checklists.untick') return undefined
  const { list, item, note = '' } = command.input
  const kind = command.name === 'checklists.untick' ? 'untick' : command.input.skip ? 'skip' : 'tick'
  return { id, list, item, kind, note, byId: person.id, by: person.handle, atMs: typedAtMs }
}

/** withHeld lays over a list what this person did while the server did not answer; refused deeds are left out. */
export function withHeld(list: ListData, held: readonly HeldAction[]): ShownList {
  const mine = held.filter(({ problem }) => problem === undefined)
  const deeds = mine.flatMap((action) => deedOf(action) ?? []).filter((deed) => deed.list === list.id)
  const isOpened = mine.some(
    ({ command }) => command.name === 'checklists.open' && command.input.list === list.id,
  )
  const items = list.items.map((item): ItemData => {
    const waiting = deeds.filter((deed) => deed.item === item.id)
    if (waiting.length === 0) return item
    const told = item.marks.map((mark, at): ItemEvent => ({ ...mark, id: `${at}`, item: item.id }))
    const marks = marksOf([...told, ...waiting])
    return { ...item, marks: [...marks], state: stateOf(marks), isWaiting: true }
  })
  const settled = items.filter((item) => item.state !== 'open').length
  const opening = mine[0]
  const openedAtMs = list.openedAtMs ?? (opening && (isOpened || deeds.length > 0) ? opening.typedAtMs : null)
  return {
    ...list,
    openedAtMs,
    items,
    settled,
    skipped: items.filter((item) => item.state === 'skipped').length,
    isDone: settled === list.total,
  }
}
