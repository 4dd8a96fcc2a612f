import { describe, expect, it } from 'vitest'
import type { HeldAction } from '@/lib/client/held'
import type { ListData } from './types'
import { withHeld } from './with-held'

const T0 = Date.UTC(2026, 10, 18, 2, 29)
const LIST: ListData = {
  id: 'provider-fails',
  title: 'The provider fails',
  kind: 'do-confirm',
  version: 'v1',
  openedAtMs: null,
  openedBy: '',
  settled: 0,
  skipped: 0,
  total: 2,
  isDone: false,
  items: [
    { id: 'a', text: 'A', hint: '', state: 'open', marks: [] },
    { id: 'b', text: 'B', hint: '', state: 'open', marks: [] },
  ],
}

function held(command: HeldAction['command'], minute: number, changes: Partial<HeldAction> = {}): HeldAction {
  return {
    order: minute,
    id: `k${minute}`,
    person: { id: 'p-ana', handle: 'ana' },
    incident: { id: 'i1', name: 'INC-0001' },
    command,
    typedAtMs: T0 + minute * 60_000,
    ...changes,
  }
}

const at = { incidentId: 'i1', list: 'provider-fails' }

describe('C-HELD-01 a list while the server does not answer', () => {
  it('shows what waits as done, by whom and when, and the list as open', () => {
    const shown = withHeld(LIST, [held({ name: 'checklists.tick', input: { ...at, item: 'a' } }, 1)])
    expect(shown).toMatchObject({ settled: 1, isDone: false, openedAtMs: T0 + 60_000 })
    expect(shown.items[0]).toMatchObject({
      state: 'done',
      isWaiting: true,
      marks: [{ by: 'ana', atMs: T0 + 60_000 }],
    })
    expect(shown.items[1]).toEqual(LIST.items[1])
  })

  it('shows the last word of a tick that was taken back and a skip', () => {
    const shown = withHeld(LIST, [
      held({ name: 'checklists.tick', input: { ...at, item: 'a' } }, 1),
      held({ name: 'checklists.untick', input: { ...at, item: 'a' } }, 2),
      held({ name: 'checklists.tick', input: { ...at, item: 'b', skip: true, note: 'not ours' } }, 3),
    ])
    expect(shown.items.map(({ state }) => state)).toEqual(['open', 'skipped'])
    expect(shown).toMatchObject({ settled: 1, skipped: 1 })
  })

  it('leaves out what the server refused, and deeds on other lists', () => {
    const problem = { type: '', title: '', status: 409, detail: '', code: 'conflict', instance: '' } as const
    const refused = held({ name: 'checklists.tick', input: { ...at, item: 'a' } }, 1, { problem })
    const other = held({ name: 'checklists.tick', input: { ...at, list: 'pods', item: 'a' } }, 2)
    expect(withHeld(LIST, [refused, other])).toMatchObject({ settled: 0, openedAtMs: null })
  })
})
