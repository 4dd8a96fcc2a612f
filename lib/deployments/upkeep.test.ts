import { describe, expect, test } from 'vitest'
import { canaryOf, noCanary, reachOf } from './exposure'
import { judgeItem } from './judge'
import type { Looks } from './looks'
import type { Plan, Target } from './model'
import { serviceSchema, targetSchema } from './policy-services'
import { alarmAt, chanceToSee, powerOf, requestsToSee } from './power'
import { rotated, type SecretRow, secretStanding } from './secrets'
import { EMPTY_SERIES, SIZING_RULES, type SizingSeries, sizingStep } from './sizing'

const DAY_MS = 86_400_000
const secret: SecretRow = {
  rotatedAtMs: 0,
  everyDays: 90,
  state: 'current',
  dualUntilMs: undefined,
  consumers: [{ name: 'web' }, { name: 'worker' }],
}

describe('rotation', () => {
  test.each([
    ['is current at first', 75 * DAY_MS, 'current'],
    ['is due two weeks before its quarter is over', 76 * DAY_MS, 'due_soon'],
    ['is overdue after it', 90 * DAY_MS, 'overdue'],
  ])('a secret %s (D-SEC-1)', (_name, nowMs, standing) => {
    expect(secretStanding(secret, nowMs)).toBe(standing)
  })

  test('the old value goes only when every consumer has the new one (D-SEC-3)', () => {
    const begun = rotated(secret, { step: 'begin', dualHours: 24 }, 1_000)
    if (!begun.ok) throw new Error(begun.why)
    expect(rotated(begun.row, { step: 'finish' }, 2_000)).toMatchObject({ ok: false })
    const one = rotated(begun.row, { step: 'restarted', consumer: 'web' }, 2_000)
    if (!one.ok) throw new Error(one.why)
    expect(one.row.state).toBe('rotating')
    const both = rotated(one.row, { step: 'restarted', consumer: 'worker' }, 3_000)
    if (!both.ok) throw new Error(both.why)
    expect(rotated(both.row, { step: 'finish' }, 4_000)).toMatchObject({
      ok: true,
      row: { state: 'current', rotatedAtMs: 4_000 },
    })
  })
})

describe('sizing', () => {
  const [cpu] = SIZING_RULES
  const seen = (values: readonly (number | undefined)[]): SizingSeries =>
    values.reduce<SizingSeries>(
      (series, value, at) => (cpu ? sizingStep(series, cpu, { value, atMs: at * 60_000 }) : series),
      EMPTY_SERIES,
    )
  test('sixteen minutes above 70 % argue for more, and one good minute between them only delays it (D-SIZ-1)', () => {
    expect(seen(Array(16).fill(80)).trigger.phase).toBe('firing')
    expect(seen([...Array(8).fill(80), 60, ...Array(7).fill(80)]).trigger.phase).toBe('pending')
    expect(seen([...Array(8).fill(80), 60, ...Array(8).fill(80)]).trigger.phase).toBe('firing')
  })
  test('missing values argue for nothing (D-SIZ-2)', () => {
    expect(seen(Array(40).fill(undefined)).trigger.phase).toBe('inactive')
    expect(seen([...Array(10).fill(80), ...Array(4).fill(undefined)]).trigger.phase).toBe('indeterminate')
  })
})

describe('power', () => {
  const question = { baseline: 0.01, falseAlarm: 0.01 }
  test.each([
    [0.05, 0.8, 157],
    [0.05, 0.9, 209],
    [0.05, 0.95, 234],
    [0.1, 0.8, 42],
    [0.1, 0.9, 65],
    [0.1, 0.95, 76],
    [0.2, 0.8, 14],
    [0.2, 0.9, 25],
    [0.2, 0.95, 30],
  ])('errors of %d are seen with %d from %i requests on (D-POW-1)', (rate, chance, requests) => {
    expect(requestsToSee(rate, chance, question)).toBe(requests)
  })
  test('the alarm of a healthy version is rare, counted out by hand (D-POW-2)', () => {
    const least = alarmAt(60, 0.01, 0.01)
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k)
    const below = Array.from({ length: least }, (_, k) => choose(60, k) * 0.01 ** k * 0.99 ** (60 - k))
    expect(1 - below.reduce((sum, it) => sum + it, 0)).toBeLessThan(0.01)
    expect(Math.round(100 * chanceToSee(60, 0.1, question))).toBe(86)
  })
  test('sixty requests a minute at 10 % for ten minutes see 10 % errors and not 5 %', () => {
    const power = powerOf({ requestsPerMinute: 60, share: 0.1, minutes: 10, baselinePercent: 1 })
    expect(power).toMatchObject({ requests: 60, minutesFor5: 27, requestsFor5: 157 })
    expect(power.lines.map(({ rate, isSeen }) => [rate, isSeen])).toEqual([
      [0.2, true],
      [0.1, true],
      [0.05, false],
    ])
  })
})

describe('exposure', () => {
  const plain: Target = {
    provider: 'kubernetes',
    name: 'production',
    namespace: 'production',
    deployment: 'api',
    canaryDeployment: 'api-canary',
    share: 'replicas',
  }
  test.each([
    [1, 50],
    [2, 33],
    [3, 25],
    [5, 17],
    [9, 10],
    [10, 10],
  ])('10 %% over %i replicas is %i %% (D-EXP-1)', (units, percent) => {
    expect(Math.round(reachOf(plain, units, 10).achievable * 100)).toBe(percent)
  })
  test('one machine, one instance or no canary deployment can only go at once (D-EXP-2)', () => {
    const { canaryDeployment: _none, ...bare } = plain
    expect(canaryOf(bare, 9).isPossible).toBe(false)
    expect(canaryOf({ provider: 'fly', name: 'production', app: 'api' }, 1).isPossible).toBe(false)
    const vast: Extract<Target, { provider: 'vast' }> = {
      provider: 'vast',
      name: 'gpu',
      instances: [],
      mode: 'in-place',
      image: 'by-tag',
    }
    expect(canaryOf(vast, 1).isPossible).toBe(false)
    expect(reachOf(vast, 4, 10).words).toBe('1 of 4')
    const beside = { ...vast, mode: 'second-instance' } as const
    expect(canaryOf(beside, 1).why).toContain('a second one has to run beside it first')
    expect(reachOf(beside, 1, 10)).toMatchObject({ achievable: 1, words: '100 % at once' })
    expect(canaryOf(beside, 2).isPossible).toBe(true)
  })
})

describe('a share by weight (D-EXP-4)', () => {
  const weighted = {
    provider: 'kubernetes',
    name: 'production',
    namespace: 'production',
    deployment: 'api',
    canaryDeployment: 'api-canary',
    share: 'gateway',
    route: 'api',
  } as const
  test.each([1, 3, 9])('is exact over %i replicas', (units) => {
    expect(reachOf(weighted, units, 10)).toMatchObject({ achievable: 0.1, words: 'by the weight of api' })
  })
  test('is no share when what splits it is not there, and says so', () => {
    const why = 'production: HTTPRoute api is not there'
    expect(noCanary({ targets: [weighted] }, { units: 3, unweighted: { production: why } })).toEqual([why])
    expect(noCanary({ targets: [weighted] }, { units: 3, unweighted: {} })).toEqual([])
  })
  test.each([
    ['a gateway without its route', { ...weighted, route: undefined }, 'route'],
    ['an ingress without a canary', { ...weighted, share: 'ingress', canaryDeployment: undefined }, 'route'],
    ['a route of which nobody says what it is', { ...weighted, share: undefined }, 'share'],
  ])('%s is refused', (_name, target, field) => {
    expect(targetSchema.safeParse(target).error?.issues).toMatchObject([{ path: [field] }])
  })
  test('is written as gateway or ingress with the name of the object', () => {
    expect(targetSchema.safeParse(weighted).success).toBe(true)
    expect(targetSchema.safeParse({ ...weighted, share: 'ingress', route: 'api-canary' }).success).toBe(true)
  })
})

describe('a definition', () => {
  const environment = (appName: string, app: string) => ({
    appName,
    targets: [{ provider: 'fly', name: 'only', app }],
  })
  const given = {
    id: 'api',
    title: 'API',
    owner: 'platform',
    provider: 'fly',
    image: 'ghcr.io/acme/api',
    environments: {
      staging: environment('api-staging', 'api-staging'),
      production: environment('api', 'api'),
    },
  }
  test('leaves out only what the checklist has (D-CHK-1)', () => {
    const because = 'it holds no database of its own'
    expect(
      serviceSchema.safeParse({ ...given, leaveOut: [{ item: 'deps.database', because }] }).success,
    ).toBe(true)
    const wrong = serviceSchema.safeParse({
      ...given,
      leaveOut: [{ item: 'dependencies.database', because }],
    })
    expect(wrong.error?.issues).toMatchObject([
      { path: ['leaveOut', 0, 'item'], message: 'the checklist has no item dependencies.database' },
    ])
  })

  test('that names no secret shows nothing about secrets (D-CHK-10)', () => {
    const secrets = { kind: 'known', value: ['A'], source: 'fly', atMs: 0 }
    const judged = {
      plan: { environment: 'production' } as Plan,
      service: serviceSchema.parse(given),
      looks: { secrets } as unknown as Looks,
      overdueSecrets: [],
    }
    expect(judgeItem('deps.secrets', judged)).toMatchObject({
      state: 'failed',
      words: 'the definition names no secret to look for',
    })
  })
})
