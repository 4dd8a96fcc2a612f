import { describe, expect, test } from 'vitest'
import type { QueueObservation } from '../model'
import { DEFAULT_HEALTH_POLICY as policy } from '../policy'
import { type QueueMemory, rateQueue } from './queue'
import { known, later, queueAt, t0, unknown } from './testing/observed'

type Look = { readonly s: number; readonly change?: Partial<QueueObservation> }

function watch(looks: readonly Look[]) {
  let memory: QueueMemory | undefined
  let rated: ReturnType<typeof rateQueue> | undefined
  for (const { s, change } of looks) {
    const now = later(s)
    rated = rateQueue({ queue: queueAt(now, change), memory, policy, now })
    memory = rated.memory
  }
  return rated
}

const dead = { pollers: known([{ identity: '812@C.1', lastAt: later(-121) }]) }

describe('states', () => {
  test.each<[string, Partial<QueueObservation>, string, string]>([
    ['nothing waits, workers poll', { backlog: known(0) }, 'idle', 'clear'],
    ['work is taken', {}, 'busy', 'clear'],
    ['the oldest task is past 2 min', { oldestSeconds: known(250) }, 'backlogged', 'warning'],
    ['the oldest task is past 10 min', { oldestSeconds: known(601) }, 'backlogged', 'breach'],
    ['nothing waits, nobody polls', { backlog: known(0), pollers: known([]) }, 'no-workers', 'warning'],
    ['work waits, nobody polls', { pollers: known([]) }, 'no-workers', 'breach'],
    ['a rate limit holds it', { rateLimited: known(true) }, 'throttled', 'warning'],
    ['the age is unread', { oldestSeconds: unknown<number>('field_absent') }, 'busy', 'unknown'],
  ])('H-QUE-02 when %s', (_name, change, state, rating) => {
    const rated = watch([{ s: 0, change }])
    expect(rated?.state).toBe(state)
    expect(rated?.verdict.rating).toBe(rating)
  })

  test('H-QUE-02 it is stalled when nothing was taken for 2 min and nobody polls', () => {
    const look = (s: number): Look => ({
      s,
      change: { dispatchPerSecond: known(0, later(s)), pollers: known([], later(s)) },
    })
    expect(watch([look(0), look(119)])?.state).toBe('no-workers')
    expect(watch([look(0), look(120)])).toMatchObject({ state: 'stalled', verdict: { rating: 'breach' } })
  })

  test('H-QUE-01 an unread or old backlog is neither zero nor idle', () => {
    const refused = watch([{ s: 0, change: { backlog: unknown<number>('source_refused') } }])
    expect(refused).toMatchObject({ state: 'unknown', verdict: { rating: 'unknown' } })
    const old = watch([{ s: 46, change: { backlog: known(0, t0) } }])
    expect(old).toMatchObject({ state: 'unknown', verdict: { rating: 'stale' } })
    const pollers = watch([{ s: 0, change: { backlog: known(0), pollers: unknown('source_error') } }])
    expect(pollers?.verdict.rating).toBe('unknown')
  })
})

test('H-QUE-03 growth counts when held for 5 min; an unread rate keeps the clock, a known opposite resets it', () => {
  const rates = (s: number, add: number): Look => ({ s, change: { addPerSecond: known(add, later(s)) } })
  const blind = (s: number): Look => ({ s, change: { addPerSecond: unknown<number>('field_absent') } })
  expect(watch([rates(0, 2), rates(299, 2)])?.state).toBe('busy')
  expect(watch([rates(0, 2), blind(150), rates(300, 2)])).toMatchObject({
    state: 'backlogged',
    verdict: { rating: 'warning' },
  })
  expect(watch([rates(0, 2), rates(150, 1), rates(300, 2)])?.state).toBe('busy')
})

test('H-QUE-04 a poller that is listed but has not polled for 120 s is no worker', () => {
  expect(watch([{ s: 0, change: dead }])).toMatchObject({ state: 'no-workers', freshPollers: 0 })
  expect(watch([{ s: 0 }])?.freshPollers).toBe(1)
})

test('H-QUE-05 a queue nobody ever used is a suspect name, not an idle queue', () => {
  const change = { backlog: known(0), pollers: known([]), everSeen: false }
  expect(watch([{ s: 0, change }])).toMatchObject({ state: 'never-seen', verdict: { rating: 'warning' } })
})
