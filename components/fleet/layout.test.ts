import { describe, expect, it } from 'vitest'
import { TILE_SIZES } from './block-metrics'
import { fittingTilePx, type LayoutRequest, layoutWall, nextTilePx } from './layout'
import { hitTest, neighbour } from './neighbours'
import { fleetFixture } from './testing/fleet'

function request(over: Partial<LayoutRequest> & { readonly fleet: LayoutRequest['fleet'] }): LayoutRequest {
  const shown = new Uint8Array(over.fleet.instances.count).fill(1)
  return { shown, group: 'host', widthPx: 740, tilePx: 4, textPx: 12, ...over }
}

describe('layoutWall', () => {
  it.each([
    { hosts: 1, gpusPerHost: 3 },
    { hosts: 3, gpusPerHost: 1 },
    { hosts: 40, gpusPerHost: 8 },
    { hosts: 2_000, gpusPerHost: 5 },
    { hosts: 1, gpusPerHost: 255 },
  ])(
    'no two of $hosts × $gpusPerHost tiles overlap and every centre is found again, at every zoom',
    (size) => {
      const fleet = fleetFixture(size)
      for (const tilePx of TILE_SIZES) {
        const layout = layoutWall(request({ fleet, tilePx }))
        const half = tilePx / 2
        const misplaced: number[] = []
        for (let row = 0; row < fleet.gpus.count; row += 1) {
          const x = layout.tileX[row] ?? -1
          const y = layout.tileY[row] ?? -1
          const isInside = x + tilePx <= layout.width && y + tilePx <= layout.height
          if (!isInside || hitTest(layout, x + half, y + half) !== row) misplaced.push(row)
        }
        expect(misplaced).toEqual([])
      }
    },
  )

  it('gives the same places whatever the ratings are', () => {
    const calm = layoutWall(request({ fleet: fleetFixture({ hosts: 50 }) }))
    const burning = layoutWall(
      request({ fleet: fleetFixture({ hosts: 50, ratings: { 3: 2, 77: 1, 200: 3 } }) }),
    )
    expect(burning.tileX).toEqual(calm.tileX)
    expect(burning.tileY).toEqual(calm.tileY)
  })

  it('keeps hosts in the order of the snapshot within their region', () => {
    const layout = layoutWall(request({ fleet: fleetFixture({ hosts: 4 }) }))
    expect(layout.blocks.map((block) => block.name)).toEqual([
      'host-8001',
      'host-8003',
      'host-8000',
      'host-8002',
    ])
    expect(layout.sections.map((section) => section.name)).toEqual(['eu-fra', 'us-east'])
  })

  it('puts two rentals of one host into one block when grouped by host, and into two otherwise', () => {
    const fleet = fleetFixture({ hosts: 2, gpusPerHost: 2, regions: ['us-east'] })
    fleet.instances.host = ['same', 'same']
    expect(layoutWall(request({ fleet })).blocks).toHaveLength(1)
    expect(layoutWall(request({ fleet, group: 'region' })).blocks).toHaveLength(2)
  })

  it('leaves out what is not shown and hits nothing in its place', () => {
    const fleet = fleetFixture({ hosts: 2, regions: ['us-east'] })
    const layout = layoutWall(request({ fleet, shown: Uint8Array.from([0, 1]) }))
    expect(layout.tileX[0]).toBe(-1)
    expect(layout.order.length).toBe(8)
  })

  it('an empty fleet has no lines and hits nothing', () => {
    const layout = layoutWall(request({ fleet: fleetFixture({ hosts: 0 }) }))
    expect(layout.lines).toEqual([])
    expect(hitTest(layout, 10, 30)).toBe(-1)
  })
})

describe('fittingTilePx', () => {
  it.each([
    { hosts: 1, gpusPerHost: 3, tile: 44 },
    { hosts: 2_000, gpusPerHost: 5, tile: 4 },
  ])('$hosts hosts take the largest tile that fits: $tile px', ({ hosts, gpusPerHost, tile }) => {
    const fleet = fleetFixture({ hosts, gpusPerHost })
    expect(fittingTilePx({ ...request({ fleet }), heightPx: 700 })).toBe(tile)
  })

  it('a fitted wall is never higher than its room unless tiles are at their smallest', () => {
    for (const hosts of [1, 5, 20, 60, 150, 400, 900]) {
      const fleet = fleetFixture({ hosts })
      const tilePx = fittingTilePx({ ...request({ fleet }), heightPx: 700 })
      const { height } = layoutWall(request({ fleet, tilePx }))
      expect(tilePx === 4 || height <= 700).toBe(true)
    }
  })
})

describe('nextTilePx', () => {
  it.each([
    [4, -1, 4],
    [4, 1, 5],
    [44, 1, 44],
    [12, -1, 10],
  ] as const)('from %i px a step of %i gives %i px', (from, step, to) => {
    expect(nextTilePx(from, step)).toBe(to)
  })
})

describe('neighbour', () => {
  const fleet = fleetFixture({ hosts: 30, regions: ['us-east'] })
  const layout = layoutWall(request({ fleet, widthPx: 100 }))

  it('every tile is reached from the first by right and down alone', () => {
    const reached = new Set<number>([layout.order[0] ?? -1])
    const queue = [...reached]
    for (let row = queue.pop(); row !== undefined; row = queue.pop()) {
      for (const direction of ['right', 'down'] as const) {
        const next = neighbour(layout, row, direction)
        if (!reached.has(next)) {
          reached.add(next)
          queue.push(next)
        }
      }
    }
    expect(reached.size).toBe(fleet.gpus.count)
  })

  it('down then up comes back within a block, and the edges hold', () => {
    const first = layout.order[0] ?? -1
    expect(neighbour(layout, neighbour(layout, first, 'down'), 'up')).toBe(first)
    expect(neighbour(layout, first, 'up')).toBe(first)
    expect(neighbour(layout, first, 'left')).toBe(first)
  })
})
