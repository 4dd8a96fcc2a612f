import { describe, expect, test } from 'vitest'
import type { Reading } from '../sources/reading'
import { createApiFold } from './api-minutes'
import type { ApiFigures } from './model'

const t0 = new Date('2026-11-18T02:29:00Z')
const at = (seconds: number): Date => new Date(t0.getTime() + seconds * 1000)
const known = (value: number, takenAt: Date): Reading<number> => ({
  kind: 'known',
  value,
  unit: '',
  source: 'prometheus',
  observedAt: takenAt,
})
const unknown: Reading<number> = {
  kind: 'unknown',
  why: 'source_unreachable',
  source: 'prometheus',
  since: t0,
}
const unread: ApiFigures = {
  serverErrorsPerMinute: unknown,
  authErrorsPerMinute: unknown,
  rateLimitedPerMinute: unknown,
  errorRatioPercent: unknown,
  latencyMsP95: unknown,
  latencyMsP99: unknown,
}

describe('the minutes of the API', () => {
  test('keep the worst reading of each figure', () => {
    const fold = createApiFold()
    for (const [seconds, value] of [
      [5, 2],
      [20, 61],
      [50, 3],
    ] as const)
      fold.note({ ...unread, serverErrorsPerMinute: known(value, at(seconds)) })
    expect(fold.ended(at(60))).toEqual([{ minuteMs: t0.getTime(), worst: { serverErrors: 61 } }])
  })

  test('of unknown figures are no minutes, so a gap stays a gap', () => {
    const fold = createApiFold()
    fold.note(unread)
    expect(fold.ended(at(600))).toEqual([])
  })

  test('leave out a figure that was not known, and a known zero is kept', () => {
    const fold = createApiFold()
    fold.note({ ...unread, authErrorsPerMinute: known(0, at(1)) })
    expect(fold.ended(at(60))[0]?.worst).toEqual({ authErrors: 0 })
  })

  test('are not over before their sixtieth second', () => {
    const fold = createApiFold()
    fold.note({ ...unread, latencyMsP95: known(212, at(59)) })
    expect(fold.ended(at(59.9))).toEqual([])
    expect(fold.ended(at(60))).toHaveLength(1)
  })

  test('belong to the time of the sample, not to the look that repeated it', () => {
    const fold = createApiFold()
    fold.note({ ...unread, latencyMsP99: { ...known(900, at(200)), sampleAt: at(10) } as Reading<number> })
    expect(fold.ended(at(240)).map((minute) => minute.minuteMs)).toEqual([t0.getTime()])
  })

  test('stay until they are written', () => {
    const fold = createApiFold()
    fold.note({ ...unread, errorRatioPercent: known(1, at(1)) })
    const rows = fold.ended(at(60))
    expect(fold.ended(at(65))).toEqual(rows)
    fold.drop(rows)
    expect(fold.ended(at(70))).toEqual([])
  })
})
