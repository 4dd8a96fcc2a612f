import { RATINGS } from '@/lib/health/model'
import { type GpuCounts, isInService } from '@/lib/health/rules/in-service'
import { type Chosen, FACET_IDS, type FacetId, type FleetParams } from './params'
import type { FleetRows } from './rows'

type InstanceFacet = 'region' | 'model' | 'label' | 'allocation' | 'actual'

const INSTANCE_FACETS: readonly InstanceFacet[] = ['region', 'model', 'label', 'allocation', 'actual']
const BIT: Readonly<Record<FacetId, number>> = {
  rating: 1,
  region: 2,
  model: 4,
  label: 8,
  allocation: 16,
  actual: 32,
  xid: 64,
  code: 128,
}
const SEARCH_BIT = 256
/** OUT is the rating facet's value for GPUs that are stopped as intended, not there yet, or gone. */
export const OUT = 'out'
const OUT_INDEX = RATINGS.length
const EVERY_RATING = (1 << (OUT_INDEX + 1)) - 1
const GPU_BITS = BIT.rating | BIT.xid | BIT.code | SEARCH_BIT

/** Matcher is a filter prepared for one state of the fleet; it answers for single rows without allocating. */
export type Matcher = {
  readonly fleet: FleetRows
  /** instanceFails holds for each instance the bits of the facets that it fails. */
  readonly instanceFails: Uint8Array
  readonly ratings: number
  readonly xids: ReadonlySet<number> | undefined
  readonly codes: ReadonlySet<string> | undefined
  readonly tokens: readonly Token[]
}

type Token = { readonly text: string; readonly xid: number | undefined; readonly instances: Uint8Array }

/** Selection is a filter's result: who matches, who keeps a place on the wall, and the counts beside each facet value. */
export type Selection = {
  readonly matches: Uint8Array
  readonly shown: Uint8Array
  readonly count: number
  /** counts are the matching GPUs by rating; those out of service are apart, as on the board. */
  readonly counts: GpuCounts
  readonly facets: Readonly<Record<FacetId, ReadonlyMap<string, number>>>
}

/** xidValue is the facet value of an XID column entry: the code, `none` for 0, `unread` where it can't be observed. */
export function xidValue(xid: number): string {
  if (xid < 0) return 'unread'
  return xid === 0 ? 'none' : String(xid)
}

/** prepare reads the filter against the fleet once, so that rows can be judged one by one afterwards. */
export function prepare(fleet: FleetRows, params: Pick<FleetParams, 'chosen' | 'search'>): Matcher {
  const instanceFails = new Uint8Array(fleet.instances.count)
  for (const facet of INSTANCE_FACETS)
    markFails(fleet.instances[facet], params.chosen[facet], BIT[facet], instanceFails)
  return {
    fleet,
    instanceFails,
    ratings: ratingMask(params.chosen),
    xids: xidSet(params.chosen.xid),
    codes: params.chosen.code.length > 0 ? new Set(params.chosen.code) : undefined,
    tokens: tokensOf(params.search).map((text) => tokenFor(fleet, text)),
  }
}

/** failsOf gives the bits of what a GPU row fails; 0 means that it matches. */
export function failsOf(matcher: Matcher, row: number): number {
  const { gpus } = matcher.fleet
  const instance = gpus.instance[row] ?? 0
  let fails = matcher.instanceFails[instance] ?? 0
  if (matcher.ratings !== EVERY_RATING && (matcher.ratings & (1 << standing(gpus, row))) === 0)
    fails |= BIT.rating
  if (matcher.xids && !matcher.xids.has(gpus.xid[row] ?? -1)) fails |= BIT.xid
  if (matcher.codes && !matcher.codes.has(gpus.code[row] ?? '')) fails |= BIT.code
  for (const token of matcher.tokens) {
    if (token.instances[instance] === 1) continue
    if (token.xid !== undefined && gpus.xid[row] === token.xid) continue
    if (token.text.length > 2 && (gpus.reason[row] ?? '').toLowerCase().includes(token.text)) continue
    if (isPath(matcher.fleet, { row, instance, text: token.text })) continue
    fails |= SEARCH_BIT
    break
  }
  return fails
}

/** select judges the whole fleet: about two milliseconds for 10,000 GPUs. */
export function select(matcher: Matcher): Selection {
  const { fleet } = matcher
  const matches = new Uint8Array(fleet.gpus.count)
  const byRating = new Uint32Array(OUT_INDEX + 1)
  const ratingFacet = new Uint32Array(OUT_INDEX + 1)
  const xidFacet = new Map<number, number>()
  const codeFacet = new Map<string, number>()
  const passing = new Uint16Array(fleet.instances.count)
  let count = 0
  for (let row = 0; row < fleet.gpus.count; row += 1) {
    const fails = failsOf(matcher, row)
    const rating = standing(fleet.gpus, row)
    if (fails === 0) {
      matches[row] = 1
      count += 1
      byRating[rating] = (byRating[rating] ?? 0) + 1
    }
    if ((fails & ~BIT.rating) === 0) ratingFacet[rating] = (ratingFacet[rating] ?? 0) + 1
    if ((fails & ~BIT.xid) === 0) {
      const xid = fleet.gpus.xid[row] ?? -1
      xidFacet.set(xid, (xidFacet.get(xid) ?? 0) + 1)
    }
    if ((fails & ~BIT.code) === 0) {
      const code = fleet.gpus.code[row] ?? ''
      codeFacet.set(code, (codeFacet.get(code) ?? 0) + 1)
    }
    if ((fails & GPU_BITS) === 0) {
      const instance = fleet.gpus.instance[row] ?? 0
      passing[instance] = (passing[instance] ?? 0) + 1
    }
  }
  return {
    matches,
    shown: shownOf(matcher),
    count,
    counts: countsOf(byRating),
    facets: facetCounts({ matcher, passing, ratingFacet, xidFacet, codeFacet }),
  }
}

/** A GPU's place among the ratings; one that is out of service has a place of its own, whatever it is rated. */
function standing(gpus: FleetRows['gpus'], row: number): number {
  return isInService({ code: gpus.code[row] ?? '' }) ? (gpus.rating[row] ?? 3) : OUT_INDEX
}

function countsOf(standings: Uint32Array): GpuCounts {
  const [clear = 0, warning = 0, breach = 0, unknown = 0, stale = 0, outOfService = 0] = standings
  return { clear, warning, breach, unknown, stale, outOfService }
}

/** facetOrder lists a facet's values for the screen: most GPUs first, which only changes with the fleet's make-up. */
export function facetOrder(fleet: FleetRows, facet: FacetId): string[] {
  if (facet === 'rating') return ['breach', 'warning', 'unknown', 'stale', 'clear', OUT]
  const totals = new Map<string, number>()
  if (facet === 'xid') {
    for (const xid of fleet.gpus.xid) totals.set(xidValue(xid), (totals.get(xidValue(xid)) ?? 0) + 1)
    const codes = [...totals.keys()].filter((value) => value !== 'none' && value !== 'unread')
    codes.sort((a, b) => Number(a) - Number(b))
    return [...codes, ...['none', 'unread'].filter((value) => totals.has(value))]
  }
  if (facet === 'code') {
    for (const code of fleet.gpus.code) if (!isClear(code)) totals.set(code, (totals.get(code) ?? 0) + 1)
    return byCount(totals)
  }
  const column = fleet.instances[facet]
  for (let row = 0; row < fleet.instances.count; row += 1) {
    const value = column[row] ?? ''
    totals.set(value, (totals.get(value) ?? 0) + (fleet.instances.gpus[row] ?? 0))
  }
  return byCount(totals)
}

function byCount(totals: ReadonlyMap<string, number>): string[] {
  return [...totals].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], 'en')).map(([value]) => value)
}

function isClear(code: string): boolean {
  return code === '' || code.startsWith('gpu.clear')
}

function markFails(
  column: readonly string[],
  chosen: readonly string[],
  bit: number,
  fails: Uint8Array,
): void {
  if (chosen.length === 0) return
  const accepted = new Set(chosen)
  for (let row = 0; row < fails.length; row += 1) {
    if (!accepted.has(column[row] ?? '')) fails[row] = (fails[row] ?? 0) | bit
  }
}

function ratingMask(chosen: Chosen): number {
  if (chosen.rating.length === 0) return EVERY_RATING
  return [...RATINGS, OUT].reduce(
    (mask, rating, code) => (chosen.rating.includes(rating) ? mask | (1 << code) : mask),
    0,
  )
}

function xidSet(chosen: readonly string[]): ReadonlySet<number> | undefined {
  if (chosen.length === 0) return undefined
  const code = (value: string): number => (value === 'none' ? 0 : value === 'unread' ? -1 : Number(value))
  return new Set(chosen.map(code))
}

function tokensOf(search: string): string[] {
  return search
    .toLowerCase()
    .replace(/\bxid[\s:]*(\d)/g, 'xid$1')
    .split(/\s+/)
    .filter((token) => token !== '')
    .slice(0, 8)
}

function tokenFor(fleet: FleetRows, text: string): Token {
  const code = /^(?:xid)?(\d{1,3})$/.exec(text)?.[1]
  // A short number is an XID or a whole number in a name; as a part of an id it would match half the fleet.
  const whole = code === undefined ? undefined : new RegExp(`(?:^|\\D)${code}(?:\\D|$)`)
  const found = (value: string): boolean => (whole ? whole.test(value) : value.toLowerCase().includes(text))
  const instances = new Uint8Array(fleet.instances.count)
  const { id, host, owner, label, region, model, image } = fleet.instances
  const columns = text.startsWith('xid') && whole ? [] : [id, host, owner, label, region, model, image]
  for (const column of columns) {
    for (let row = 0; row < instances.length; row += 1) {
      if (instances[row] === 0 && found(column[row] ?? '')) instances[row] = 1
    }
  }
  return { text, xid: code === undefined ? undefined : Number(code), instances }
}

function isPath(
  fleet: FleetRows,
  at: { readonly row: number; readonly instance: number; readonly text: string },
): boolean {
  const slash = at.text.indexOf('/')
  if (slash < 1) return false
  const index = at.row - (fleet.instances.firstGpu[at.instance] ?? 0)
  return at.text === `${(fleet.instances.id[at.instance] ?? '').toLowerCase()}/${index}`
}

/** A search for a host narrows the wall; one for an XID or a reason only dims, so that live changes never move tiles. */
function shownOf(matcher: Matcher): Uint8Array {
  const placing = matcher.tokens.filter((token) => token.instances.includes(1))
  const { instances } = matcher.fleet
  const shown = new Uint8Array(instances.count)
  for (let row = 0; row < shown.length; row += 1) {
    const fails = matcher.instanceFails[row] ?? 0
    if (fails === 0 && placing.every((token) => token.instances[row] === 1 || token.xid !== undefined))
      shown[row] = 1
  }
  return shown
}

function facetCounts(from: {
  readonly matcher: Matcher
  readonly passing: Uint16Array
  readonly ratingFacet: Uint32Array
  readonly xidFacet: ReadonlyMap<number, number>
  readonly codeFacet: ReadonlyMap<string, number>
}): Selection['facets'] {
  const facets = Object.fromEntries(FACET_IDS.map((id) => [id, new Map<string, number>()])) as Record<
    FacetId,
    Map<string, number>
  >
  for (const [index, count] of from.ratingFacet.entries()) facets.rating.set(RATINGS[index] ?? OUT, count)
  for (const [xid, count] of from.xidFacet) facets.xid.set(xidValue(xid), count)
  for (const [code, count] of from.codeFacet) facets.code.set(code, count)
  const { instances } = from.matcher.fleet
  for (let row = 0; row < instances.count; row += 1) {
    const gpus = from.passing[row] ?? 0
    if (gpus === 0) continue
    const fails = from.matcher.instanceFails[row] ?? 0
    for (const facet of INSTANCE_FACETS) {
      if ((fails & ~BIT[facet]) !== 0) continue
      const value = instances[facet][row] ?? ''
      facets[facet].set(value, (facets[facet].get(value) ?? 0) + gpus)
    }
  }
  return facets
}
