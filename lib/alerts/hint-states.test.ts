import { describe, expect, it } from 'vitest'
import { type AlertState, statesOf, statesRef } from './hint-states'

const states = (count: number): readonly AlertState[] =>
  Array.from({ length: count }, (_, number) => ({
    id: `id-${number}`,
    status: number % 2 === 0 ? ('firing' as const) : ('resolved' as const),
  }))

describe('the states in a hint', () => {
  it.each([1, 2, 20])('come out as they went in: %i', (count) => {
    expect(statesOf(statesRef(states(count)))).toEqual(states(count))
  })

  it.each([
    ['many', states(21)],
    ['none', []],
    ['not known', undefined],
  ])('are left to the question when they are %s', (_name, given) => {
    expect(statesRef(given)).toBe('all')
    expect(statesOf('all')).toEqual([])
  })

  it.each(['', 'hooks', 'x=', '=firing', 'x=gone'])('are not read out of %j', (ref) => {
    expect(statesOf(ref)).toEqual([])
  })
})
