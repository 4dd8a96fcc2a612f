import { describe, expect, it } from 'vitest'
import { RUN_STATES, STATE_WORDS } from '@/lib/actions/model'
import { markOf, prettyBody, refreshMs, valueText } from './words'

describe('a run on the screen', () => {
  it('is marked as fine only when its effect was seen, exercised or written down', () => {
    expect(RUN_STATES.filter((state) => markOf(state) === 'clear')).toEqual([
      'reached',
      'exercised',
      'recorded',
    ])
  })
  it('has the mark of the unknown in the state that nobody knows, and in no other', () => {
    expect(RUN_STATES.filter((state) => markOf(state) === 'unknown')).toEqual(['unknown'])
  })
  it('is read again within two seconds while something goes on', () => {
    const soon = RUN_STATES.filter((state) => refreshMs(state) === 2_000)
    expect(soon).toEqual(['queued', 'capturing', 'sending', 'applied', 'unknown'])
  })
  it('has words for every state', () => {
    expect(RUN_STATES.filter((state) => STATE_WORDS[state] === '')).toEqual([])
  })
})

it.each([
  ['{"a":1}', '{\n  "a": 1\n}'],
  ['<methodCall/>', '<methodCall/>'],
  ['', ''],
])('the body %s is shown as it is sent, laid out when it is JSON', (body, shown) => {
  expect(prettyBody(body)).toBe(shown)
})

it.each([
  [null, 'not set'],
  [['a', 'b'], 'a, b'],
  [3, '3'],
  [{ a: 1 }, '{"a":1}'],
])('the value %j is read as %s', (value, shown) => {
  expect(valueText(value)).toBe(shown)
})
