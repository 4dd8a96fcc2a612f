import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IDLE, stepTrigger, type TickVerdict, type TriggerPolicy, type TriggerState } from './trigger'

const NAMES = { b: 'breach', o: 'ok', n: 'unknown' } as const
const policy: TriggerPolicy = { tickSeconds: 15, holdSeconds: 300, maxGapSeconds: 60, clearTicks: 2 }

function run(sequence: string, changes: Partial<TriggerPolicy> = {}): TriggerState[] {
  let state = IDLE
  return [...sequence].map((tick, index) => {
    const verdict: TickVerdict = NAMES[tick as keyof typeof NAMES]
    state = stepTrigger(state, { verdict, atMs: index * 15_000 }, { ...policy, ...changes })
    return state
  })
}

function firesAt(sequence: string, changes: Partial<TriggerPolicy> = {}): number {
  const index = run(sequence, changes).findIndex((state) => state.phase === 'firing')
  return index < 0 ? Number.POSITIVE_INFINITY : index
}

/** The same algorithm once more, naive: a list of counters walked tick by tick until it fires. */
function naive(sequence: string, hold: number, clear: number): number {
  let phase = 'inactive'
  let credit = 0
  let gap = 0
  let good = 0
  for (const [index, tick] of [...sequence].entries()) {
    if (tick === 'b') {
      good = 0
      if (phase === 'pending') credit += 15
      else {
        phase = 'pending'
        credit = 0
      }
      gap = 0
      if (credit >= hold) return index
      continue
    }
    if (tick === 'o') {
      good += 1
      if (good >= clear) {
        phase = 'inactive'
        credit = 0
        gap = 0
        continue
      }
    }
    if (phase !== 'pending') continue
    gap += 15
    if (gap > 60) {
      phase = 'lost'
      credit = 0
    }
  }
  return Number.POSITIVE_INFINITY
}

const sequences = fc
  .array(fc.constantFrom(...'bbbbbbnno'), { minLength: 1, maxLength: 80 })
  .map((ticks) => ticks.join(''))
const holds = fc.constantFrom(0, 15, 60, 90, 150, 300)

describe('a sustained trigger', () => {
  it.each([
    ['a steady breach fires five minutes after its first tick', 'b'.repeat(60), 20],
    ['45 s without data delay it by 45 s', `${'b'.repeat(10)}nnn${'b'.repeat(40)}`, 23],
    [
      '90 s without data lose the evidence: it starts again',
      `${'b'.repeat(10)}${'n'.repeat(6)}${'b'.repeat(40)}`,
      36,
    ],
    ['a breach every second tick fires after twice the time', 'bo'.repeat(60), 40],
    ['two good ticks in a row end it', `${'b'.repeat(19)}oo${'b'.repeat(20)}`, Number.POSITIVE_INFINITY],
    ['nothing but missing data never fires', 'n'.repeat(100), Number.POSITIVE_INFINITY],
  ])('A-TRG-01 %s', (_name, sequence, tick) => {
    expect(firesAt(sequence)).toBe(tick)
  })

  it('A-TRG-01 with one good tick enough to clear, a breach every second tick never fires', () => {
    expect(firesAt('bo'.repeat(100), { clearTicks: 1 })).toBe(Number.POSITIVE_INFINITY)
  })

  it('A-TRG-02 fires at the same tick as a second implementation', () => {
    fc.assert(
      fc.property(sequences, holds, fc.constantFrom(1, 2, 3), (sequence, holdSeconds, clearTicks) => {
        expect(firesAt(sequence, { holdSeconds, clearTicks })).toBe(naive(sequence, holdSeconds, clearTicks))
      }),
      { numRuns: 20_000 },
    )
  })

  it('A-TRG-03 a worse tick never makes it fire later, a better one never sooner', () => {
    const rank = { o: 0, n: 1, b: 2 }
    fc.assert(
      fc.property(
        sequences,
        holds,
        fc.nat(),
        fc.constantFrom(...'bno'),
        (sequence, holdSeconds, at, tick) => {
          const index = at % sequence.length
          const edited = `${sequence.slice(0, index)}${tick}${sequence.slice(index + 1)}`
          const worse = rank[tick as 'b'] - rank[sequence[index] as 'b']
          const before = firesAt(sequence, { holdSeconds })
          const after = firesAt(edited, { holdSeconds })
          if (worse > 0) expect(after).toBeLessThanOrEqual(before)
          if (worse < 0) expect(after).toBeGreaterThanOrEqual(before)
        },
      ),
      { numRuns: 20_000 },
    )
  })

  it('A-TRG-03 a good tick turned into missing data does not stop it', () => {
    const good = 'obbbbbnbbbbnnnnobbbb'
    const missing = `${good.slice(0, 15)}n${good.slice(16)}`
    expect(firesAt(missing, { holdSeconds: 150 })).toBeLessThanOrEqual(firesAt(good, { holdSeconds: 150 }))
  })

  it.each([
    ['missing data changes nothing', `b${'n'.repeat(50)}`, 'firing'],
    ['a lone good tick changes nothing', 'bob', 'firing'],
    ['two good ticks end it', 'boo', 'inactive'],
    ['two good ticks with missing data between them end it', 'bono', 'inactive'],
    ['after its end a breach starts it anew', 'boob', 'firing'],
  ])('A-TRG-04 once firing, %s', (_name, sequence, phase) => {
    expect(run(sequence, { holdSeconds: 0 }).at(-1)?.phase).toBe(phase)
  })

  it('A-TRG-05 says since when, and how much of it was seen', () => {
    const state = run(`${'b'.repeat(10)}nn${'b'.repeat(5)}`).at(-1)
    expect(state).toMatchObject({ phase: 'pending', sinceMs: 0, creditedSeconds: 14 * 15, gapSeconds: 0 })
  })
})
