import { expect, it } from 'vitest'
import { DAYS, historyOf } from './history'
import type { ShownState } from './model'
import { percentOf } from './words'

const now = new Date('2026-11-18T12:00:00.000Z')
const HOUR_MS = 3_600_000
const ago = (hours: number): Date => new Date(now.getTime() - hours * HOUR_MS)
const change = (hours: number, to: ShownState) => ({ componentId: 'c', at: ago(hours), to })
const history = (changes: readonly ReturnType<typeof change>[], listedHoursAgo = 24 * 200) =>
  historyOf({
    changes,
    createdAtMs: ago(listedHoursAgo).getTime(),
    untilMs: now.getTime(),
    nowMs: now.getTime(),
  })

it('S-DAY-01 ninety UTC days end today, and trouble is a share of its day', () => {
  const { days } = history([change(30, 'degraded_performance'), change(24, 'operational')])
  expect(days).toHaveLength(DAYS)
  expect(days.at(-1)).toMatchObject({ on: '2026-11-18', known: 0.5, worst: 'operational' })
  expect(days.at(-2)).toMatchObject({ on: '2026-11-17', known: 1, trouble: 0.25, outage: 0 })
})

it('S-DAY-01 trouble over midnight counts in both days', () => {
  const { days } = history([change(18, 'major_outage'), change(6, 'operational')])
  expect(days.at(-2)).toMatchObject({ outage: 0.25, worst: 'major_outage' })
  expect(days.at(-1)).toMatchObject({ outage: 0.25, worst: 'major_outage' })
})

it('S-DAY-02 nothing is known before a component was listed, nor while nothing was confirmed', () => {
  const { days, availability } = history([change(12 + 24, 'unknown'), change(12, 'operational')], 24 * 3)
  expect(days.at(-6)).toMatchObject({ known: 0, worst: 'unknown' })
  expect(days.at(-2)).toMatchObject({ known: 0, worst: 'unknown' })
  expect(availability).toBe(1)
})

it('S-DAY-02 a component of which nothing is known has no availability', () => {
  expect(history([], 0).availability).toBeUndefined()
})

it('S-DAY-03 planned work counts neither way, an outage does, and the figure is never rounded up', () => {
  const { availability } = history(
    [change(10, 'under_maintenance'), change(8, 'partial_outage'), change(6, 'operational')],
    20,
  )
  expect(availability).toBeCloseTo(1 - 2 / 18, 10)
  expect(percentOf(0.99999)).toBe('99.99 %')
  expect(percentOf(1)).toBe('100.00 %')
})
