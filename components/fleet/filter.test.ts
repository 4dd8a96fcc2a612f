import { describe, expect, it } from 'vitest'
import { countGpus } from '@/lib/health/rules/in-service'
import { facetOrder, prepare, select } from './filter'
import { currentFinding, findingsOf, nextFinding } from './findings'
import { cleared, readParams, toggled, writeParams } from './params'
import { findRow, parsePath, pathOf } from './rows'
import { fleetFixture } from './testing/fleet'

const fleet = fleetFixture({ hosts: 6, gpusPerHost: 4, ratings: { 2: 2, 5: 1, 9: 3, 23: 4 } })

function selected(query: string): ReturnType<typeof select> {
  return select(prepare(fleet, readParams(new URLSearchParams(query))))
}

function selectedOf(rows: typeof fleet): Uint8Array {
  return select(prepare(rows, readParams(new URLSearchParams()))).matches
}

function rowsOf(query: string): number[] {
  return [...selected(query).matches].flatMap((match, row) => (match === 1 ? [row] : []))
}

describe('select', () => {
  it.each([
    ['', 24],
    ['rating=breach', 1],
    ['rating=breach&rating=warning', 2],
    ['region=eu-fra', 12],
    ['region=eu-fra&model=RTX 4090', 0],
    ['label=inference', 8],
    ['allocation=stopped', 4],
    ['xid=79', 1],
    ['q=xid 79', 1],
    ['q=host-8003', 4],
    ['q=15200003', 4],
    ['q=15200003/2', 1],
    ['q=inference h100', 4],
    ['q=nothing-like-it', 0],
  ])('%s matches %i GPUs', (query, count) => {
    expect(selected(query).count).toBe(count)
    expect(rowsOf(query)).toHaveLength(count)
  })

  it('a short number is an XID or a whole name, never a part of an id', () => {
    expect(rowsOf('q=20')).toEqual([])
    expect(rowsOf('q=79')).toEqual([2])
  })

  it('a facet counts what each of its values would give with the other filters in place', () => {
    const { facets } = selected('region=eu-fra&rating=breach')
    expect(facets.region.get('us-east')).toBe(1)
    expect(facets.region.get('eu-fra')).toBeUndefined()
    expect(facets.rating.get('warning')).toBe(1)
    expect(facets.rating.get('breach')).toBe(0)
  })

  it('a rating filter moves no host: all keep their place', () => {
    expect([...selected('rating=breach').shown]).toEqual([1, 1, 1, 1, 1, 1])
    expect([...selected('q=xid 79').shown]).toEqual([1, 1, 1, 1, 1, 1])
    expect([...selected('region=eu-fra').shown]).toEqual([0, 1, 0, 1, 0, 1])
  })

  it('an XID that can not be observed is counted as unread, never as none', () => {
    const blind = fleetFixture({ hosts: 1, gpusPerHost: 2 })
    blind.gpus.xid[0] = -1
    expect(facetOrder(blind, 'xid')).toEqual(['none', 'unread'])
    const { facets } = select(prepare(blind, readParams(new URLSearchParams())))
    expect(facets.xid.get('unread')).toBe(1)
  })
})

describe('findingsOf', () => {
  it('lists breach before warning before unknown before stale and never the clear', () => {
    const findings = findingsOf(fleet, selected('').matches).list
    expect(findings.map((finding) => [finding.rating, ...finding.rows])).toEqual([
      ['breach', 2],
      ['warning', 5],
      ['unknown', 9],
      ['stale', 23],
    ])
  })

  it('a lost host is one line', () => {
    const lost = fleetFixture({ hosts: 2, gpusPerHost: 4, ratings: { 4: 2, 5: 2, 6: 2, 7: 2 } })
    const all = select(prepare(lost, readParams(new URLSearchParams()))).matches
    expect(findingsOf(lost, all).list).toHaveLength(1)
  })

  it('a GPU that is stopped on purpose is counted as away, not listed', () => {
    const resting = fleetFixture({ hosts: 1, gpusPerHost: 2, ratings: { 0: 3, 1: 3 } })
    resting.gpus.code[0] = 'instance.stopped-as-intended'
    const all = select(prepare(resting, readParams(new URLSearchParams()))).matches
    const { list, away } = findingsOf(resting, all)
    expect([list.length, away]).toEqual([1, 1])
  })

  it('a GPU out of service is neither unknown nor stale in counts and filters, as on the board', () => {
    const resting = fleetFixture({ hosts: 1, gpusPerHost: 4, ratings: { 0: 3, 1: 3, 2: 2 } })
    resting.gpus.code[0] = 'instance.stopped-as-intended'
    const of = (query: string) => select(prepare(resting, readParams(new URLSearchParams(query))))
    expect(of('').counts).toEqual(countGpus(resting.gpus))
    expect(of('').facets.rating.get('unknown')).toBe(1)
    expect(of('').facets.rating.get('out')).toBe(1)
    expect([...of('rating=unknown').matches]).toEqual([0, 1, 0, 0])
    expect([...of('rating=out').matches]).toEqual([1, 0, 0, 0])
  })

  it('a rental in breach is listed even when every card on it is well', () => {
    const narrow = fleetFixture({ hosts: 2, gpusPerHost: 2 })
    narrow.instances.rating[1] = 2
    narrow.instances.reason[1] = '1 of 2 rented GPUs in sight'
    const all = select(prepare(narrow, readParams(new URLSearchParams()))).matches
    expect(findingsOf(narrow, all).list).toMatchObject([{ scope: 'rental', rating: 'breach', rows: [2, 3] }])
    expect(findingsOf(narrow, new Uint8Array(4)).list).toEqual([])
  })

  it('J and K go round through the findings', () => {
    const findings = findingsOf(fleet, selected('').matches).list
    const step = (row: number, by: 1 | -1) => nextFinding(findings, { row }, by)?.rows[0]
    expect([step(-1, 1), step(2, 1), step(2, -1)]).toEqual([2, 5, 23])
    expect(nextFinding([], { row: 3 }, 1)).toBeUndefined()
  })

  it('of two lines that hold one GPU exactly one is current, and J comes past both', () => {
    const both = fleetFixture({ hosts: 2, gpusPerHost: 2, ratings: { 0: 2, 2: 1 } })
    both.instances.rating[0] = 2
    both.instances.reason[0] = '1 of 2 rented GPUs in sight'
    const { list } = findingsOf(both, selectedOf(both))
    const walked: string[] = []
    let cursor: { row: number; key?: string } = { row: -1 }
    for (let step = 0; step < list.length; step += 1) {
      const next = nextFinding(list, cursor, 1)
      if (!next) break
      cursor = { row: next.rows[0] ?? -1, key: next.key }
      expect(currentFinding(list, cursor)).toBe(next)
      walked.push(next.key)
    }
    expect(walked).toEqual(list.map((finding) => finding.key))
  })
})

describe('params', () => {
  it('a link carries everything and comes back the same', () => {
    const query =
      'rating=breach&region=eu-fra&label=a%2Cb&q=xid+79&group=model&colour=temp&view=table&sort=-temp&gpu=15200003/2'
    expect(readParams(new URLSearchParams(writeParams(readParams(new URLSearchParams(query)))))).toEqual(
      readParams(new URLSearchParams(query)),
    )
  })

  it('the defaults leave the URL empty, and unknown words fall back to them', () => {
    expect(writeParams(readParams(new URLSearchParams('group=planet&colour=mood&view=sphere')))).toBe('')
  })

  it('toggling twice and clearing both end where they began', () => {
    const start = readParams(new URLSearchParams('colour=temp'))
    expect(toggled(toggled(start, 'region', 'x'), 'region', 'x')).toEqual(start)
    expect(cleared(toggled(start, 'region', 'x'))).toEqual(start)
  })
})

describe('paths', () => {
  it('a row and its path name the same GPU', () => {
    expect(findRow(fleet, parsePath(pathOf(fleet, 13)))).toBe(13)
  })

  it.each(['', 'x', '15200003/9', '15200003/-1', 'gone/0'])('%j names no GPU', (text) => {
    expect(findRow(fleet, parsePath(text))).toBe(-1)
  })
})
