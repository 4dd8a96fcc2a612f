import { expect, it } from 'vitest'
import { withStates } from './linked-states'

const page = {
  counts: { firing: 9, resolved: 1, unknown: 1 },
  hasMore: true,
  rows: [
    { id: 'a', status: 'firing' as const },
    { id: 'b', status: 'resolved' as const },
    { id: null, status: 'unknown' as const },
  ],
}

it('an alert that is told to be over stands so at once, and is counted so', () => {
  expect(withStates(page, [{ id: 'a', status: 'resolved' }])).toEqual({
    ...page,
    counts: { firing: 8, resolved: 2, unknown: 1 },
    rows: [{ id: 'a', status: 'resolved' }, page.rows[1], page.rows[2]],
  })
})

it.each([
  ['what stands so already', [{ id: 'b', status: 'resolved' as const }]],
  ['an alert of another page', [{ id: 'z', status: 'resolved' as const }]],
  ['nothing', []],
])('%s changes nothing', (_name, states) => {
  expect(withStates(page, states)).toEqual(page)
})
