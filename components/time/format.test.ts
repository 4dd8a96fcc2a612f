import { describe, expect, test } from 'vitest'
import { age, bothTimes, dayOf, duration, isSameDay, limitTime, localTime, utcTime } from './format'

const CHICAGO = 'America/Chicago'
const beforeSpring = Date.parse('2026-03-08T07:59:59Z')
const afterSpring = Date.parse('2026-03-08T08:00:00Z')
const beforeAutumn = Date.parse('2026-11-01T06:59:59Z')
const afterAutumn = Date.parse('2026-11-01T07:00:00Z')

describe('a duration', () => {
  test.each([
    [-3, '0s'],
    [0, '0s'],
    [59.9, '59s'],
    [60, '1m 00s'],
    [250, '4m 10s'],
    [3599, '59m 59s'],
    [3600, '1h 00m'],
    [3840, '1h 04m'],
    [86_399, '23h 59m'],
    [86_400, '1d 00h'],
    [108_000, '1d 06h'],
  ])('of %d seconds reads %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })
})

describe('an age', () => {
  test.each([
    [9, '9 s'],
    [60, '1 m'],
    [1061, '17 m'],
    [3840, '1h 04m'],
  ])('of %d seconds reads %s', (seconds, text) => {
    expect(age(seconds)).toBe(text)
  })
})

describe('an instant', () => {
  test('is written in UTC first and never depends on the zone of the machine', () => {
    expect(utcTime(afterSpring)).toBe('08:00Z')
    expect(utcTime(beforeAutumn, true)).toBe('06:59:59Z')
  })
  test.each([
    ['the last second of winter time', beforeSpring, '01:59 CST'],
    ['the first second of summer time', afterSpring, '03:00 CDT'],
    ['the last second of summer time', beforeAutumn, '01:59 CDT'],
    ['the repeated hour', afterAutumn, '01:00 CST'],
  ])('in Chicago at %s carries the right zone name', (_name, at, text) => {
    expect(localTime(at, CHICAGO)).toBe(text)
  })
  test('belongs to the day of the zone, not of UTC', () => {
    const at = Date.parse('2026-11-18T03:00:00Z')
    expect(dayOf(at, 'UTC')).toBe('Wed 18 Nov')
    expect(dayOf(at, CHICAGO)).toBe('Tue 17 Nov')
    expect(isSameDay(at, at - 4 * 3_600_000, 'UTC')).toBe(false)
    expect(isSameDay(at, at - 4 * 3_600_000, CHICAGO)).toBe(true)
  })
  test('shows both days when they differ', () => {
    expect(bothTimes(Date.parse('2026-11-18T02:29:41Z'), CHICAGO)).toBe(
      'Wed 18 Nov 02:29:41Z (Tue 17 Nov 20:29 CST)',
    )
  })
})

test('a round limit carries no idle zeros', () => {
  expect([limitTime(120), limitTime(90), limitTime(600), limitTime(3600), limitTime(45)]).toEqual([
    '2m',
    '1m 30s',
    '10m',
    '1h',
    '45s',
  ])
})
