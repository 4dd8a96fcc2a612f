/** Binomial probability of at least `least` of `count` at rate `rate`, summed from the tail in logarithms. */
function atLeast(least: number, count: number, rate: number): number {
  if (least <= 0) return 1
  if (least > count || rate <= 0) return 0
  if (rate >= 1) return 1
  let below = 0
  let term = count * Math.log1p(-rate)
  const odds = Math.log(rate) - Math.log1p(-rate)
  for (let k = 0; k < least; k += 1) {
    below += Math.exp(term)
    term += odds + Math.log(count - k) - Math.log(k + 1)
  }
  return Math.max(0, 1 - below)
}

/** alarmAt is the smallest count of errors that a healthy version shows in at most `falseAlarm` of all cases. */
export function alarmAt(count: number, baseline: number, falseAlarm: number): number {
  let least = 1
  while (least <= count && atLeast(least, count, baseline) > falseAlarm) least += 1
  return least
}

/** Question is what a step is to show: the rate of errors now, and how often a healthy version may raise an alarm. */
export type Question = { readonly baseline: number; readonly falseAlarm: number }

/** chanceToSee is the exact probability that `count` requests show a version that fails at `rate`; 0 to 1. */
export function chanceToSee(count: number, rate: number, { baseline, falseAlarm }: Question): number {
  const whole = Math.floor(count)
  return atLeast(alarmAt(whole, baseline, falseAlarm), whole, rate)
}

const MOST = 200_000

/** requestsToSee is the smallest number from which on a rate is seen with at least this chance; undefined beyond 200,000. */
export function requestsToSee(rate: number, chance: number, question: Question): number | undefined {
  if (rate <= question.baseline) return undefined
  let low = 1
  let high = 8
  while (high < MOST && chanceToSee(high, rate, question) < chance) high *= 2
  if (high >= MOST) return undefined
  low = Math.floor(high / 2)
  // The chance saws a little where the alarm moves by one: the first count that suffices is looked for one by one.
  for (let count = Math.max(1, Math.floor(low / 2)); count <= high; count += 1)
    if (chanceToSee(count, rate, question) >= chance) return count
  return high
}

/** PowerLine is one rate of errors and how likely it is seen. */
export type PowerLine = { readonly rate: number; readonly chance: number; readonly isSeen: boolean }

/** Power is what the first step can show, in requests and in words. */
export type Power = {
  readonly requests: number
  readonly lines: readonly PowerLine[]
  /** seenFrom is the smallest whole percentage of errors that is seen with 80 %. */
  readonly seenFromPercent: number | undefined
  /** minutesFor5 is how long the step has to be to see 5 % errors; undefined when never. */
  readonly minutesFor5: number | undefined
  readonly requestsFor5: number | undefined
}

const SEEN = 0.8

/** powerOf says what a step of so many minutes at a share of the traffic can show; rules D-POW. */
export function powerOf(step: {
  readonly requestsPerMinute: number
  readonly share: number
  readonly minutes: number
  readonly baselinePercent: number
}): Power {
  const question = { baseline: step.baselinePercent / 100, falseAlarm: 0.01 }
  const perMinute = step.requestsPerMinute * step.share
  const requests = Math.floor(perMinute * step.minutes)
  const lines = [0.2, 0.1, 0.05].map((rate) => {
    const chance = chanceToSee(requests, rate, question)
    return { rate, chance, isSeen: chance >= SEEN }
  })
  const percents = Array.from({ length: 100 }, (_, at) => at + 1).filter((it) => it > step.baselinePercent)
  const requestsFor5 = requestsToSee(0.05, SEEN, question)
  return {
    requests,
    lines,
    seenFromPercent: percents.find((it) => chanceToSee(requests, it / 100, question) >= SEEN),
    requestsFor5,
    minutesFor5:
      requestsFor5 === undefined || perMinute <= 0 ? undefined : Math.ceil(requestsFor5 / perMinute),
  }
}
