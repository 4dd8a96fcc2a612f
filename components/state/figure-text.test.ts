import { describe, expect, test } from 'vitest'
import type { Figure } from '@/lib/health/wire'
import { amount, dollars, limitWords, shownValue } from './figure-text'

const figure: Figure = { value: 1840, unit: 'ms', rating: 'breach', at: 1, source: 'Prometheus', limit: 1000 }

describe('a figure', () => {
  test('is grouped and keeps one decimal at most', () => {
    expect([amount(1840), amount(38.24), amount(0)]).toEqual(['1,840', '38.2', '0'])
  })
  test('zero is a value, not a missing one', () => {
    expect(shownValue({ ...figure, value: 0, last: 7 })).toEqual({ value: 0, isOld: false })
  })
  test('an unknown figure shows its last value only as old', () => {
    expect(shownValue({ ...figure, value: null, rating: 'unknown', last: 7 })).toEqual({
      value: 7,
      isOld: true,
    })
  })
  test('an unknown figure that was never read shows no number', () => {
    expect(shownValue({ ...figure, value: null, rating: 'unknown' })).toEqual({ value: null, isOld: false })
  })
  test('carries its limit in words, and no limit when there is none', () => {
    expect(limitWords(figure)).toBe('> 1,000')
    expect(limitWords({ ...figure, limit: undefined })).toBeUndefined()
  })
})

test('money shows cents only where they matter', () => {
  expect([dollars(0.2), dollars(99.994), dollars(203.1), dollars(13_522.4)]).toEqual([
    '$0.20',
    '$99.99',
    '$203',
    '$13,522',
  ])
})
