import { describe, expect, it } from 'vitest'
import { assumedLimits } from './thermal'
import { throttleNames } from './throttle'
import { xidCodes, xidEntry } from './xid'

describe('the XID catalogue', () => {
  it.each([
    [13, 'app-warning'],
    [31, 'app-warning'],
    [43, 'info'],
    [45, 'info'],
    [48, 'critical'],
    [63, 'warning'],
    [64, 'critical'],
    [74, 'critical'],
    [79, 'critical'],
    [92, 'warning'],
    [94, 'critical'],
    [95, 'critical'],
    [119, 'critical'],
    [120, 'critical'],
    [144, 'critical'],
    [154, 'warning'],
    [999, 'unknown'],
  ])('puts %d into %s', (code, expected) => {
    expect(xidEntry(code)?.class).toBe(expected)
  })

  it('lists no code twice and has whole sentences for each', () => {
    const codes = xidCodes()
    expect(codes.length).toBeGreaterThan(80)
    for (const code of codes) {
      const entry = xidEntry(code)
      expect(entry?.whatHappened).toMatch(/\.$/)
      expect(entry?.action).toMatch(/\.$/)
    }
  })

  it('never tells a renter to reset the card or to reboot the host', () => {
    for (const code of xidCodes())
      expect(xidEntry(code)?.action).not.toMatch(/^(Reset|Reboot)|nvidia-smi --gpu-reset/i)
  })

  it('tells for every critical code to replace or restart', () => {
    for (const code of xidCodes()) {
      const entry = xidEntry(code)
      if (entry?.class === 'critical') expect(entry.action).toMatch(/replace/i)
    }
  })

  it('has no entry for 0, which is no error', () => {
    expect(xidEntry(0)).toBeUndefined()
  })
})

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
