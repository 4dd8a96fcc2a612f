import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ItemEvent, isRepeat, marksOf, progressOf, stateOf } from './progress'
import { tellingOf } from './told'

const T0 = Date.UTC(2026, 10, 18, 2, 29)
let keys = 0

function deed(kind: ItemEvent['kind'], who: string, minute: number, item = 'a', note = ''): ItemEvent {
  keys += 1
  return { id: `k${keys}`, item, kind, byId: who, by: who, atMs: T0 + minute * 60_000, note }
}

const ITEMS = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }))

const someDeed: fc.Arbitrary<ItemEvent> = fc.record({
  id: fc.uuid(),
  item: fc.constantFrom('a', 'b', 'c'),
  kind: fc.constantFrom('tick' as const, 'skip' as const, 'untick' as const),
  byId: fc.constantFrom('ana', 'li', 'bo'),
  by: fc.constantFrom('ana', 'li', 'bo'),
  atMs: fc.integer({ min: T0, max: T0 + 5 }),
  note: fc.constant(''),
})

describe('how far a list is', () => {
  it('C-TICK-01 in whatever order deeds arrive, the list comes to the same', () => {
    fc.assert(
      fc.property(fc.array(someDeed, { maxLength: 14 }), fc.infiniteStream(fc.nat()), (deeds, order) => {
        const shuffled = deeds
          .map((one) => ({ one, place: order.next().value ?? 0 }))
          .sort((a, b) => a.place - b.place)
          .map(({ one }) => one)
        expect(progressOf(ITEMS, shuffled)).toEqual(progressOf(ITEMS, deeds))
      }),
    )
  })

  it('C-TICK-02 two people’s ticks of one item are one tick that shows both', () => {
    const marks = marksOf([deed('tick', 'ana', 1), deed('tick', 'li', 2)])
    expect(marks.map(({ by }) => by)).toEqual(['ana', 'li'])
    expect(progressOf(ITEMS, [deed('tick', 'ana', 1), deed('tick', 'li', 2)]).settled).toBe(1)
  })

  it('C-TICK-02 the same person’s second tick changes nothing', () => {
    const once = marksOf([deed('tick', 'ana', 1)])
    expect(isRepeat(once, { kind: 'tick', byId: 'ana' })).toBe(true)
    expect(isRepeat(once, { kind: 'tick', byId: 'li' })).toBe(false)
    expect(isRepeat([], { kind: 'untick', byId: 'li' })).toBe(true)
    expect(marksOf([deed('tick', 'ana', 1), deed('tick', 'ana', 3)])).toHaveLength(1)
  })

  it('C-TICK-03 taking back ends what was done before it and nothing that was done after', () => {
    const late = [deed('untick', 'li', 5), deed('tick', 'ana', 1), deed('tick', 'bo', 6)]
    expect(marksOf(late).map(({ by }) => by)).toEqual(['bo'])
    expect(stateOf(marksOf([deed('tick', 'ana', 1), deed('untick', 'li', 5)]))).toBe('open')
  })

  it('C-TICK-04 a skipped item counts as settled until somebody does it', () => {
    const skipped = progressOf(ITEMS, [deed('skip', 'ana', 1, 'b', 'no fallback here')])
    expect(skipped).toMatchObject({ settled: 1, skipped: 1, isDone: false })
    const done = progressOf(ITEMS, [deed('skip', 'ana', 1, 'b', 'no'), deed('tick', 'li', 2, 'b')])
    expect(done).toMatchObject({ settled: 1, skipped: 0 })
  })

  it('a deed on an item that the list has not is left out', () => {
    expect(progressOf(ITEMS, [deed('tick', 'ana', 1, 'z')])).toMatchObject({ settled: 0, total: 5 })
  })
})

describe('what the record is told', () => {
  const list = { id: 'l', title: 'Provider outage' }
  const item = { text: 'The first public notice is out' }
  const at = (settled: number) =>
    progressOf(
      ITEMS,
      ITEMS.slice(0, settled).map(({ id }) => deed('tick', 'ana', 1, id)),
    )
  it.each([
    ['C-REC-01 nothing of a plain tick', 'tick', '', 1, 2, undefined],
    ['C-REC-01 nothing of a plain taking back', 'untick', '', 2, 1, undefined],
    ['C-REC-02 a note with a tick', 'tick', 'posted at 02:11', 1, 2, 'noted'],
    ['C-REC-02 why a tick is taken back', 'untick', 'was the wrong page', 2, 1, 'taken-back'],
    ['C-REC-02 what is skipped and why', 'skip', 'no fallback here', 1, 2, 'skipped'],
    ['C-REC-03 that the list is done', 'tick', '', 4, 5, 'done'],
    ['C-REC-03 that the list is no longer done', 'untick', '', 5, 4, 'reopened'],
  ] as const)('%s', (_name, kind, note, before, after, what) => {
    const told = tellingOf({ list, item, kind, note, before: at(before), after: at(after) })
    expect(told?.what).toBe(what)
    if (told) expect(told).toMatchObject({ title: 'Provider outage', settled: after, total: 5 })
  })
})
