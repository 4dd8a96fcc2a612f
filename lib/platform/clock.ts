/** Clock is the only door to the present: `now` for instants, `monotonicMs` for durations that no clock step may bend. */
export type Clock = { readonly now: () => Date; readonly monotonicMs: () => number }

/** systemClock reads the machine's clocks. */
export const systemClock: Clock = { now: () => new Date(), monotonicMs: () => performance.now() }

/** SteppedClock stands still until told otherwise: for tests and drills. */
export type SteppedClock = Clock & {
  readonly set: (at: Date) => void
  readonly advanceMs: (ms: number) => void
}

/** steppedClock starts at `at` and moves only by `set` and `advanceMs`; both of its clocks move together. */
export function steppedClock(at: Date): SteppedClock {
  let currentMs = at.getTime()
  let monotonic = 0
  return {
    now: () => new Date(currentMs),
    monotonicMs: () => monotonic,
    set: (next) => {
      monotonic += Math.max(0, next.getTime() - currentMs)
      currentMs = next.getTime()
    },
    advanceMs: (ms) => {
      monotonic += ms
      currentMs += ms
    },
  }
}
