import { describe, expect, it } from 'vitest'
import { withTail } from './record-tail'

const at = (...places: number[]) => places.map((seq) => ({ seq }))

describe('a page of the record that grows', () => {
  it.each([
    ['takes newer entries in front', at(3, 2), at(5, 4), at(5, 4, 3, 2)],
    ['takes an entry once, however often it is told', at(3, 2), at(4, 3), at(4, 3, 2)],
    ['stays as it is without newer ones', at(3, 2), at(), at(3, 2)],
    ['begins with the first entries of all', at(), at(2, 1), at(2, 1)],
  ])('%s', (_name, entries, tail, expected) => {
    expect(withTail({ entries, hasMore: false }, tail)).toEqual({ entries: expected, hasMore: false })
  })

  it('stays as long as a page, and says that older ones are elsewhere', () => {
    expect(withTail({ entries: at(3, 2, 1), hasMore: false }, at(4), 3)).toEqual({
      entries: at(4, 3, 2),
      hasMore: true,
    })
  })
})
