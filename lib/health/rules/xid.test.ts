import { describe, expect, it } from 'vitest'
import { xidClause, xidMeans, xidWeight } from './xid-catalogue'
import { NAMED_XIDS, xidName } from './xid-names'

describe('the XID catalogue', () => {
  it.each([
    [13, 'application'],
    [31, 'application'],
    [43, 'application'],
    [45, 'application'],
    [37, 'info'],
    [48, 'hardware'],
    [63, 'degraded'],
    [64, 'hardware'],
    [74, 'hardware'],
    [79, 'hardware'],
    [92, 'degraded'],
    [94, 'hardware'],
    [95, 'hardware'],
    [119, 'hardware'],
    [120, 'hardware'],
    [144, 'hardware'],
    [154, 'degraded'],
    [999, 'unlisted'],
  ])('weighs %d as %s', (code, expected) => {
    expect(xidWeight(code)).toBe(expected)
  })

  it('has a name, a clause, a meaning and a weight for each listed code, and none for others', () => {
    expect(NAMED_XIDS.length).toBeGreaterThan(80)
    for (const code of NAMED_XIDS) {
      expect(xidName(code)).toMatch(/^\S.*[^.]$/)
      expect(xidClause(code)).not.toContain('catalogue')
      expect(xidMeans(code)).toMatch(/^[A-Z].*\.$/)
      expect(xidWeight(code)).not.toBe('unlisted')
    }
    expect(xidName(999)).toBe('not in our list')
    expect(xidClause(999)).toContain('not in the catalogue')
    expect(xidMeans(999)).toContain('999')
  })

  it('never tells a renter to reset the card or to reboot the host', () => {
    for (const code of NAMED_XIDS)
      expect(xidMeans(code)).not.toMatch(/^(Reset|Reboot)|nvidia-smi --gpu-reset/i)
  })
})
