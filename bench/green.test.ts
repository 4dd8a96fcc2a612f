import { expect, test } from 'vitest'
import { tooOld } from './green'

const limits = { dcgm: 4, vast: 8 }

test('a green cell is too old once its reading has passed its source’s limit and the grace', () => {
  const cells = [
    { source: 'dcgm', what: 'young', at: 95 },
    { source: 'dcgm', what: 'old', at: 93 },
    { source: 'vast', what: 'young for its source', at: 93 },
    { source: 'vast', what: 'never read', at: 0 },
  ]
  expect(tooOld(cells, { limits, now: 100, grace: 2 }).map(({ what }) => what)).toEqual(['old', 'never read'])
})

test('a green cell of a source without a limit is never young enough', () => {
  const cells = [{ source: 'nothing', what: 'green out of nothing', at: 99 }]
  expect(tooOld(cells, { limits, now: 100, grace: 0 })).toHaveLength(1)
})
