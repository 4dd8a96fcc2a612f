import { describe, expect, test } from 'vitest'
import type { InstanceObservation } from '../model'
import { DEFAULT_HEALTH_POLICY as policy } from '../policy'
import { type InstanceInput, type InstanceMemory, rateInstance } from './instance'
import { instanceAt, known, later, t0, unknown } from './testing/observed'

type Seen = Pick<InstanceInput, 'gpusSeen' | 'freshPollers'>
type Look = { readonly s: number; readonly change?: Partial<InstanceObservation>; readonly seen?: Seen }

function watch(looks: readonly Look[]) {
  let memory: InstanceMemory | undefined
  const verdicts = looks.map(({ s, change, seen }) => {
    const now = later(s)
    const rated = rateInstance({ instance: instanceAt(now, change), ...seen, memory, policy, now })
    memory = rated.memory
    return rated.verdict
  })
  return verdicts
}

function last(looks: readonly Look[]) {
  return watch(looks).at(-1)
}

function triple(intended: string, actual: string, allocation: string, s = 0): Partial<InstanceObservation> {
  const at = later(s)
  return { intended: known(intended, at), actual: known(actual, at), allocation: known(allocation, at) }
}

const noProbe = { probe: unknown<boolean>('not_evaluated') }

describe('the state triple', () => {
  test.each([
    ['running', 'running', 'running', 'clear', 'instance.running'],
    ['running', 'running', 'stopped', 'unknown', 'instance.scheduling'],
    ['running', 'stopped', 'stopped', 'unknown', 'instance.scheduling'],
    ['running', 'exited', 'running', 'breach', 'instance.container-exited'],
    ['running', 'exited', 'unloaded', 'unknown', 'instance.scheduling'],
    ['running', 'created', 'running', 'unknown', 'instance.provisioning'],
    ['running', 'loading', 'running', 'unknown', 'instance.provisioning'],
    ['running', 'rebooting', 'running', 'unknown', 'instance.rebooting'],
    ['running', 'frozen', 'running', 'warning', 'instance.not-as-intended'],
    ['running', 'confused', 'running', 'unknown', 'instance.status-unrecognised'],
    ['stopped', 'stopped', 'stopped', 'clear', 'instance.stopped-as-intended'],
    ['stopped', 'exited', 'stopped', 'clear', 'instance.stopped-as-intended'],
    ['stopped', 'running', 'running', 'warning', 'instance.running-unintended'],
    ['stopped', 'frozen', 'running', 'warning', 'instance.running-unintended'],
    ['stopped', 'offline', 'stopped', 'warning', 'host.offline'],
    ['frozen', 'frozen', 'running', 'clear', 'instance.frozen-as-intended'],
    ['frozen', 'running', 'running', 'warning', 'instance.not-as-intended'],
  ])(
    'H-INS-01 intended %s, actual %s, allocation %s is %s: %s',
    (intended, actual, allocation, rating, code) => {
      expect(last([{ s: 0, change: triple(intended, actual, allocation) }])).toMatchObject({ rating, code })
    },
  )

  test('H-INS-01 a null status is being provisioned, and one that vanished after two sweeps and a look is gone', () => {
    expect(last([{ s: 0, change: { actual: unknown<string>('field_null') } }])?.code).toBe(
      'instance.provisioning',
    )
    expect(last([{ s: 0, change: { gone: t0 } }])).toMatchObject({ rating: 'warning', code: 'instance.gone' })
  })

  test('H-INS-10 a status that the provider did not tell, or told too long ago, is not a state', () => {
    const refused = last([{ s: 0, change: { actual: unknown<string>('source_refused') } }])
    expect(refused).toMatchObject({ rating: 'unknown', code: 'instance.unread' })
    const old = last([{ s: 0 }, { s: 90, change: triple('running', 'running', 'running') }])
    expect(old).toMatchObject({ rating: 'stale', code: 'instance.stale' })
  })
})

describe('hysteresis', () => {
  const offline = (s: number, probe = true): Look => ({
    s,
    change: { ...triple('running', 'offline', 'running', s), probe: known(probe, later(s)) },
  })

  test('H-INS-02 a single poll off running is held, and the return is a flap and clear', () => {
    const [, held, back] = watch([{ s: 0 }, offline(15), { s: 30 }])
    expect(held).toMatchObject({ rating: 'clear', code: 'instance.flapping' })
    expect(back).toMatchObject({ rating: 'clear', code: 'instance.flapping' })
  })

  test('H-INS-02 it leaves running after two polls and 30 s, not after two polls alone', () => {
    const codes = watch([{ s: 0 }, offline(15), offline(30), offline(45)]).map((it) => it.code)
    expect(codes).toEqual([
      'instance.running',
      'instance.flapping',
      'instance.flapping',
      'host.heartbeat-only',
    ])
  })

  test('H-INS-02 the same poll looked at again does not count twice', () => {
    const change = offline(15).change
    expect(last([{ s: 0 }, { s: 15, change }, { s: 20, change }, { s: 60, change }])?.code).toBe(
      'instance.flapping',
    )
  })

  test('H-INS-02 it leaves at once when our own probe fails too', () => {
    expect(last([{ s: 0 }, offline(15, false)])).toMatchObject({ rating: 'breach', code: 'host.offline' })
  })
})

describe('offline is not down', () => {
  test.each([
    ['offline', known(true), {}, 'warning', 'host.heartbeat-only'],
    ['unknown', known(true), {}, 'warning', 'host.heartbeat-only'],
    ['offline', known(false), {}, 'breach', 'host.offline'],
    ['unknown', known(false), {}, 'breach', 'host.offline'],
    ['offline', unknown<boolean>('not_evaluated'), {}, 'warning', 'host.offline'],
    ['unknown', unknown<boolean>('not_evaluated'), {}, 'unknown', 'host.no-heartbeat'],
    ['offline', unknown<boolean>('stale'), { gpusSeen: 8 }, 'warning', 'host.heartbeat-only'],
    ['offline', known(false), { freshPollers: 2 }, 'warning', 'host.heartbeat-only'],
  ] as const)('H-INS-03 %s, case %#', (actual, probe, seen, rating, code) => {
    const change = { ...triple('running', actual, 'running'), probe }
    expect(last([{ s: 0, change, seen }])).toMatchObject({ rating, code })
  })
})

describe('waiting', () => {
  test('H-INS-04 without allocation it is scheduling for 30 s, then stranded', () => {
    const look = (s: number): Look => ({ s, change: triple('running', 'stopped', 'stopped', s) })
    expect(last([look(0), look(30)])?.code).toBe('instance.scheduling')
    expect(last([look(0), look(31)])).toMatchObject({ rating: 'breach', code: 'instance.stranded' })
    const cheap = { ...look(0).change, interruptible: true }
    expect(last([{ s: 0, change: cheap }])).toMatchObject({ rating: 'warning', code: 'instance.outbid' })
  })

  test('H-INS-05 provisioning is unknown, then a warning, then a breach', () => {
    const look = (s: number): Look => ({ s, change: triple('running', 'loading', 'running', s) })
    const ratings = watch([look(0), look(600), look(601), look(1_801)]).map((it) => it.rating)
    expect(ratings).toEqual(['unknown', 'unknown', 'warning', 'breach'])
  })

  test.each([
    ['Error response from daemon: manifest for acme/worker:stable not found', 'infra.image-pull'],
    ['failed to pull image: unauthorized', 'infra.image-pull'],
    ['write /var/lib/x: no space left on device', 'instance.disk-full'],
    ['OCI runtime create failed', 'instance.start-failed'],
    ['extracting layer 4 of 9', 'instance.provisioning'],
  ])('H-INS-05 while loading, "%s" is %s', (statusText, code) => {
    const change = { ...triple('running', 'loading', 'running'), statusText }
    expect(last([{ s: 0, change }])?.code).toBe(code)
  })
})

describe('running', () => {
  test.each([
    [{ gpusSeen: 7 }, 'breach', 'instance.gpu-count'],
    [{ gpusSeen: 9 }, 'warning', 'instance.gpu-count'],
    [{ gpusSeen: 8 }, 'clear', 'instance.running'],
    [{ gpusSeen: 0 }, 'clear', 'instance.running'],
  ])('H-INS-06 with %o of 8 GPUs it is %s: %s', (seen, rating, code) => {
    expect(last([{ s: 0, seen }])).toMatchObject({ rating, code })
  })

  test('H-INS-07 "running" alone is not health', () => {
    expect(last([{ s: 0, change: noProbe }])).toMatchObject({ rating: 'unknown', code: 'instance.unprobed' })
    expect(last([{ s: 0, change: noProbe, seen: { gpusSeen: 8 } }])?.rating).toBe('clear')
  })

  test.each([
    [{ freshPollers: 2 }, 'warning', 'instance.port-unreachable'],
    [{ freshPollers: 0 }, 'breach', 'instance.unreachable'],
    [{}, 'warning', 'instance.unreachable'],
  ])('H-INS-07 a failing probe beside %o is %s: %s', (seen, rating, code) => {
    expect(last([{ s: 0, change: { probe: known(false) }, seen }])).toMatchObject({ rating, code })
  })

  test('H-INS-07 just after its start it is connecting, then unprobed', () => {
    const loading = { s: 0, change: { ...triple('running', 'loading', 'running'), ...noProbe } }
    const codes = watch([
      loading,
      { s: 15, change: noProbe },
      { s: 60, change: noProbe },
      { s: 120, change: noProbe },
    ])
    expect(codes.map((it) => it.code).slice(1)).toEqual([
      'instance.connecting',
      'instance.connecting',
      'instance.unprobed',
    ])
  })

  test('H-INS-08 an ended contract is a breach, one that ends within a day a warning', () => {
    expect(last([{ s: 0, change: { endsAt: later(-1) } }])?.rating).toBe('breach')
    expect(last([{ s: 0, change: { endsAt: later(86_399) } }])?.rating).toBe('warning')
    expect(last([{ s: 0, change: { endsAt: later(86_401) } }])?.rating).toBe('clear')
  })

  test('H-INS-09 a disk at 95 % is full', () => {
    expect(last([{ s: 0, change: { diskUsedShare: known(0.95) } }])).toMatchObject({
      rating: 'breach',
      code: 'instance.disk-full',
    })
    expect(last([{ s: 0, change: { diskUsedShare: known(0.94) } }])?.rating).toBe('clear')
  })
})
