import { expect, test } from 'vitest'
import { shipped } from '../triage/testing/shipped'
import { type Entry, namedActions, namedLeaves, sinceBegun } from './named'

const { forest } = await shipped()

const entry = (kind: string, body: Record<string, unknown>, source = 'human'): Entry => ({
  kind,
  source,
  atMs: 1,
  body,
})

test.each([
  ['a note with a leaf', entry('note', { text: 'Cause: gpu.fell-off-bus.' }), ['gpu.fell-off-bus']],
  [
    'a decision with a title',
    entry('decision', { proposal: 'We say', outcome: 'cause: Provider outage' }),
    ['provider.outage'],
  ],
  ['a note that names no cause', entry('note', { text: 'gpu.fell-off-bus was ruled out' }), []],
  ['a word of the machine', entry('triage', { text: 'Cause: gpu.fell-off-bus' }, 'probe'), []],
])('D-SCO-04 %s names what it names', (_name, one, leaves) => {
  expect(namedLeaves([one], forest).map(({ leaf }) => leaf)).toEqual(leaves)
})

test.each([
  ['exercised', ['fallback.on']],
  ['reached', ['fallback.on']],
  ['recorded', ['fallback.on']],
  ['refused', []],
  ['cancelled', []],
])('D-SCO-07 an action that is %s counts so', (state, ids) => {
  const one = entry('action', { action: 'fallback.on', state }, 'action')
  expect(namedActions([one], forest).map(({ id }) => id)).toEqual(ids)
})

test('D-SCO-07 a decision takes an action by id', () => {
  const one = entry('decision', { proposal: 'fallback.on?', outcome: 'yes' })
  expect(namedActions([one], forest).map(({ id }) => id)).toEqual(['fallback.on'])
})

test('D-SCO-05 what the tree held when the incident began is of the time before, until it ends once', () => {
  const cause = (leaf: string) => ({ leaf, state: 'certain' })
  const moments = [
    { afterMs: 0, causes: [cause('telemetry.blind'), cause('gpu.driver')] },
    { afterMs: 1, causes: [cause('telemetry.blind')] },
    { afterMs: 2, causes: [] },
    { afterMs: 3, causes: [cause('telemetry.blind')] },
  ]
  const held = sinceBegun(moments, new Set(['gpu.driver'])).map(({ leaf, afterMs }) => `${leaf} ${afterMs}`)
  expect(held).toEqual(['gpu.driver 0', 'telemetry.blind 3'])
})
