import { describe, expect, it } from 'vitest'
import type { WatchedQuery, Window } from './gate-signals'
import { DEFAULT_MIGRATIONS_POLICY as policy } from './policy'
import { judgeGate } from './traffic-gate'

const TICK_MS = 15_000
const t0 = Date.parse('2026-11-18T02:30:00.000Z')

type Sample = Partial<Omit<Window, 'atMs'>>

/** One letter a tick of the new side: g good, m between the limits, e errors, s slow, - nothing. */
const KINDS: Readonly<Record<string, Sample>> = {
  g: {},
  m: { errors: 3 },
  e: { errors: 10 },
  s: { p95Ms: 1_400 },
}

function windows(ticks: string): readonly Window[] {
  return [...ticks].flatMap((letter, at) =>
    KINDS[letter] === undefined
      ? []
      : [{ atMs: t0 + at * TICK_MS, requests: 100, errors: 0, mismatches: 0, p95Ms: 200, ...KINDS[letter] }],
  )
}

function judge(
  ticks: string,
  changes: {
    readonly stepAt?: number
    readonly compared?: readonly Window[]
    readonly queries?: readonly WatchedQuery[]
  } = {},
) {
  return judgeGate({
    windows: windows(ticks),
    compared: changes.compared ?? [],
    queries: changes.queries ?? [],
    shiftedSinceMs: t0,
    stepSinceMs: t0 + (changes.stepAt ?? 0) * TICK_MS,
    noisePercent: 0,
    nowMs: t0 + ticks.length * TICK_MS,
    policy,
  })
}

describe('the gate of a shift', () => {
  it.each([
    ['ten good minutes pass', 'g'.repeat(40), 'pass'],
    ['nine good minutes wait', 'g'.repeat(36), 'wait'],
    ['nothing reported waits', '-'.repeat(60), 'wait'],
    ['silence after ten good minutes waits', `${'g'.repeat(40)}${'-'.repeat(12)}`, 'wait'],
    ['a figure between the limits is inconclusive', `${'g'.repeat(39)}m`, 'inconclusive'],
    [
      'a figure between the limits in the last two minutes is inconclusive',
      `${'g'.repeat(36)}mgg`.padEnd(40, 'g'),
      'inconclusive',
    ],
    ['one between them that is longer ago passes', `${'g'.repeat(20)}m${'g'.repeat(20)}`, 'pass'],
    [
      'a breach of the last two minutes holds, though two good ticks ended it',
      `${'g'.repeat(37)}egg`,
      'hold',
    ],
    ['errors that begin hold', `${'g'.repeat(40)}ee`, 'hold'],
    ['five minutes of errors roll back', `g${'e'.repeat(21)}`, 'roll-back'],
    ['missing data does not count towards the five minutes', `${'e'.repeat(10)}---${'e'.repeat(10)}`, 'hold'],
    ['a gap that is too long starts the clock again', `${'e'.repeat(15)}------${'e'.repeat(15)}`, 'hold'],
    ['a lone good tick does not save it', `${'e'.repeat(11)}g${'e'.repeat(11)}`, 'roll-back'],
    ['two good ticks end it', `${'e'.repeat(11)}gg${'e'.repeat(11)}`, 'hold'],
  ])('MG-GATE-01 %s', (_name, ticks, kind) => {
    expect(judge(ticks).kind).toBe(kind)
  })

  it('MG-GATE-02 slowness from the first minute is held at its step, and rolls back after ten minutes', () => {
    expect(judge(`gggg${'s'.repeat(36)}`).kind).toBe('hold')
    expect(judge(`gggg${'s'.repeat(41)}`).kind).toBe('roll-back')
  })

  it('MG-GATE-03 a step does not reset the clocks of the step before', () => {
    expect(judge(`${'g'.repeat(40)}${'e'.repeat(21)}`, { stepAt: 50 }).kind).toBe('roll-back')
  })

  it('MG-GATE-04 answers that differ count beyond the noise of the old side', () => {
    const compared = windows('g'.repeat(40)).map((window) => ({ ...window, mismatches: 5 }))
    expect(judge('g'.repeat(40), { compared }).kind).toBe('roll-back')
    const noisy = judgeGate({
      windows: windows('g'.repeat(40)),
      compared,
      queries: [],
      shiftedSinceMs: t0,
      stepSinceMs: t0,
      noisePercent: 5,
      nowMs: t0 + 40 * TICK_MS,
      policy,
    })
    expect(noisy.kind).toBe('pass')
  })

  it('MG-GATE-04 comparisons that fell silent are not known; a facade that compares nothing while it shifts is not asked', () => {
    const compared = windows('g'.repeat(20))
    expect(judge('g'.repeat(40), { compared })).toMatchObject({
      kind: 'inconclusive',
      words: 'The share of answers that differ is not known.',
    })
    expect(judge('g'.repeat(40)).kind).toBe('pass')
  })
})

/** One letter a tick of a query: g good, m between the limits, b beyond them, u could not be read, - not asked. */
const VALUES: Readonly<Record<string, number | null>> = { g: 1, m: 7, b: 20, u: null }

function query(ticks: string): WatchedQuery {
  return {
    name: 'queue wait',
    unit: 's',
    limits: { ok: 5, breach: 10, holdSeconds: 300 },
    readings: [...ticks].flatMap((letter, at) => {
      const value = VALUES[letter]
      return value === undefined
        ? []
        : [{ atMs: t0 + at * TICK_MS, value, why: value === null ? 'Prometheus: unreachable' : '' }]
    }),
  }
}

describe('a query that the plan names', () => {
  it.each([
    ['good all along passes', 'g'.repeat(40), 'pass', 'Every figure'],
    [
      'never read does not pass',
      '-'.repeat(40),
      'inconclusive',
      'queue wait is not known. It was not read yet.',
    ],
    ['that could never be read does not pass', 'u'.repeat(40), 'inconclusive', 'Prometheus: unreachable'],
    [
      'that is lost after good minutes does not pass',
      `${'g'.repeat(30)}${'u'.repeat(10)}`,
      'inconclusive',
      'not known',
    ],
    ['one lost reading does not hide the others', `${'g'.repeat(39)}u`, 'pass', 'Every figure'],
    ['between its limits is for a person', `${'g'.repeat(39)}m`, 'inconclusive', 'between its limits'],
    ['beyond its limit holds', `${'g'.repeat(36)}bbbb`, 'hold', 'queue wait is beyond its limit'],
    [
      'beyond its limit for its time rolls back',
      `g${'b'.repeat(21)}${'-'.repeat(18)}`.slice(0, 22),
      'roll-back',
      'queue wait',
    ],
    [
      'unknown in between neither fires nor exonerates',
      `${'b'.repeat(12)}uu${'b'.repeat(8)}`,
      'hold',
      'beyond its limit',
    ],
  ])('MG-GATE-06 %s', (_name, ticks, kind, words) => {
    const verdict = judge('g'.repeat(ticks.length), { queries: [query(ticks)] })
    expect(verdict.kind).toBe(kind)
    expect(verdict.words).toContain(words)
  })
})
