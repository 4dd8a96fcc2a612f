import { describe, expect, it } from 'vitest'
import { prepare, select } from '@/components/fleet/filter'
import { readParams } from '@/components/fleet/params'
import { fleetFixture } from '@/components/fleet/testing/fleet'
import { findingGroups } from './groups'
import { ledgerOf, type Strike } from './ledger'

function ailing(): ReturnType<typeof fleetFixture> {
  const fleet = fleetFixture({ hosts: 4, gpusPerHost: 2, ratings: { 0: 2, 1: 2, 4: 1, 5: 1, 6: 3, 7: 3 } })
  const say = (row: number, code: string, reason: string): void => {
    fleet.gpus.code[row] = code
    fleet.gpus.reason[row] = reason
  }
  say(0, 'gpu.fell-off-bus', 'XID 79: the GPU has fallen off the bus')
  say(1, 'gpu.fell-off-bus', 'XID 79: the GPU has fallen off the bus. Not reset since')
  say(4, 'gpu.thermal', 'Held at or past 85 °C (threshold assumed: the device does not tell its own)')
  say(5, 'gpu.brand-new', 'Something that this page has not heard of')
  say(6, 'instance.stopped-as-intended', 'Not in service')
  say(7, 'gpu.instance-only', 'The provider tells one value for the whole instance, none for this card')
  return fleet
}

describe('findingGroups', () => {
  it('puts one XID in one group whatever its age, worst first, and leaves out what is stopped on purpose', () => {
    expect(findingGroups(ailing()).map((group) => [group.rating, group.title, group.rows.length])).toEqual([
      ['breach', 'XID 79: off the bus', 2],
      ['warning', 'Heat and throttling', 1],
      ['warning', 'Brand new', 1],
      ['unknown', 'Not observable per card', 1],
    ])
  })

  it("a group's link to the fleet shows exactly its GPUs", () => {
    const fleet = ailing()
    for (const group of findingGroups(fleet)) {
      const { matches } = select(prepare(fleet, readParams(new URLSearchParams(group.query))))
      expect([...matches].flatMap((match, row) => (match === 1 ? [row] : []))).toEqual(group.rows)
    }
  })
})

describe('ledgerOf', () => {
  const strike = (over: Partial<Strike>): Strike => ({
    id: 1,
    gpuUuid: 'GPU-a',
    machineId: '7',
    hostId: '1',
    instanceId: '100',
    kind: 'xid',
    code: 79,
    at: '2026-11-20T10:00:00.000Z',
    detail: '',
    ...over,
  })

  it('counts a machine over all its rentals and cards, newest strike first', () => {
    const [line] = ledgerOf([
      strike({}),
      strike({ id: 2, gpuUuid: 'GPU-b', instanceId: '200', at: '2026-11-21T10:00:00.000Z' }),
      strike({ id: 3, gpuUuid: null }),
    ])
    expect(line).toMatchObject({ machineId: '7', cards: 2, rentals: 2, lastAt: '2026-11-21T10:00:00.000Z' })
    expect(line?.strikes[0]?.id).toBe(2)
  })

  it('strikes without a machine do not fall together', () => {
    expect(ledgerOf([strike({ machineId: '' }), strike({ machineId: '', instanceId: '200' })])).toHaveLength(
      2,
    )
  })

  it('an empty ledger is empty', () => {
    expect(ledgerOf([])).toEqual([])
  })
})
