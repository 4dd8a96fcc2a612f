import { describe, expect, test } from 'vitest'
import { bandPath, sparkPaths, topOf } from './spark-path'

const size = { width: 10, height: 10, top: 10 }

describe('a sparkline', () => {
  test('lifts the pen at a gap and puts it down after it', () => {
    const { line } = sparkPaths({ values: [0, 5, null, 5, 10], ...size })
    expect(line).toBe('M0 10L2.5 5M7.5 5L10 0')
  })
  test('shows a value between two gaps as a dot', () => {
    expect(sparkPaths({ values: [null, 5, null], ...size }).line).toBe('M5 5h0')
  })
  test('ends at the last known value, which may not be the last slot', () => {
    expect(sparkPaths({ values: [1, 2, null], ...size }).last).toEqual({ x: 5, y: 8 })
  })
  test('has no line and no end when nothing is known', () => {
    expect(sparkPaths({ values: [null, null], ...size })).toEqual({
      line: '',
      last: undefined,
      limitY: undefined,
    })
  })
  test('draws the limit only when it fits on the axis', () => {
    expect(sparkPaths({ values: [1], ...size, limit: 5 }).limitY).toBe(5)
    expect(sparkPaths({ values: [1], ...size, limit: 50 }).limitY).toBeUndefined()
  })
})

describe('the axis', () => {
  test('shows the limit, near or far, so that the line stands where it is against it', () => {
    expect(topOf([4, 9], 10)).toBeCloseTo(11)
    expect(topOf([4, 9], 100)).toBeCloseTo(110)
  })
  test('shows every value when the limit is crossed', () => {
    expect(topOf([61], 10)).toBeCloseTo(67.1)
  })
  test('has a height even when every value is zero', () => {
    expect(topOf([0, 0], undefined)).toBe(1)
  })
})

describe('the band between arrival and dispatch', () => {
  test('is drawn only where arrival exceeds dispatch and both are known', () => {
    expect(bandPath({ upper: [5, 5, 5, 5], lower: [5, 2, 2, null], ...size })).toBe(
      'M3.3 5L6.7 5L6.7 8L3.3 8Z',
    )
  })
  test('is nothing while dispatch keeps up', () => {
    expect(bandPath({ upper: [1, 1], lower: [2, 2], ...size })).toBe('')
  })
})
