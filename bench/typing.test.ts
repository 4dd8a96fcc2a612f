import { expect, it } from 'vitest'
import { mostOf, mulberry, recoveryOf } from './typing'

const TYPED = { text: 'abcd', atMs: [100, 200, 300, 400] }

it.each([
  ['everything', 'abcd', '', { lostMs: 0, isForeign: false }],
  ['the character on its way too', 'abcde', 'e', { lostMs: 0, isForeign: false }],
  ['all but the last', 'abc', '', { lostMs: 50, isForeign: false }],
  ['nothing', '', '', { lostMs: 350, isForeign: false }],
  ['another text', 'axcd', '', { lostMs: 0, isForeign: true }],
  ['more than was typed', 'abcdz', 'e', { lostMs: 0, isForeign: true }],
])(
  '%s recovered after a kill is told by the oldest character that is missing',
  (_what, found, flight, want) => {
    expect(recoveryOf(TYPED, 450, found, flight)).toEqual(want)
  },
)

it('the most complete version counts', () => {
  expect(mostOf('a', ['aab', 'abab a', ''])).toBe(3)
  expect(mostOf('z', ['aab'])).toBe(0)
})

it('the same seed gives the same moments', () => {
  const [one, other] = [mulberry(7), mulberry(7)]
  const row = [one(), one(), one()]
  expect([other(), other(), other()]).toEqual(row)
  expect(row.every((value) => value >= 0 && value < 1)).toBe(true)
})
