import { describe, expect, test } from 'vitest'
import { layoutStrip, type StripFleet } from './strip-layout'

function fleetOf(hosts: readonly { readonly region: string; readonly gpus: number }[]): StripFleet {
  const gpus = hosts.map((host) => host.gpus)
  const firstGpu = gpus.map((_, index) => gpus.slice(0, index).reduce((sum, count) => sum + count, 0))
  return {
    instances: {
      count: hosts.length,
      host: hosts.map((_, index) => `host-${index}`),
      region: hosts.map((host) => host.region),
      gpus,
      firstGpu,
    },
    gpus: { count: gpus.reduce((sum, count) => sum + count, 0) },
  }
}

const many = (count: number, region: string) => Array.from({ length: count }, () => ({ region, gpus: 8 }))

describe('the fleet strip', () => {
  const fleet = fleetOf([...many(38, 'eu-fra'), ...many(80, 'us-east'), ...many(28, 'ap-tyo')])

  test('gives every GPU a place of its own inside the width', () => {
    const layout = layoutStrip(fleet, 1100, 170)
    const places = new Set(Array.from(layout.x, (x, row) => `${x},${layout.y[row]}`))
    expect(places.size).toBe(fleet.gpus.count)
    expect(Math.max(...layout.x) + layout.pitch).toBeLessThanOrEqual(1100)
    expect(Math.min(...layout.x)).toBe(0)
  })
  test('keeps to the height that it is given while tiles stay readable', () => {
    expect(layoutStrip(fleet, 1100, 170).height).toBeLessThanOrEqual(170)
  })
  test('puts the eight GPUs of a host in one column', () => {
    const { x } = layoutStrip(fleet, 1100, 170)
    expect(new Set(x.slice(0, 8)).size).toBe(1)
  })
  test('wraps regions on a phone instead of leaving the screen', () => {
    const layout = layoutStrip(fleet, 358, 260)
    expect(Math.max(...layout.x) + layout.pitch).toBeLessThanOrEqual(358)
    expect(Math.min(...layout.x)).toBe(0)
  })
  test('still shows ten thousand GPUs', () => {
    const layout = layoutStrip(fleetOf(many(1260, 'us-east')), 1100, 170)
    expect(Math.min(...layout.x)).toBe(0)
    expect(layout.pitch).toBe(4)
  })
  test('stands hosts of one GPU on top of each other', () => {
    const layout = layoutStrip(
      fleetOf(Array.from({ length: 9 }, () => ({ region: 'eu', gpus: 1 }))),
      400,
      170,
    )
    expect(new Set(layout.x).size).toBe(2)
  })
  test('is empty for an empty fleet', () => {
    expect(layoutStrip(fleetOf([]), 1100, 170).regions).toEqual([])
  })
})
