/** Kill is one kill -9: at the first pass of a failpoint, or `afterMs` after the worker has begun; `fault` is the outside meanwhile. */
export type Kill = {
  readonly at: string
  readonly afterMs: number
  readonly fault: 'none' | 'accept-then-hang' | 'rate-limited' | 'error-after-accept'
}

const SUBJECTS = [
  'slack-bot.card',
  'slack-bot.edit',
  'slack-bot.post',
  'slack-webhook.post',
  'statuspage.post',
  'pagerduty.post',
  'pagerduty.resolve',
  'webhook.post',
] as const
const SENDING = ['taken', 'answered', 'settling-commit', 'recorded'] as const
/** Before the intent is written nobody knows yet whether a card is an edit. */
const BEFORE = ['picked', 'take-commit'] as const
const LOOKING = ['reconciling', 'reconciled', 'reconcile-commit', 'reconcile-recorded'] as const

/** FAILPOINTS are all places around each step of each kind of channel. */
export const FAILPOINTS: readonly string[] = SUBJECTS.flatMap((subject) => [
  ...(subject === 'slack-bot.edit' ? [] : BEFORE.map((place) => `delivery.${place}.${subject}`)),
  ...SENDING.map((place) => `delivery.${place}.${subject}`),
  ...LOOKING.map((place) => `delivery.${place}.${subject}`),
])

const REPEATS = 10
const RANDOM = 400
const FAULTS = ['none', 'accept-then-hang', 'rate-limited', 'error-after-accept'] as const
const RANDOM_MAX_MS = 1_500

/** A look is reached only by what may have been accepted; every fifth time by silence instead of an error. */
function faultAt(point: string, turn: number): Kill['fault'] {
  const isLook = LOOKING.some((place) => point.startsWith(`delivery.${place}.`))
  if (isLook) return turn % 5 === 4 ? 'accept-then-hang' : 'error-after-accept'
  return turn % 3 === 2 ? 'rate-limited' : 'none'
}

/** killsOf gives the kills of a run in a repeatable, mixed order: all failpoints ten times and 400 at random, or a few. */
export function killsOf(quick: boolean): readonly Kill[] {
  const draw = random(20261121)
  const atRandom = (turn: number): Kill => ({
    at: 'random',
    afterMs: Math.floor(draw() * RANDOM_MAX_MS),
    fault: FAULTS[turn % FAULTS.length] ?? 'none',
  })
  if (quick) return [...QUICK, ...[0, 3].map(atRandom)]
  const all = [
    ...FAILPOINTS.flatMap((at) =>
      Array.from({ length: REPEATS }, (_, turn): Kill => ({ at, afterMs: 0, fault: faultAt(at, turn) })),
    ),
    ...Array.from({ length: RANDOM }, (_, turn) => atRandom(turn)),
  ]
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = Math.floor(draw() * (last + 1))
    const [a, b] = [all[last], all[other]]
    if (a && b) {
      all[last] = b
      all[other] = a
    }
  }
  return all
}

const QUICK: readonly Kill[] = [
  { at: 'delivery.taken.slack-bot.card', afterMs: 0, fault: 'none' },
  { at: 'delivery.answered.statuspage.post', afterMs: 0, fault: 'none' },
  { at: 'delivery.reconciled.slack-bot.card', afterMs: 0, fault: 'error-after-accept' },
]

/** random gives a repeatable stream of numbers below 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
