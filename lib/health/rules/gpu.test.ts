import { describe, expect, test } from 'vitest'
import type { GpuObservation, InstanceObservation } from '../model'
import { DEFAULT_HEALTH_POLICY as policy } from '../policy'
import { type GpuMemory, rateGpu } from './gpu'
import { gpuAt, instanceAt, known, later, t0, unknown } from './testing/observed'

function rate(change: Partial<GpuObservation>, instance?: Partial<InstanceObservation>) {
  return rateGpu({
    gpu: gpuAt(t0, change),
    instance: instance ? instanceAt(t0, instance) : undefined,
    memory: undefined,
    policy,
    now: t0,
  }).verdict
}

function watch(looks: readonly { readonly s: number; readonly change?: Partial<GpuObservation> }[]) {
  let memory: GpuMemory | undefined
  let verdict = rateGpu({ gpu: gpuAt(t0), instance: undefined, memory, policy, now: t0 }).verdict
  for (const { s, change } of looks) {
    const now = later(s)
    const rated = rateGpu({ gpu: gpuAt(now, change), instance: undefined, memory, policy, now })
    memory = rated.memory
    verdict = rated.verdict
  }
  return verdict
}

function hot(tempC: number, seconds: readonly number[], extra: Partial<GpuObservation> = {}) {
  return watch(seconds.map((s) => ({ s, change: { tempC: known(tempC, later(s)), ...extra } })))
}

const absolute = { regime: 'absolute', slowdownC: 87, shutdownC: 92, maxOperatingC: 83 } as const
const margins = { regime: 'margin', slowdownOffsetC: -2, shutdownOffsetC: -8 } as const

describe('what clear needs', () => {
  test('H-GPU-01 a card within its limits is clear, and says when XID can not be observed', () => {
    expect(rate({}).rating).toBe('clear')
    const blind = rate({ xid: unknown('not_supported') })
    expect(blind.rating).toBe('clear')
    expect(blind.reason).toContain('XID not observable in this rental')
  })

  test('H-GPU-02 a stale reading never rates healthy', () => {
    const now = later(policy.freshness.dcgmMaxAgeSeconds + 1)
    const { verdict } = rateGpu({ gpu: gpuAt(t0), instance: undefined, memory: undefined, policy, now })
    expect(verdict.rating).toBe('stale')
  })

  test('H-GPU-02 a card without temperature is unknown with its cause although other values are fresh', () => {
    const verdict = rate({ tempC: unknown('source_refused') })
    expect(verdict.rating).toBe('unknown')
    expect(verdict.reason).toContain('source refused our key')
  })

  test('H-VAL-01 one all-zero frame keeps the last value, until that is too old', () => {
    const last = { value: 61, observedAt: later(-30) }
    expect(rate({ tempC: unknown('sentinel', last) }).rating).toBe('clear')
    const old = { value: 61, observedAt: later(-policy.freshness.dcgmMaxAgeSeconds - 1) }
    expect(rate({ tempC: unknown('sentinel', old) }).rating).toBe('stale')
    expect(rate({ tempC: unknown('not_evaluated', last) }).rating).toBe('unknown')
  })
})

describe('XID', () => {
  test.each([
    [79, 'gpu.fell-off-bus'],
    [48, 'gpu.ecc-uncorrectable'],
    [95, 'gpu.ecc-uncorrectable'],
    [64, 'gpu.row-remap'],
    [74, 'gpu.nvlink'],
    [119, 'gpu.driver'],
    [143, 'gpu.driver'],
    [32, 'gpu.xid'],
  ])('H-GPU-03 hardware code %i that just appeared is a breach under %s', (code, leaf) => {
    const verdict = rate({ xid: known(code), xidSince: later(-60) })
    expect(verdict).toMatchObject({ rating: 'breach', code: leaf })
    expect(verdict.reason).toContain(`XID ${code}`)
    expect(verdict.action).toBeTruthy()
  })

  test('H-GPU-03 a hardware code stays a breach while the gauge shows it, and ends when the gauge is cleared', () => {
    const hours = rate({ xid: known(79), xidSince: later(-7_200) })
    expect(hours.rating).toBe('breach')
    expect(hours.reason).toContain('Not reset since')
    expect(rate({ xid: known(0) }).rating).toBe('clear')
  })

  test('H-GPU-03 an XID event outlives its gauge for half an hour, not longer', () => {
    const silent = (minutes: number) => {
      const last = { value: 79, observedAt: later(-minutes * 60) }
      const xidSince = later(-minutes * 60)
      const tempC = unknown('source_unreachable', { value: 84, observedAt: xidSince })
      return rate({ tempC, xid: unknown('source_unreachable', last), xidSince }).rating
    }
    expect(silent(8)).toBe('breach')
    expect(silent(31)).toBe('stale')
  })

  test.each([79, 48, 31, 999])(
    'H-GPU-04 code %i standing there at our first look warns and never breaks',
    (code) => {
      expect(rate({ xid: known(code) })).toMatchObject({ rating: 'warning', code: 'xid.latched' })
      const change = (s: number) => ({ s, change: { xid: known(code, later(s)) } })
      expect(watch([change(0), change(15), change(3_600)]).rating).not.toBe('breach')
    },
  )

  test.each([13, 31, 43, 45])(
    'H-GPU-05 application code %i warns about the program and clears the card',
    (code) => {
      const verdict = rate({ xid: known(code), xidSince: later(-60) })
      expect(verdict).toMatchObject({ rating: 'warning', code: 'gpu.application-fault' })
      expect(verdict.reason).toContain('the card itself is well')
      expect(verdict.action).toContain('do not replace')
      expect(rate({ xid: known(code), xidSince: later(-1_801) }).rating).toBe('clear')
    },
  )

  test('H-GPU-05 a latched application code lapses once watched for longer than its fresh time', () => {
    const look = (s: number) => ({ s, change: { xid: known(31, later(s)) } })
    expect(watch([look(0), look(1_700)]).rating).toBe('warning')
    expect(watch([look(0), look(1_801)]).rating).toBe('clear')
  })
})

describe('memory errors and links', () => {
  test('H-GPU-06 a rising count of uncorrectable errors is a breach, one that stood there a warning', () => {
    const look = (s: number, count: number) => ({ s, change: { eccUncorrected: known(count, later(s)) } })
    expect(watch([look(0, 3)])).toMatchObject({ rating: 'warning', code: 'gpu.ecc-uncorrectable' })
    expect(watch([look(0, 3), look(15, 4)])).toMatchObject({
      rating: 'breach',
      code: 'gpu.ecc-uncorrectable',
    })
    expect(watch([look(0, 3), look(15, 4), look(30, 0)]).rating).toBe('clear')
  })

  test('H-GPU-07 a failed remap is a breach and a pending one a warning', () => {
    expect(rate({ remapFailed: known(true) })).toMatchObject({ rating: 'breach', code: 'gpu.row-remap' })
    expect(rate({ remapPending: known(true) })).toMatchObject({ rating: 'warning', code: 'gpu.row-remap' })
  })

  test('H-GPU-08 an inactive NVLink warns', () => {
    expect(rate({ nvlinkDown: known(1) })).toMatchObject({ rating: 'warning', code: 'gpu.nvlink' })
  })
})

describe('heat', () => {
  test.each([
    ['below every limit', 82, [0, 300], 'clear'],
    ['past its operating limit for 5 min', 84, [0, 150, 300], 'warning'],
    ['past its slowdown limit for 5 min', 88, [0, 150, 300], 'breach'],
    ['past its slowdown limit for less', 88, [0, 150, 290], 'clear'],
    ['at its shutdown limit, once', 92, [0], 'breach'],
  ] as const)('H-GPU-09 absolute limits: %s', (_name, tempC, seconds, rating) => {
    expect(hot(tempC, seconds, { limits: absolute }).rating).toBe(rating)
  })

  test.each([
    [40, 'clear'],
    [5, 'warning'],
    [0, 'breach'],
    [-2, 'breach'],
  ])('H-GPU-09 a margin of %i °C held for 5 min is %s, whatever the degrees', (margin, rating) => {
    const look = (s: number) => ({
      s,
      change: {
        limits: margins,
        tempC: known(margin > 5 ? 96 : 40, later(s)),
        marginC: known(margin, later(s)),
      },
    })
    expect(watch([look(0), look(300)]).rating).toBe(rating)
  })

  test.each([
    [84, 'clear'],
    [85, 'warning'],
    [95, 'breach'],
  ])('H-GPU-10 %i °C on a card that tells no limits is %s and marked as assumed', (tempC, rating) => {
    const verdict = hot(tempC, [0, 75, 150])
    expect(verdict.rating).toBe(rating)
    if (rating !== 'clear') expect(verdict.reason).toContain('threshold assumed')
  })

  test('H-GPU-10 one hot sample that stays frozen is not sustained, and a cool one starts the clock anew', () => {
    const frozen = { tempC: known(96, t0) }
    expect(
      watch([
        { s: 0, change: frozen },
        { s: 110, change: frozen },
      ]).rating,
    ).toBe('clear')
    const at = (s: number, tempC: number) => ({ s, change: { tempC: known(tempC, later(s)) } })
    expect(watch([at(0, 96), at(100, 60), at(151, 96)]).rating).toBe('clear')
  })

  test('H-GPU-11 a hardware slowdown warns once and breaks when it keeps coming; idle and power cap are normal', () => {
    const look = (s: number, reason: 'hw-thermal' | 'idle') => ({
      s,
      change: { throttle: known([reason], later(s)) },
    })
    expect(watch([look(0, 'idle')]).rating).toBe('clear')
    expect(watch([look(0, 'hw-thermal')])).toMatchObject({ rating: 'warning', code: 'gpu.thermal' })
    expect(watch([0, 30, 60, 90, 120, 150].map((s) => look(s, 'hw-thermal'))).rating).toBe('breach')
    expect(watch([look(0, 'hw-thermal'), look(601, 'idle')]).rating).toBe('clear')
    expect(rate({ throttle: known(['sw-thermal']) }).rating).toBe('warning')
  })

  test('H-GPU-12 full memory warns only when held', () => {
    const full = (s: number) => ({ s, change: { vramUsedMib: known(80_000, later(s)) } })
    expect(watch([full(0), full(599)]).rating).toBe('clear')
    expect(watch([full(0), full(600)])).toMatchObject({ rating: 'warning', code: 'gpu.vram-full' })
  })
})

describe('instances that do not run', () => {
  test.each([
    ['stopped', 'stopped', 'instance.stopped-as-intended'],
    ['stopped', 'running', 'instance.stopped'],
    ['frozen', 'frozen', 'instance.frozen-as-intended'],
    ['frozen', 'running', 'instance.frozen'],
  ])(
    'H-GPU-13 leftover telemetry of a %s instance meant to be %s is not evidence',
    (actual, intended, code) => {
      const change = { actual: known(actual), intended: known(intended) }
      expect(rate({}, change)).toMatchObject({ rating: 'unknown', code })
      expect(rate({ tempC: known(99), lost: known(true) }, change).rating).toBe('unknown')
    },
  )

  test('H-GPU-14 one value for eight cards judges none of them, one value for one card does', () => {
    const none = { source: 'vast' as const, xid: unknown<number>('not_supported') }
    expect(rate(none, { gpuCount: 8 })).toMatchObject({ rating: 'unknown', code: 'gpu.instance-only' })
    expect(rate(none, { gpuCount: 1 }).rating).toBe('clear')
  })
})

test('H-GPU-15 ten thousand cards at rest cost no new memory or verdict', () => {
  const first = rateGpu({ gpu: gpuAt(t0), instance: undefined, memory: undefined, policy, now: t0 })
  const now = later(5)
  const second = rateGpu({ gpu: gpuAt(now), instance: undefined, memory: first.memory, policy, now })
  expect(second.memory).toBe(first.memory)
  expect(second.verdict).toBe(first.verdict)
  const bad = { xid: known(79), xidSince: later(-60) }
  expect(rate(bad)).toBe(rate(bad))
})
