import { describe, expect, test } from 'vitest'
import { median, quantile, ratio } from './numbers'

describe('a quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

  test.each<[number, number]>([
    [0, 1],
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
  ])('at %d of 1…100 is %d', (share, value) => {
    expect(quantile(hundred, share)).toBe(value)
  })

  test('of few samples is never better than the worst that its rank reaches', () => {
    expect(quantile([1, 2, 3, 4, 900], 0.99)).toBe(900)
  })

  test('of nothing is unknown', () => {
    expect(quantile([], 0.5)).toBeUndefined()
  })
})

describe('a median', () => {
  test('lies between the two middle samples', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })
  test('leaves its samples in their order', () => {
    const samples = [3, 1, 2]
    median(samples)
    expect(samples).toEqual([3, 1, 2])
  })
})

test('a ratio without its reference is unknown', () => {
  expect(ratio(1, undefined)).toBeUndefined()
  expect(ratio(1, 0)).toBeUndefined()
  expect(ratio(3, 2)).toBe(1.5)
})
