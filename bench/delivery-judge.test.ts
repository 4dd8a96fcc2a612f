import { expect, test } from 'vitest'
import type { Received } from '../simulator/outside/outside'
import { judge, type Sent } from './delivery-judge'

const sent = (changes: Partial<Sent> = {}): Sent => ({
  id: 'a',
  kind: 'slack-bot',
  step: 'post',
  state: 'delivered',
  isCovered: false,
  incident: 'k',
  ...changes,
})
const got = (target: Received['target'], what: string, mark = 'a'): Received => ({
  target,
  what,
  mark,
  at: '',
  text: '',
})

test.each([
  ['a reply that is there once', [sent()], [got('slack', 'chat.postMessage')], 0, 0],
  ['a reply that is not there', [sent()], [], 1, 0],
  [
    'a reply that is there twice',
    [sent()],
    [got('slack', 'chat.postMessage'), got('slack', 'chat.postMessage')],
    0,
    1,
  ],
  [
    'an edit made twice',
    [sent({ step: 'card' })],
    [got('slack', 'chat.update'), got('slack', 'chat.update')],
    0,
    0,
  ],
  ['an edit that a newer one covered', [sent({ step: 'card', isCovered: true })], [], 0, 0],
  ['a message that is still on its way', [sent({ state: 'retry' })], [], 1, 0],
  ['a failed one', [sent({ state: 'failed' })], [], 1, 0],
  [
    'an update of a page made twice',
    [sent({ kind: 'statuspage' })],
    [got('statuspage-manage', 'create'), got('statuspage-manage', 'update')],
    0,
    1,
  ],
  [
    'one alert with its repetition',
    [sent({ kind: 'pagerduty' })],
    [got('pagerduty', 'alert', 'k'), got('pagerduty', 'grouped', 'k')],
    0,
    0,
  ],
  [
    'two alerts of one incident',
    [sent({ kind: 'pagerduty' })],
    [got('pagerduty', 'alert', 'k'), got('pagerduty', 'alert', 'k')],
    0,
    1,
  ],
  [
    'an event that was repeated',
    [sent({ kind: 'webhook' })],
    [got('receiver', 'event'), got('receiver', 'repeat')],
    0,
    0,
  ],
  ['what waits for a person', [sent({ kind: 'slack-webhook', state: 'needs-person' })], [], 0, 0],
] as const)('%s', (_name, rows, received, lost, doubled) => {
  const judged = judge(rows, received)
  expect([judged.lost.length, judged.doubled.length]).toEqual([lost, doubled])
})
