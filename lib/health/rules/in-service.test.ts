import { describe, expect, test } from 'vitest'
import { RATINGS, type Rating } from '../model'
import { countGpus, isInService, OUT_OF_SERVICE } from './in-service'
import { INSTANCE_VERDICTS } from './instance-verdicts'

const gpus = (...cards: readonly (readonly [Rating, string])[]) => ({
  count: cards.length,
  rating: cards.map(([rating]) => RATINGS.indexOf(rating)),
  code: cards.map(([, code]) => code),
})
const none = { clear: 0, warning: 0, breach: 0, unknown: 0, stale: 0, outOfService: 0 }

test('every code that is out of service is one that the rules give', () => {
  const given = new Set<string>(Object.values(INSTANCE_VERDICTS).map((verdict) => verdict.code))
  expect(OUT_OF_SERVICE.filter((code) => !given.has(code))).toEqual([])
})

test('a host without heartbeat stays in service', () => {
  expect(isInService({ code: 'host.offline' })).toBe(true)
})

describe('the count of GPUs', () => {
  test.each(OUT_OF_SERVICE)('holds %s apart: neither unread nor clear', (code) => {
    expect(countGpus(gpus(['unknown', code]))).toEqual({ ...none, outOfService: 1 })
  })

  test('holds a gone card apart although its rating warns', () => {
    expect(countGpus(gpus(['warning', 'instance.gone'], ['warning', 'gpu.thermal']))).toEqual({
      ...none,
      warning: 1,
      outOfService: 1,
    })
  })

  test('calls a rating that it cannot read unknown, never clear', () => {
    expect(countGpus({ count: 1, rating: [9], code: [''] })).toEqual({ ...none, unknown: 1 })
  })

  test('of some rows leaves the others out', () => {
    const cards = gpus(['clear', ''], ['breach', 'gpu.thermal'], ['stale', 'gpu.stale'])
    expect(countGpus(cards, [0, 2])).toEqual({ ...none, clear: 1, stale: 1 })
  })
})
