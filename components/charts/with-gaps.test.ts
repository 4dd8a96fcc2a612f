import { describe, expect, test } from 'vitest'
import { gapSpans, withGaps } from './with-gaps'

describe('a history with missing minutes', () => {
  test('gets empty rows where nothing was read', () => {
    expect(withGaps({ t: [0, 60, 300], series: [[1, 2, 3]] }, 60)).toEqual({
      t: [0, 60, 120, 240, 300],
      series: [[1, 2, null, null, 3]],
    })
  })
  test('is left alone when every minute is there', () => {
    const whole = { t: [0, 60, 125], series: [[1, 2, 3]] }
    expect(withGaps(whole, 60)).toEqual(whole)
  })
  test('ends in a gap when the newest reading is old', () => {
    expect(withGaps({ t: [0, 60], series: [[1, 2]] }, 60, 600).t).toEqual([0, 60, 120, 600])
  })
  test('stays empty when nothing was ever read', () => {
    expect(withGaps({ t: [], series: [[]] }, 60, 600)).toEqual({ t: [], series: [[]] })
  })
})

describe('the hatched spans', () => {
  test('reach from the last reading to the next one', () => {
    expect(gapSpans({ t: [0, 60, 120, 240, 300], series: [[1, 2, null, null, 3]] })).toEqual([[60, 300]])
  })
  test('are none where at least one series was read', () => {
    expect(
      gapSpans({
        t: [0, 60, 120],
        series: [
          [1, null, 3],
          [1, 2, 3],
        ],
      }),
    ).toEqual([])
  })
  test('run to the end when the source fell silent', () => {
    expect(gapSpans({ t: [0, 60, 120], series: [[1, null, null]] })).toEqual([[0, 120]])
  })
})
