import { describe, expect, test } from 'vitest'
import type { ApiFigures, ProviderPage } from '../model'
import { DEFAULT_HEALTH_POLICY as policy } from '../policy'
import { rateApi } from './api'
import { burnOf, rateCredit } from './credit'
import { ratePage } from './page'
import { apiAt, instanceAt, known, later, t0, unknown } from './testing/observed'

describe("the provider's API", () => {
  test.each<[string, Partial<ApiFigures>, string]>([
    ['5xx at 10 per minute', { serverErrorsPerMinute: known(10) }, 'clear'],
    ['5xx above 10 per minute', { serverErrorsPerMinute: known(10.1) }, 'breach'],
    ['one 401 in ten minutes', { authErrorsPerMinute: known(0.1) }, 'breach'],
    ['429 at 5 per minute', { rateLimitedPerMinute: known(5) }, 'clear'],
    ['429 above 5 per minute', { rateLimitedPerMinute: known(6) }, 'breach'],
    ['errors at 1 %', { errorRatioPercent: known(1) }, 'clear'],
    ['errors above 1 %', { errorRatioPercent: known(1.1) }, 'warning'],
    ['errors above 5 %', { errorRatioPercent: known(5.1) }, 'breach'],
    ['p95 above 500 ms', { latencyMsP95: known(501) }, 'warning'],
    ['p95 above 1000 ms', { latencyMsP95: known(1_001) }, 'breach'],
    ['p99 at 5000 ms', { latencyMsP99: known(5_000) }, 'clear'],
    ['p99 above 5000 ms', { latencyMsP99: known(5_001) }, 'breach'],
  ])('H-API-01 %s', (_name, change, rating) => {
    expect(rateApi({ api: apiAt(t0, change), policy, now: t0 }).overall.rating).toBe(rating)
  })

  test.each<[string, Partial<ApiFigures>, string]>([
    ['unread', { serverErrorsPerMinute: unknown<number>('source_unreachable') }, 'unknown'],
    ['old', { serverErrorsPerMinute: known(0, later(-301)) }, 'stale'],
    ['not a number', { latencyMsP99: known(Number.NaN) }, 'unknown'],
  ])('H-API-02 a figure that is %s keeps the whole from clear', (_name, change, rating) => {
    expect(rateApi({ api: apiAt(t0, change), policy, now: t0 }).overall.rating).toBe(rating)
  })
})

describe("the provider's page", () => {
  const page = (change: Partial<ProviderPage>): ProviderPage => ({
    indicator: known('none' as const),
    description: '',
    incidents: [],
    machineReadable: true,
    ...change,
  })
  const incident = { id: '1', name: 'EU network', status: 'investigating', impact: 'major' }
  test.each<[string, ProviderPage, string]>([
    ['operational', page({}), 'clear'],
    ['operational with an open incident', page({ incidents: [incident] }), 'warning'],
    ['maintenance', page({ indicator: known('maintenance') }), 'warning'],
    ['minor', page({ indicator: known('minor') }), 'warning'],
    ['major', page({ indicator: known('major') }), 'breach'],
    ['critical', page({ indicator: known('critical') }), 'breach'],
    ['out of reach', page({ indicator: unknown('source_unreachable') }), 'unknown'],
    ['old', page({ indicator: known('none', later(-901)) }), 'stale'],
    ['for people only', page({ indicator: unknown('not_supported'), machineReadable: false }), 'unknown'],
  ])('H-PAG-01 %s', (_name, it, rating) => {
    expect(ratePage({ page: it, policy, now: t0 }).rating).toBe(rating)
  })
})

describe('credit', () => {
  const rate = (dollars: number, burn = 100) =>
    rateCredit({
      credit: { creditDollars: known(dollars), burnDollarsPerHour: known(burn) },
      policy,
      now: t0,
    })
  test.each([
    [6_710, 67.1, 'clear', 'account.clear'],
    [4_100, 41, 'clear', 'account.credit-watch'],
    [1_199, 11.99, 'warning', 'account.credit-low'],
    [299, 2.99, 'breach', 'account.credit-low'],
    [0, 0, 'breach', 'account.credit-exhausted'],
    [-5, 0, 'breach', 'account.credit-exhausted'],
  ])('H-CRD-01 $%i at 100 per hour leaves %d h: %s', (dollars, hours, rating, code) => {
    const rated = rate(dollars)
    expect(rated.runwayHours).toBeCloseTo(hours)
    expect(rated.verdict).toMatchObject({ rating, code })
  })

  test('H-CRD-01 nothing burning is an endless runway, and no credit is a breach without knowing the burn', () => {
    expect(rate(10, 0).runwayHours).toBe(Number.POSITIVE_INFINITY)
    const credit = { creditDollars: known(0), burnDollarsPerHour: unknown<number>('field_null') }
    expect(rateCredit({ credit, policy, now: t0 }).verdict.rating).toBe('breach')
  })

  test('H-CRD-02 runway is unknown when credit or burn is', () => {
    for (const credit of [
      { creditDollars: unknown<number>('source_refused'), burnDollarsPerHour: known(100) },
      { creditDollars: known(100), burnDollarsPerHour: unknown<number>('field_null') },
    ]) {
      const rated = rateCredit({ credit, policy, now: t0 })
      expect(rated.runwayHours).toBeUndefined()
      expect(rated.verdict.rating).toBe('unknown')
    }
  })

  test('H-CRD-02 burn counts running instances in full, stopped ones by their disk, and is unknown with one price', () => {
    const stopped = instanceAt(t0, {
      actual: known('stopped'),
      dollarsPerHour: unknown<number>('field_null'),
    })
    const sum = burnOf({ instances: [instanceAt(t0), stopped], now: t0 })
    expect(sum.kind === 'known' ? sum.value : undefined).toBeCloseTo(2.16)
    const blind = instanceAt(t0, { dollarsPerHour: unknown<number>('field_null') })
    expect(burnOf({ instances: [instanceAt(t0), blind], now: t0 })).toMatchObject({
      kind: 'unknown',
      why: 'field_null',
    })
  })
})
