import { describe, expect, test } from 'vitest'
import { heldRows } from './held-rows'

const keyOf = (row: string) => row

describe('a live list', () => {
  test('shows its first rows at once', () => {
    expect(heldRows({ rows: ['b', 'a'], keyOf, seen: undefined })).toEqual({ shown: ['b', 'a'], waiting: 0 })
  })
  test('lets new rows wait, so nothing moves under the pointer', () => {
    expect(heldRows({ rows: ['d', 'c', 'b', 'a'], keyOf, seen: new Set(['a', 'b']) })).toEqual({
      shown: ['b', 'a'],
      waiting: 2,
    })
  })
  test('drops rows that left the list', () => {
    expect(heldRows({ rows: ['b'], keyOf, seen: new Set(['a', 'b']) }).shown).toEqual(['b'])
  })
})
