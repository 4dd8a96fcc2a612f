import { expect, test } from 'vitest'
import { runwayPlot } from './runway'

test('the warning stands where that many hours are left', () => {
  const plot = runwayPlot({ runwayHours: 100, warnHours: 50, breachHours: 25, width: 100 })
  expect(plot).toEqual({ nowX: 8, zeroX: 90, warnX: 49, breachX: 70 })
})

test('a mark that is already behind us is left out', () => {
  expect(runwayPlot({ runwayHours: 10, warnHours: 12, breachHours: 3, width: 100 }).warnX).toBeUndefined()
})

test('no runway at all has no marks', () => {
  const plot = runwayPlot({ runwayHours: 0, warnHours: 12, breachHours: 3, width: 100 })
  expect([plot.warnX, plot.breachX]).toEqual([undefined, undefined])
})
