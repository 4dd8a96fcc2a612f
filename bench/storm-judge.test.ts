import { describe, expect, it } from 'vitest'
import { judgeStored, type StoredAlert } from './storm-judge'

const alerts = [0, 1, 2].map((second) => ({ startsAt: new Date(second * 1_000).toISOString() }))
const expected = {
  alerts,
  plan: { resolved: new Set([1]) },
  sent: { attempts: [2, 3, 1], acknowledged: [2, 2, 1] },
}
const at = (number: number, row: Partial<StoredAlert> = {}): StoredAlert => ({
  number,
  status: number === 1 ? 'resolved' : 'firing',
  seen: 2 - Number(number === 2),
  startsAt: new Date(number * 1_000),
  ...row,
})
const SOUND = {
  episodes: 3,
  missing: 0,
  surplus: 0,
  wrongState: 0,
  uncounted: 0,
  countedTwice: 0,
  firing: 2,
}

describe('the judge of a storm', () => {
  it('finds nothing in a sound one, whether the delivery without an answer counted or not', () => {
    expect(judgeStored([at(0), at(1), at(2)], expected)).toEqual(SOUND)
    expect(judgeStored([at(0), at(1, { seen: 3 }), at(2)], expected)).toEqual(SOUND)
  })

  it.each([
    ['an alert that is not there', [at(0), at(1)], { episodes: 2, missing: 1 }],
    ['an alert that is there twice', [at(0), at(1), at(2), at(2)], { episodes: 4, surplus: 1 }],
    ['an alert that nobody sent', [at(0), at(1), at(2), at(7)], { episodes: 4, surplus: 1 }],
    [
      'another beginning of an alert',
      [at(0), at(1), at(2, { startsAt: new Date(9) })],
      { missing: 1, surplus: 1 },
    ],
    ['an end that was not heard', [at(0), at(1, { status: 'firing' }), at(2)], { wrongState: 1 }],
    ['an acknowledged delivery that does not count', [at(0, { seen: 1 }), at(1), at(2)], { uncounted: 1 }],
    ['a delivery that counts twice', [at(0), at(1), at(2, { seen: 2 })], { countedTwice: 1 }],
  ])('sees %s', (_name, rows, found) => {
    expect(judgeStored(rows, expected)).toEqual({ ...SOUND, ...found })
  })
})
