import { describe, expect, test } from 'vitest'
import type { ProbeOutcome, ServiceObservation } from '../model'
import { DEFAULT_HEALTH_POLICY as policy } from '../policy'
import { rateService } from './service'
import { known, later, serviceAt, t0, unknown } from './testing/observed'

function rate(change: Partial<ServiceObservation>, down = false) {
  return rateService({ service: serviceAt(t0, change), memory: { down }, policy, now: t0 })
}

function answer(kind: 'loading' | 'busy' | 'unhealthy' | 'refused' | 'error', status = 503) {
  const outcome: ProbeOutcome = { kind: 'not-ok', status, class: kind, body: '' }
  return { outcome: known(outcome) }
}

const silence: Partial<ServiceObservation> = {
  outcome: known<ProbeOutcome>({ kind: 'no-answer', cause: 'timeout' }),
  hits: 0,
}

describe('down and up', () => {
  test.each([
    [1, 'missing', 'unknown'],
    [2, 'missing', 'unknown'],
    [3, 'down', 'breach'],
  ])('H-SVC-01 after %i misses it is %s', (misses, state, rating) => {
    expect(rate({ ...silence, misses })).toMatchObject({ state, verdict: { rating } })
  })

  test('H-SVC-01 after being down one answer is not up, two are', () => {
    expect(rate({ hits: 1 }, true)).toMatchObject({ state: 'down', memory: { down: true } })
    expect(rate({ hits: 2 }, true)).toMatchObject({ state: 'up', memory: { down: false } })
  })

  test('H-VAL-02 a service nobody could probe is unknown, and one with an old answer is stale', () => {
    const never = rate({ outcome: unknown<ProbeOutcome>('source_unreachable') })
    expect(never).toMatchObject({ state: 'unknown', verdict: { rating: 'unknown' } })
    const now = later(policy.freshness.serviceMaxAgeSeconds + 1)
    const old = rateService({ service: serviceAt(t0), memory: undefined, policy, now })
    expect(old.verdict.rating).toBe('stale')
  })
})

describe('answers that are not ok', () => {
  test.each([
    ['busy', 'busy', 'warning', 'model.busy'],
    ['unhealthy', 'unhealthy', 'breach', 'service.unhealthy'],
    ['refused', 'refusing', 'unknown', 'service.refused'],
    ['error', 'unhealthy', 'breach', 'service.error'],
  ] as const)('H-SVC-02 %s is %s and %s', (kind, state, rating, code) => {
    expect(rate(answer(kind))).toMatchObject({ state, verdict: { rating, code } })
  })

  test('H-SVC-03 loading is a warning within its usual time and a breach after it', () => {
    const since = (seconds: number) => rate({ ...answer('loading'), notOkSince: later(-seconds) }).verdict
    expect(since(180)).toMatchObject({ rating: 'warning', code: 'model.loading' })
    expect(since(181)).toMatchObject({ rating: 'breach', code: 'model.loading' })
  })
})

test.each([
  ['healthy', 'up', 'clear'],
  ['degraded', 'degraded', 'warning'],
  ['unreachable', 'degraded', 'breach'],
  ['purple', 'degraded', 'unknown'],
])('H-SVC-04 a part that says "%s" makes the service %s, %s', (status, state, rating) => {
  const parts = [{ name: 'vastai', status: known(status) }]
  expect(rate({ parts })).toMatchObject({ state, verdict: { rating } })
})
