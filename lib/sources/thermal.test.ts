import { describe, expect, it } from 'vitest'
import { assumedLimits } from './thermal'
import { throttleNames } from './throttle'

describe('assumed limits', () => {
  it.each([
    ['NVIDIA H100 80GB HBM3', 'H100'],
    ['NVIDIA A100-SXM4-80GB', 'A100'],
    ['NVIDIA GeForce RTX 4090', 'RTX 40'],
    ['RTX_3090', 'RTX 30'],
    ['NVIDIA L40S', 'L40'],
    ['NVIDIA B200', 'B200'],
    ['NVIDIA GB200', 'GB200, GB300'],
    ['NVIDIA GH200 480GB', 'GH200'],
    ['NVIDIA A40', 'A10, A40'],
    ['RTX 5090', 'any model'],
    [undefined, 'any model'],
  ])('of %s are those of %s, and are marked as assumed', (model, expected) => {
    const limits = assumedLimits(model)
    expect(limits).toMatchObject({ model: expected, assumed: true })
    expect(limits.warnC).toBeLessThan(limits.breachC)
  })
})

it('throttle names are those of the set bits', () => {
  expect(throttleNames(0)).toEqual([])
  expect(throttleNames(0x1ff)).toHaveLength(9)
  expect(throttleNames(0x8 + 0x80)).toEqual(['hw-slowdown', 'power-brake'])
})
