import { expect, test } from 'vitest'
import { agentState } from './agent-state'

const now = 1_000_000

test.each([
  ['an ended token is not healthy, however fresh its report', true, now - 5, 'unknown'],
  ['an agent that never reported is unknown', false, 0, 'unknown'],
  ['a report within the minute is clear', false, now - 60, 'clear'],
  ['an older report is stale, not clear', false, now - 61, 'stale'],
] as const)('%s', (_name, revoked, lastReportAt, rating) => {
  expect(agentState({ revoked, lastReportAt, nowSeconds: now }).rating).toBe(rating)
})
