import { describe, expect, test } from 'vitest'
import { PLANES, type PlaneId, type Verdict, type World } from '../model'
import { DEFAULT_HEALTH_POLICY as policy } from '../policy'
import { GPU_AWAY } from './gpu-verdicts'
import { INSTANCE_VERDICTS } from './instance-verdicts'
import { planesOf } from './planes'
import type { QueueRating } from './queue'
import type { RatedWorld } from './rated'
import type { ServiceRating } from './service'
import {
  apiAt,
  gpuAt,
  instanceAt,
  known,
  later,
  queueAt,
  ratedOf,
  serviceAt,
  sourceIn,
  t0,
  unknown,
  unread,
  verdictOf,
  worldOf,
} from './testing/observed'

function plane(id: PlaneId, rated: RatedWorld) {
  const row = planesOf({ rated, policy, now: t0 }).find((it) => it.id === id)
  if (!row) throw new Error(`no plane ${id}`)
  return row
}

function blindWorld(): World {
  return worldOf({
    sources: new Map(),
    api: {
      serverErrorsPerMinute: unread,
      authErrorsPerMinute: unread,
      rateLimitedPerMinute: unread,
      errorRatioPercent: unread,
      latencyMsP95: unread,
      latencyMsP99: unread,
    },
    providerPage: { indicator: unread, description: '', incidents: [], machineReadable: false },
    credit: { creditDollars: unread, burnDollarsPerHour: unread },
  })
}

function fleet(verdicts: readonly Verdict[]) {
  const ids = verdicts.map((_, index) => `id${index}`)
  const instances = new Map(
    ids.map((id, index) => [id, instanceAt(t0, { id, machineId: `machine${index}` })]),
  )
  const gpus = new Map(ids.map((id) => [`${id}/0`, gpuAt(t0, { instanceId: id })]))
  return {
    world: worldOf({ instances, gpus }),
    byId: new Map(ids.map((id, index) => [id, verdicts[index] ?? verdictOf('unknown')])),
    byGpu: new Map(ids.map((id, index) => [`${id}/0`, verdicts[index] ?? verdictOf('unknown')])),
  }
}

function many(count: number, verdict: Verdict): readonly Verdict[] {
  return Array.from({ length: count }, () => verdict)
}

describe('the strip', () => {
  test('H-PLA-01 nine cells stand in their fixed order, each with a figure and a source', () => {
    const rows = planesOf({ rated: ratedOf(worldOf()), policy, now: t0 })
    expect(rows.map((it) => it.id)).toEqual(PLANES.map((it) => it.id))
    for (const row of rows) {
      expect(row.figure).not.toBe('')
      expect(row.source).not.toBe('')
    }
  })

  test('H-PLA-02 a world that nothing looks at has no clear cell and a way round for each', () => {
    for (const row of planesOf({ rated: ratedOf(blindWorld()), policy, now: t0 })) {
      expect(row.rating, row.id).toBe('unknown')
      expect(row.wayRound, row.id).toBeTruthy()
      expect(row.figure, row.id).toBe('no source configured')
    }
  })

  test('H-PLA-02 a page out of reach says since when nothing was read', () => {
    const last = { value: 'none' as const, observedAt: new Date('2026-11-18T02:12:07Z') }
    const indicator = unknown('source_unreachable', last)
    const world = worldOf({
      providerPage: { indicator, description: '', incidents: [], machineReadable: true },
    })
    const row = plane('provider-page', ratedOf(world))
    expect(row).toMatchObject({ rating: 'stale', figure: 'no reading since 02:12Z' })
    expect(row.wayRound).toContain('network')
  })
})

describe('figures', () => {
  test('H-PLA-01 the API speaks with its loudest figure, quota with its own', () => {
    const world = worldOf({ api: apiAt(t0, { serverErrorsPerMinute: known(61) }) })
    expect(plane('provider-api', ratedOf(world))).toMatchObject({
      rating: 'breach',
      figure: '5xx 61 /min > 10',
    })
    expect(plane('quota', ratedOf(world))).toMatchObject({ rating: 'clear', figure: '429: 0 /min of 5' })
    expect(plane('account', ratedOf(world)).figure).toBe('67 h of runway')
  })

  test('H-PLA-01 refused keys are the account’s trouble', () => {
    const world = worldOf({ api: apiAt(t0, { authErrorsPerMinute: known(3) }) })
    expect(plane('account', ratedOf(world))).toMatchObject({
      rating: 'breach',
      figure: '401, 403: 3 /min > 0',
    })
  })

  test('H-PLA-01 the queue cell names its worst queue with its age and limit', () => {
    const rating = (state: QueueRating['state'], verdict: Verdict): QueueRating => ({
      state,
      verdict,
      freshPollers: 3,
    })
    const queues = new Map([
      ['cpu', queueAt(t0, { name: 'video-processing@cpu' })],
      ['gpu', queueAt(t0, { oldestSeconds: known(250) })],
    ])
    const ratings = new Map([
      ['cpu', rating('busy', verdictOf('clear'))],
      ['gpu', rating('backlogged', verdictOf('warning'))],
    ])
    const row = plane('queue', ratedOf(worldOf({ queues }), { queues: ratings }))
    expect(row).toMatchObject({ rating: 'warning', figure: 'oldest 4 m 10 s > 2 m' })
    expect(row.reason).toContain('video-processing@gpu')
  })

  test('H-PLA-01 without a deploy source our code is unknown, with one it tells the last deployment', () => {
    const up: ServiceRating = { state: 'up', verdict: verdictOf('clear'), parts: [] }
    const world = worldOf({ services: new Map([['integration', serviceAt(t0)]]) })
    const services = new Map([['integration', up]])
    expect(plane('code', ratedOf(world, { services }))).toMatchObject({
      rating: 'unknown',
      figure: 'no deploy source yet',
    })
    const changes = { lastAt: later(-6_480), observedAt: t0, source: 'Registry' }
    expect(plane('code', ratedOf(world, { services, changes }))).toMatchObject({
      rating: 'clear',
      figure: 'no deploy for 1 h 48 m',
    })
  })
})

describe('the fleet', () => {
  test.each([
    [0, 'clear', '252 of 252 hosts reach'],
    [1, 'warning', '251 of 252 hosts reach'],
    [2, 'breach', '250 of 252 hosts reach'],
  ])('H-PLA-03 with %i hosts out of reach the host cell is %s', (down, rating, figure) => {
    const { world, byId } = fleet([
      ...many(252 - down, INSTANCE_VERDICTS.running),
      ...many(down, INSTANCE_VERDICTS.hostOffline),
    ])
    expect(plane('host', ratedOf(world, { instances: byId }))).toMatchObject({ rating, figure })
  })

  test.each([
    [0, 0, 'clear', '200 within limits'],
    [0, 3, 'unknown', '3 of 200 unread'],
    [1, 0, 'warning', '1 of 200 in breach'],
    [2, 0, 'breach', '2 of 200 in breach'],
  ])(
    'H-PLA-03 with %i cards in breach and %i unread the GPU cell is %s',
    (breach, unread, rating, figure) => {
      const { world, byGpu } = fleet([
        ...many(200 - breach - unread, verdictOf('clear')),
        ...many(breach, verdictOf('breach')),
        ...many(unread, verdictOf('unknown')),
      ])
      expect(plane('gpu', ratedOf(world, { gpus: byGpu }))).toMatchObject({ rating, figure })
    },
  )

  test('H-PLA-03 cards stopped as intended do not count, cards stopped against intention do', () => {
    const as = fleet([verdictOf('clear'), GPU_AWAY.stoppedAsIntended])
    expect(plane('gpu', ratedOf(as.world, { gpus: as.byGpu }))).toMatchObject({
      rating: 'clear',
      figure: '1 within limits',
    })
    const against = fleet([verdictOf('clear'), GPU_AWAY.stopped])
    expect(plane('gpu', ratedOf(against.world, { gpus: against.byGpu })).rating).toBe('unknown')
  })
})

test('H-PLA-04 the provider’s part of a health answer does not speak for our code, its store part does for the control plane', () => {
  const store = { rating: 'breach', code: 'service.part-down', reason: 'Its part minio says down' } as const
  const rating: ServiceRating = {
    state: 'degraded',
    verdict: store,
    parts: [{ name: 'minio', verdict: store }],
  }
  const world = worldOf({ services: new Map([['integration', serviceAt(t0)]]) })
  const changes = { observedAt: t0, source: 'Registry' }
  const rated = ratedOf(world, { services: new Map([['integration', rating]]), changes })
  expect(plane('code', rated).rating).toBe('clear')
  expect(plane('control-plane', rated)).toMatchObject({ rating: 'breach', figure: 'minio down' })
})

test('H-PLA-02 Temporal not answering us is not Temporal down', () => {
  const world = worldOf({ sources: new Map([['temporal', sourceIn('temporal', 'silent')]]) })
  expect(plane('control-plane', ratedOf(world))).toMatchObject({
    rating: 'stale',
    figure: 'no answer since 02:29Z',
  })
})
