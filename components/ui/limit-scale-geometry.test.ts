import { describe, expect, test } from 'vitest'
import { limitScale } from './limit-scale-geometry'

describe('the limit scale', () => {
  test.each([
    { name: 'under the limit', value: 4, zone: 'clear' },
    { name: 'exactly on the limit', value: 10, zone: 'clear' },
    { name: 'past the limit', value: 61, zone: 'breach' },
    { name: 'unknown', value: null, zone: 'none' },
  ] as const)('colours nothing it should not: $name', ({ value, zone }) => {
    expect(limitScale({ value, limit: 10, width: 104 }).zone).toBe(zone)
  })
  test('an unknown value has no needle', () => {
    expect(limitScale({ value: null, limit: 10, width: 104 }).needleX).toBeUndefined()
  })
  test('the needle stays on the axis however large the value', () => {
    const { needleX = Number.NaN } = limitScale({ value: 1e9, limit: 10, width: 104 })
    expect(needleX).toBeLessThanOrEqual(103)
  })
  test('a limit of zero keeps a notch left of a breaching needle', () => {
    const scale = limitScale({ value: 1, limit: 0, width: 104 })
    expect(scale.zone).toBe('breach')
    expect(scale.needleX ?? 0).toBeGreaterThan(scale.limitX)
  })
  test('between warning and limit is a warning', () => {
    expect(limitScale({ value: 3, limit: 5, warn: 1, width: 104 }).zone).toBe('warning')
  })
})
