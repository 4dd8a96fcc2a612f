import { expect, it } from 'vitest'
import { nextBeatMs } from './presence'

it.each([
  ['the first goes at once', { nowMs: 5_000, lastMs: undefined, isChanged: false }, 0],
  ['the next follows after 20 s', { nowMs: 5_000, lastMs: 5_000, isChanged: false }, 20_000],
  ['a change goes at once when 15 s have passed', { nowMs: 20_000, lastMs: 5_000, isChanged: true }, 0],
  ['a change waits for the least time', { nowMs: 6_000, lastMs: 5_000, isChanged: true }, 14_000],
  ['a beat that is late goes at once', { nowMs: 90_000, lastMs: 5_000, isChanged: false }, 0],
])('%s', (_what, beat, wait) => {
  expect(nextBeatMs(beat)).toBe(wait)
})
