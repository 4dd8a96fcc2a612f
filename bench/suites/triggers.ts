import { IDLE, stepTrigger, type TickVerdict } from '../../lib/alerts/trigger'
import { TICK_MS } from '../../lib/rollouts/model'
import { asTick, evaluatorOf } from '../../lib/rollouts/triggers'
import { progress } from '../clock'
import { atLeast, atMost } from '../report'
import type { Measured, Suite } from '../suite'
import { type Letter, type Numbers, referenceFiring } from '../trigger-reference'

const SEQUENCES = 200_000
const QUICK = 20_000
const LETTERS: readonly Letter[] = ['b', 'n', 'o']
const WORSE: Readonly<Record<Letter, number>> = { o: 0, n: 1, b: 2 }
const VERDICTS: Readonly<Record<Letter, TickVerdict>> = {
  b: asTick('breach'),
  n: asTick('no_data'),
  o: asTick('ok'),
}

/** triggers sets the evaluator of rollouts against a reference that keeps no state, on random sequences (bar E2). */
export const triggers: Suite = {
  name: 'triggers',
  workload: `${SEQUENCES} random sequences of 5 to 90 ticks with random holds, gaps and clearings: the tick at which the evaluator fires against one worked out from the places of breaches alone, and three edits of one tick each that may only move it one way`,
  run: async ({ quick }) => measure(quick ? QUICK : SEQUENCES),
}

function measure(count: number): Measured {
  const random = generator(20_261_122)
  const found = { different: 0, worseLater: 0, betterSooner: 0, fired: 0, edits: 0 }
  for (let index = 0; index < count; index += 1) {
    const numbers = {
      hold: pick(random, [0, 1, 4, 6, 10, 20, 40]),
      maxGap: pick(random, [1, 2, 4, 8]),
      clear: pick(random, [1, 2, 3]),
    }
    const sequence = sequenceOf(random)
    const at = firing(sequence, numbers)
    if (at !== referenceFiring(sequence, numbers)) found.different += 1
    if (Number.isFinite(at)) found.fired += 1
    for (let edit = 0; edit < 3; edit += 1) {
      const place = Math.floor(random() * sequence.length)
      const letter = pick(random, LETTERS)
      const worse = WORSE[letter] - WORSE[sequence[place] ?? 'o']
      if (worse === 0) continue
      found.edits += 1
      const after = firing(sequence.toSpliced(place, 1, letter), numbers)
      if (worse > 0 && after > at) found.worseLater += 1
      if (worse < 0 && after < at) found.betterSooner += 1
    }
  }
  progress(`${count} sequences, ${found.fired} fire, ${found.edits} edits`)
  const none = { limit: 0, unit: 'sequences' }
  return {
    figures: { sequences: count, ...found },
    bars: [
      atMost({
        id: 'E2.a',
        figure: 'fires at another tick than the reference',
        value: found.different,
        ...none,
      }),
      atMost({ id: 'E2.b', figure: 'a worse tick made it fire later', value: found.worseLater, ...none }),
      atMost({ id: 'E2.c', figure: 'a better tick made it fire sooner', value: found.betterSooner, ...none }),
      atLeast({
        id: 'E2.d',
        figure: 'sequences that fire at all',
        value: found.fired,
        limit: count / 5,
        unit: 'sequences',
      }),
    ],
  }
}

function firing(sequence: readonly Letter[], { hold, maxGap, clear }: Numbers): number {
  const seconds = TICK_MS / 1_000
  const policy = evaluatorOf({
    signal: 'error_ratio',
    track: 'canary',
    holdSeconds: hold * seconds,
    maxGapSeconds: maxGap * seconds,
    clearTicks: clear,
    minSamples: 0,
    mode: 'rollback',
  })
  let state = IDLE
  for (const [index, letter] of sequence.entries()) {
    state = stepTrigger(state, { verdict: VERDICTS[letter], atMs: index * TICK_MS }, policy)
    if (state.phase === 'firing') return index
  }
  return Number.POSITIVE_INFINITY
}

/** Stretches, not single throws: otherwise nothing long ever fires. */
function sequenceOf(random: () => number): readonly Letter[] {
  const length = 5 + Math.floor(random() * 86)
  const letters: Letter[] = []
  while (letters.length < length) {
    const letter = pick(random, ['b', 'b', 'b', 'n', 'o'] as const)
    const run = letter === 'b' ? 1 + Math.floor(random() * 25) : 1 + Math.floor(random() * random() * 9)
    for (let at = 0; at < run; at += 1) letters.push(letter)
  }
  return letters.slice(0, length)
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T
}

function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
