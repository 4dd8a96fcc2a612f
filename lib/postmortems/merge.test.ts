import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeTexts } from './merge'

describe('mergeTexts', () => {
  it.each([
    ['a\nb\nc', 'A\nb\nc', 'a\nb\nC', 'A\nb\nC', true],
    ['a\nb', 'a\nb\nmine', 'theirs\na\nb', 'theirs\na\nb\nmine', true],
    ['a', 'a', 'b', 'b', true],
    ['a', 'b', 'a', 'b', true],
    ['a', 'same', 'same', 'same', true],
    ['a\nx', 'b\nx', 'c\nx', 'c\n\nb\nx', false],
    ['', 'mine', 'theirs', 'theirs\n\nmine', false],
    ['a\nb\nc', 'a\nc', 'a\nB\nc', 'a\nB\nc', false],
  ] as const)('PM-MRG-01 over %j, %j and %j come to %j', (base, mine, theirs, text, isClean) => {
    expect(mergeTexts(base, mine, theirs)).toEqual({ text, isClean })
  })

  it('PM-MRG-02 no line that either wrote is missing, whatever was changed', () => {
    const line = fc.constantFrom('one', 'two', 'three', 'four', '', 'five')
    const text = fc.array(line, { maxLength: 8 })
    const fresh = (who: string) =>
      fc.tuple(text, fc.nat(8), fc.nat(3)).map(([kept, at, count]) => ({
        at,
        kept,
        added: Array.from({ length: count }, (_, n) => `${who} ${n}`),
      }))
    fc.assert(
      fc.property(text, fresh('mine'), fresh('theirs'), (base, mine, theirs) => {
        const written = (edit: typeof mine) =>
          [...base.slice(0, edit.at), ...edit.added, ...base.slice(edit.at + edit.kept.length)].join('\n')
        const merged = mergeTexts(base.join('\n'), written(mine), written(theirs)).text.split('\n')
        for (const one of [...mine.added, ...theirs.added]) expect(merged).toContain(one)
      }),
      { numRuns: 2_000 },
    )
  })
})
