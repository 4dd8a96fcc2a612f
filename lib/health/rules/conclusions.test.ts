import { describe, expect, test } from 'vitest'
import type { InstanceObservation, Verdict, World } from '../model'
import { DEFAULT_HEALTH_POLICY as policy } from '../policy'
import { conclusionsOf } from './conclusions'
import { INSTANCE_VERDICTS as V } from './instance-verdicts'
import type { QueueRating } from './queue'
import type { ImageDigests, RatedWorld } from './rated'
import {
  gpuAt,
  instanceAt,
  known,
  queueAt,
  ratedOf,
  sourceIn,
  t0,
  unknown,
  verdictOf,
  worldOf,
} from './testing/observed'

function conclude(world: World, change: Partial<RatedWorld> = {}) {
  return conclusionsOf({ rated: ratedOf(world, change), policy, now: t0 })
}

function ids(world: World, change: Partial<RatedWorld> = {}) {
  return conclude(world, change).map((it) => it.id)
}

function one(change: Partial<InstanceObservation> = {}) {
  return new Map([['15204417', instanceAt(t0, change)]])
}

function judged(verdict: Verdict) {
  return { instances: new Map([['15204417', verdict]]) }
}

function silent(kind: 'vast' | 'prometheus', state: 'silent' | 'refused' | 'live' = 'silent') {
  return new Map([[kind, sourceIn(kind, state)]])
}

function queue(state: QueueRating['state'], rating: Verdict['rating'], freshPollers: number) {
  return {
    world: { queues: new Map([['q', queueAt(t0)]]) },
    rated: { queues: new Map([['q', { state, verdict: verdictOf(rating), freshPollers }]]) },
  }
}

test('H-CON-01 a quiet world concludes nothing', () => {
  expect(conclude(worldOf({ instances: one() }), judged(V.running))).toEqual([])
})

describe('provider', () => {
  test('H-CON-01 no answer from the provider while our probes do: degraded for us, not "instances down"', () => {
    const [it] = conclude(worldOf({ instances: one(), sources: silent('vast') }))
    expect(it).toMatchObject({ id: 'provider.degraded-for-us', notConcluded: 'The instances are down.' })
  })

  test.each([
    ['our probes fail too', { probe: known(false) }, 'silent'],
    ['no probe of ours has looked', { probe: unknown<boolean>('not_evaluated') }, 'silent'],
    ['the provider refused our key', {}, 'refused'],
    ['the provider answers', {}, 'live'],
  ] as const)('H-CON-01 nothing is concluded of the provider when %s', (_name, change, state) => {
    const world = worldOf({ instances: one(change), sources: silent('vast', state) })
    expect(ids(world)).not.toContain('provider.degraded-for-us')
  })

  test('H-CON-02 a lost heartbeat beside life of our own is not a lost GPU', () => {
    const [it] = conclude(worldOf({ instances: one() }), judged(V.heartbeatOnly))
    expect(it).toMatchObject({ id: 'host.heartbeat-only', notConcluded: 'Their GPUs are lost.' })
    expect(ids(worldOf({ instances: one() }), judged(V.hostOffline))).toEqual([])
  })

  test('H-CON-05 all stopped and no credit: the credit explains it', () => {
    const credit = { creditDollars: known(0), burnDollarsPerHour: known(0) }
    const stopped = worldOf({ instances: one({ actual: known('stopped') }), credit })
    expect(ids(stopped)).toContain('account.credit-exhausted')
  })

  test.each([
    ['one still runs', one({ actual: known('running') }), 0],
    ['the state is not known', one({ actual: unknown<string>('source_unreachable') }), 0],
    ['there is credit', one({ actual: known('stopped') }), 5],
    ['nothing is rented', new Map(), 0],
  ])('H-CON-05 the credit explains nothing when %s', (_name, instances, dollars) => {
    const credit = { creditDollars: known(dollars), burnDollarsPerHour: known(0) }
    expect(ids(worldOf({ instances, credit }))).not.toContain('account.credit-exhausted')
  })
})

describe('instances and workers', () => {
  test('H-CON-03 a failing probe beside living workers is the way there, not the worker', () => {
    const [it] = conclude(worldOf({ instances: one() }), judged(V.portUnreachable))
    expect(it).toMatchObject({ id: 'instance.port-unreachable', notConcluded: 'The workers are down.' })
    expect(ids(worldOf({ instances: one() }), judged(V.unreachable))).toEqual([])
  })

  test('H-CON-04 work waits and nobody polls while instances run: workers, not GPUs', () => {
    const { world, rated } = queue('stalled', 'breach', 0)
    const [it] = conclude(worldOf({ instances: one(), ...world }), rated)
    expect(it).toMatchObject({ id: 'workers.wedged', notConcluded: 'The GPUs are broken.' })
  })

  test.each([
    ['workers poll', 'backlogged', 'breach', 2, one()],
    ['nothing waits', 'no-workers', 'warning', 0, one()],
    ['no instance runs', 'stalled', 'breach', 0, one({ actual: known('stopped') })],
  ] as const)('H-CON-04 workers are not called wedged when %s', (_name, state, rating, fresh, instances) => {
    const { world, rated } = queue(state, rating, fresh)
    expect(ids(worldOf({ instances, ...world }), rated)).not.toContain('workers.wedged')
  })

  test('H-CON-06 stranded needs a look at the market that found no offer', () => {
    const world = worldOf({ instances: one() })
    const withOffers = (offers: ReadonlyMap<string, number> | undefined) =>
      ids(world, { ...judged(V.stranded), ...(offers ? { offers } : {}) })
    expect(withOffers(new Map([['8841', 0]]))).toEqual(['instance.stranded'])
    expect(withOffers(new Map([['8841', 1]]))).toEqual([])
    expect(withOffers(new Map())).toEqual([])
    expect(withOffers(undefined)).toEqual([])
    const scheduling = { ...judged(V.scheduling), offers: new Map([['8841', 0]]) }
    expect(ids(world, scheduling)).toEqual([])
  })
})

describe('telemetry', () => {
  const withGpu = (change: Parameters<typeof gpuAt>[1]) =>
    worldOf({ gpus: new Map([['15204417/0', gpuAt(t0, change)]]) })

  test('H-CON-07 an all-zero frame tells nothing', () => {
    const [it] = conclude(withGpu({ tempC: unknown<number>('sentinel') }))
    expect(it).toMatchObject({ rating: 'unknown', notConcluded: 'The cards are cold or idle.' })
    expect(ids(withGpu({ tempC: known(28), utilPercent: known(0) }))).toEqual([])
  })

  test('H-CON-08 all cards of an instance silent is lost telemetry, one of two is not', () => {
    const lost = { tempC: unknown<number>('source_unreachable') }
    const world = worldOf({
      gpus: new Map([
        ['a/0', gpuAt(t0, { instanceId: 'a', ...lost })],
        ['a/1', gpuAt(t0, { instanceId: 'a', index: 1, ...lost })],
        ['b/0', gpuAt(t0, { instanceId: 'b', ...lost })],
        ['b/1', gpuAt(t0, { instanceId: 'b', index: 1 })],
      ]),
    })
    const stale = verdictOf('stale')
    const gpus = new Map([
      ['a/0', stale],
      ['a/1', stale],
      ['b/0', stale],
      ['b/1', verdictOf('clear')],
    ])
    const [it] = conclude(world, { gpus })
    expect(it).toMatchObject({ id: 'telemetry.lost', rating: 'unknown', subjects: ['a'] })
    expect(it?.notConcluded).toBe('The GPUs are healthy, or have failed.')
  })

  test('H-CON-09 a silent Prometheus means alerts are not known, not that there are none', () => {
    const [it] = conclude(worldOf({ sources: silent('prometheus') }))
    expect(it).toMatchObject({ rating: 'unknown', notConcluded: 'There are no alerts.' })
    expect(ids(worldOf({ sources: silent('prometheus', 'live') }))).toEqual([])
    expect(ids(worldOf({ sources: new Map() }))).toEqual([])
  })

  test('H-CON-10 a queue never seen is a suspect configuration, not an idle queue', () => {
    const { world, rated } = queue('never-seen', 'warning', 0)
    const [it] = conclude(worldOf(world), rated)
    expect(it).toMatchObject({ id: 'queue.never-seen', notConcluded: 'The queue is idle.' })
    const idle = queue('idle', 'clear', 1)
    expect(ids(worldOf(idle.world), idle.rated)).toEqual([])
  })

  test('H-CON-11 digests that differ are not a deployment, and an unread one tells nothing', () => {
    const pair = (tagDigest?: string, runningDigest?: string): { digests: readonly ImageDigests[] } => ({
      digests: [{ tag: 'worker:stable', instanceId: 'a', tagDigest, runningDigest }],
    })
    const [it] = conclude(worldOf(), pair('sha256:1', 'sha256:2'))
    expect(it).toMatchObject({ id: 'image.differs', notConcluded: 'It is deployed.' })
    expect(ids(worldOf(), pair('sha256:1', 'sha256:1'))).toEqual([])
    expect(ids(worldOf(), pair('sha256:1', undefined))).toEqual([])
  })
})
