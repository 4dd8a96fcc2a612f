import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DraftSlot, mergeSlots, nextSlot, superseded, versionsFor } from './drafts'

const T0 = Date.UTC(2026, 10, 18, 2)

type Desk = { slots: readonly DraftSlot[] }

function type(desk: Desk, writer: string, text: string | null, basis?: readonly DraftSlot[]): DraftSlot {
  const { shown } = versionsFor(desk.slots, writer)
  const slot = nextSlot({
    slots: desk.slots,
    basis: basis ?? (shown === undefined ? [] : [shown]),
    writer,
    text,
    nowMs: T0 + desk.slots.reduce((sum, one) => sum + one.rev, 0),
  })
  desk.slots = mergeSlots(desk.slots, [slot])
  return slot
}

function textsFor(
  desk: Desk,
  writer: string,
): { shown: string | null | undefined; others: (string | null)[] } {
  const { shown, others } = versionsFor(desk.slots, writer)
  return { shown: shown?.text, others: others.map(({ text }) => text) }
}

describe('drafts of several tabs', () => {
  it('a tab that is opened after a crash shows what the dead one typed and goes on from there', () => {
    const desk: Desk = { slots: [] }
    type(desk, 'a', 'half a th')
    expect(textsFor(desk, 'b')).toEqual({ shown: 'half a th', others: [] })
    type(desk, 'b', 'half a thought')
    expect(textsFor(desk, 'c')).toEqual({ shown: 'half a thought', others: [] })
  })

  it('two tabs that typed without seeing each other both keep their text', () => {
    const mine: Desk = { slots: [] }
    const theirs: Desk = { slots: [] }
    type(mine, 'a', 'drain host 8841')
    type(theirs, 'b', 'roll back the driver')
    const both: Desk = { slots: mergeSlots(mine.slots, theirs.slots) }
    expect(textsFor(both, 'a')).toEqual({ shown: 'drain host 8841', others: ['roll back the driver'] })
    expect(textsFor(both, 'b')).toEqual({ shown: 'roll back the driver', others: ['drain host 8841'] })
    type(both, 'a', 'drain host 8841 now')
    expect(textsFor(both, 'a').others).toEqual(['roll back the driver'])
  })

  it('choosing one of two versions ends the choice everywhere', () => {
    const desk: Desk = { slots: [] }
    type(desk, 'a', 'one', [])
    type(desk, 'b', 'two', [])
    const { shown, others } = versionsFor(desk.slots, 'a')
    type(desk, 'a', 'two', [...(shown ? [shown] : []), ...others])
    for (const writer of ['a', 'b', 'c']) expect(textsFor(desk, writer)).toEqual({ shown: 'two', others: [] })
  })

  it('what was sent is gone in every tab, and an older copy that arrives late does not bring it back', () => {
    const desk: Desk = { slots: [] }
    const late = type(desk, 'a', 'sent text')
    type(desk, 'b', null)
    expect(textsFor(desk, 'a')).toEqual({ shown: undefined, others: [] })
    desk.slots = mergeSlots(desk.slots, [late])
    expect(textsFor(desk, 'a')).toEqual({ shown: undefined, others: [] })
  })

  it('text typed while the same draft was sent elsewhere is kept', () => {
    const desk: Desk = { slots: [] }
    const first = type(desk, 'a', 'sent')
    type(desk, 'a', 'sent and more')
    type(desk, 'b', null, [first])
    expect(textsFor(desk, 'c')).toEqual({ shown: 'sent and more', others: [] })
  })

  it('equal texts are no conflict', () => {
    const desk: Desk = { slots: [] }
    type(desk, 'a', 'same', [])
    type(desk, 'b', 'same', [])
    expect(textsFor(desk, 'a')).toEqual({ shown: 'same', others: [] })
  })

  it('no text is ever lost unless somebody who saw it wrote on or sent it, whatever arrives when', () => {
    const step = fc.record({
      writer: fc.constantFrom('a', 'b', 'c'),
      /** knows is which slots have reached this tab before it types. */
      knows: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
      isSent: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const desks: Record<string, Desk> = { a: { slots: [] }, b: { slots: [] }, c: { slots: [] } }
        const typed: DraftSlot[] = []
        const taken = new Set<DraftSlot>()
        steps.forEach(({ writer, knows, isSent }, index) => {
          const desk = desks[writer] ?? { slots: [] }
          desk.slots = mergeSlots(desk.slots, ...knows.map((other) => desks[other]?.slots ?? []))
          const { shown } = versionsFor(desk.slots, writer)
          const own = desk.slots.find((slot) => slot.writer === writer)
          if (shown) taken.add(shown)
          if (own) taken.add(own)
          typed.push(type(desk, writer, isSent && shown ? null : `text ${index}`))
        })
        const all: Desk = {
          slots: mergeSlots(...Object.values(desks).map(({ slots }) => slots)),
        }
        const { shown, others } = versionsFor(all.slots, 'd')
        const visible = new Set([shown, ...others].map((slot) => slot?.text))
        for (const slot of typed)
          if (slot.text !== null && !taken.has(slot)) expect(visible).toContain(slot.text)
      }),
      { numRuns: 500 },
    )
  })

  it('superseded names what may be deleted without a visible change', () => {
    const desk: Desk = { slots: [] }
    type(desk, 'a', 'one')
    type(desk, 'b', 'one two')
    type(desk, 'c', 'other', [])
    const gone = superseded(desk.slots)
    expect(gone.map(({ writer }) => writer)).toEqual(['a'])
    const rest = { slots: desk.slots.filter((slot) => !gone.includes(slot)) }
    expect(textsFor(rest, 'd')).toEqual(textsFor(desk, 'd'))
  })
})
