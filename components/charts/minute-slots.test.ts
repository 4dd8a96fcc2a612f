import { expect, test } from 'vitest'
import { minuteSlots } from './minute-slots'

test('a minute without a row is a gap in its own place', () => {
  expect(minuteSlots({ t: [60, 180], values: [1, 3], until: 240, minutes: 4 })).toEqual([null, 1, null, 3])
})

test('a figure that was unknown in a minute is a gap, and a known zero is not', () => {
  expect(minuteSlots({ t: [0, 60], values: [null, 0], until: 120, minutes: 2 })).toEqual([null, 0])
})

test('minutes outside the span are left out', () => {
  expect(minuteSlots({ t: [0, 60, 120], values: [1, 2, 3], until: 120, minutes: 1 })).toEqual([2])
})
