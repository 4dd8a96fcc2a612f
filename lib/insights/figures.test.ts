import { describe, expect, it } from 'vitest'
import { factOf, type RawFact } from './facts'
import { binsOf, cutsOf, durationOf, figureOf, heatOf, isZone, promisesOf, spreadOf } from './figures'
import type { Fact } from './model'

const MINUTE_MS = 60_000
const t0 = Date.parse('2026-11-18T02:00:00Z')
const plus = (minutes: number): number => t0 + minutes * MINUTE_MS

function raw(changes: Partial<RawFact> = {}): RawFact {
  return {
    id: 'i',
    number: 7,
    isDrill: false,
    title: 'Inference 503s',
    severity: 'P1',
    isPublic: true,
    impactAtMs: t0,
    declaredAtMs: plus(10),
    acknowledgedAtMs: plus(12),
    resolvedAtMs: plus(60),
    firstAlertAtMs: plus(4),
    alertBeganAtMs: null,
    statuses: [
      { atMs: plus(30), to: 'monitoring' },
      { atMs: plus(35), to: 'investigating' },
      { atMs: plus(50), to: 'monitoring' },
      { atMs: plus(60), to: 'resolved' },
    ],
    leaves: ['provider.errors'],
    components: ['api'],
    hosts: ['41'],
    posts: [],
    approved: {},
    corrected: {},
    ...changes,
  }
}

function fact(changes: Partial<RawFact> = {}): Fact {
  return factOf(raw(changes), plus(100))
}

describe('definitions', () => {
  it.each([
    ['N-DEF-1', 'detect', {}, 4 * MINUTE_MS],
    ['N-DEF-1 declared before any alert', 'detect', { firstAlertAtMs: plus(20) }, 10 * MINUTE_MS],
    ['N-DEF-1 no alert at all', 'detect', { firstAlertAtMs: null }, 10 * MINUTE_MS],
    ['N-DEF-5', 'detect', { impactAtMs: null }, 'from-unknown'],
    ['N-DEF-5', 'detect', { impactAtMs: plus(5) }, 'out-of-order'],
    ['N-DEF-2', 'acknowledge', {}, 8 * MINUTE_MS],
    ['N-DEF-5', 'acknowledge', { acknowledgedAtMs: null }, 'not-yet'],
    ['N-DEF-3', 'mitigate', {}, 50 * MINUTE_MS],
    ['N-DEF-3 still going', 'mitigate', { statuses: [], resolvedAtMs: null }, 'not-yet'],
    ['N-DEF-4', 'resolve', {}, 60 * MINUTE_MS],
    ['N-DEF-4 impact unknown', 'resolve', { impactAtMs: null }, 50 * MINUTE_MS],
    ['N-DEF-1 said by an alert', 'detect', { impactAtMs: null, alertBeganAtMs: plus(1) }, 3 * MINUTE_MS],
    ['N-DEF-1 an alert of later', 'detect', { impactAtMs: null, alertBeganAtMs: plus(11) }, 'from-unknown'],
    ['N-DEF-6 approved', 'detect', { approved: { detected: plus(2), resolved: null } }, 2 * MINUTE_MS],
    [
      'N-DEF-6 put right',
      'detect',
      { approved: { detected: plus(2) }, corrected: { detected: plus(3) } },
      3 * MINUTE_MS,
    ],
    ['N-DEF-6 nobody knows', 'detect', { corrected: { impact: null } }, 'from-unknown'],
  ] as const)('%s: %s', (_rule, measure, changes, wanted) => {
    expect(durationOf(fact(changes), measure)).toBe(wanted)
  })
})

describe('figures', () => {
  it.each([
    [[], null],
    [[5], { n: 1, medianMs: 5, p90Ms: 5, minMs: 5, maxMs: 5 }],
    [[4, 1, 3, 2], { n: 4, medianMs: 2.5, p90Ms: 4, minMs: 1, maxMs: 4 }],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 100], { n: 10, medianMs: 5.5, p90Ms: 9, minMs: 1, maxMs: 100 }],
  ])('N-FIG-1: the spread of %j', (values, wanted) => {
    expect(spreadOf(values)).toEqual(wanted)
  })

  it('an edge belongs to the bar that it ends, and nothing is beyond the last', () => {
    const bins = binsOf([MINUTE_MS, MINUTE_MS + 1, 24 * 60 * MINUTE_MS, 48 * 60 * MINUTE_MS])
    expect(bins).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
  })

  it('N-DEF-5: what is left out is counted with its reason', () => {
    const figure = figureOf(
      [fact(), fact({ acknowledgedAtMs: null }), fact({ acknowledgedAtMs: null })],
      'acknowledge',
    )
    expect(figure).toMatchObject({ spread: { n: 1 }, excluded: [{ why: 'not-yet', n: 2 }] })
  })

  it('N-FIG-3: an incident with two leaves stands in both rows', () => {
    const facts = [fact({ leaves: ['a', 'b', 'a'] }), fact({ leaves: ['b'] }), fact({ leaves: [] })]
    expect(cutsOf(facts, 'leaf').map(({ key, incidents }) => [key, incidents])).toEqual([
      ['b', 2],
      ['a', 1],
    ])
  })

  it.each([
    ['Etc/UTC', 2, 2],
    ['America/Chicago', 1, 20],
    ['Asia/Kolkata', 2, 7],
  ])('N-FIG-4: 02:04 UTC on a Wednesday in %s', (zone, weekday, hour) => {
    const heat = heatOf([fact()], zone)
    expect(heat[weekday]?.[hour]).toBe(1)
    expect(heat.flat().reduce((sum, count) => sum + count, 0)).toBe(1)
  })

  it.each([
    ['Europe/Berlin', true],
    ['Nowhere/Land', false],
    ['', false],
  ])('%s is a zone: %s', (zone, is) => {
    expect(isZone(zone)).toBe(is)
  })

  it('promises are kept, late or never kept', () => {
    const post = (atMs: number, nextAtMs: number | null) => ({
      audience: 'public' as const,
      atMs,
      nextAtMs,
      components: [],
      overrides: 0,
    })
    const facts = [
      fact({ posts: [post(plus(10), plus(20)), post(plus(20), plus(30)), post(plus(34), plus(40))] }),
    ]
    expect(promisesOf(facts)).toEqual({ kept: 1, late: 1, never: 1, lateMedianMs: 4 * MINUTE_MS })
  })
})
