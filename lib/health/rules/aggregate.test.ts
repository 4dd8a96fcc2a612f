import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RATINGS, type Verdict } from '../model'
import { isUnread, worse, worst } from './aggregate'
import { verdictOf } from './testing/observed'

const verdict = fc.constantFrom(...RATINGS).map((rating) => verdictOf(rating))
const some = fc.array(verdict, { minLength: 1, maxLength: 12 })

test.each<[readonly Verdict['rating'][], Verdict['rating']]>([
  [[], 'unknown'],
  [['clear', 'clear'], 'clear'],
  [['clear', 'unknown'], 'unknown'],
  [['clear', 'stale'], 'stale'],
  [['stale', 'unknown'], 'unknown'],
  [['unknown', 'warning'], 'warning'],
  [['warning', 'breach', 'unknown'], 'breach'],
])('H-AGG-01 of %o the worst is %s', (ratings, expected) => {
  expect(worst(ratings.map((rating) => verdictOf(rating))).rating).toBe(expected)
})

test('H-AGG-02 adding an unknown or stale member never leaves an aggregate clear', () => {
  fc.assert(
    fc.property(
      some,
      fc.constantFrom('unknown' as const, 'stale' as const),
      fc.nat(),
      (members, rating, at) => {
        const more = members.toSpliced(at % (members.length + 1), 0, verdictOf(rating))
        expect(worst(more).rating).not.toBe('clear')
      },
    ),
  )
})

test('H-AGG-02 evidence that goes missing makes an aggregate neither clear nor louder than it was, if it spoke of trouble', () => {
  fc.assert(
    fc.property(some, fc.nat(), (members, at) => {
      const before = worst(members).rating
      const after = worst(members.with(at % members.length, verdictOf('unknown'))).rating
      expect(after).not.toBe('clear')
      if (!isUnread(before) && before !== 'clear') expect(worse(after, before)).toBeLessThanOrEqual(0)
      if (isUnread(after)) return
      expect(members.map((it) => it.rating)).toContain(after)
    }),
  )
})

test('H-AGG-02 the order of members does not matter', () => {
  fc.assert(
    fc.property(some, (members) => {
      expect(worst(members.toReversed()).rating).toBe(worst(members).rating)
    }),
  )
})
