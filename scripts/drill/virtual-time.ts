import type { Pace } from '@/lib/health/collect-loop'
import { type SteppedClock, steppedClock } from '@/lib/platform/clock'

type Waiting = { readonly atMs: number; readonly order: number; readonly run: () => Promise<void> }

/** VirtualTime is a clock that jumps from one thing to do to the next: the same order every time, as fast as work allows. */
export type VirtualTime = {
  readonly clock: SteppedClock
  readonly startMs: number
  readonly pace: Pace
  readonly offsetMs: () => number
  /** every runs again and again, first at once. */
  readonly every: (ms: number, run: () => Promise<void>) => void
  /** runUntil does everything that is due before an offset. */
  readonly runUntil: (offsetMs: number) => Promise<void>
}

export function createVirtualTime(startMs: number): VirtualTime {
  const clock = steppedClock(new Date(startMs))
  let waiting: Waiting[] = []
  let order = 0
  const offsetMs = (): number => clock.now().getTime() - startMs

  function after(ms: number, run: () => Promise<void>): () => void {
    order += 1
    const one: Waiting = { atMs: offsetMs() + Math.max(0, ms), order, run }
    waiting.push(one)
    return () => {
      waiting = waiting.filter((it) => it !== one)
    }
  }

  function next(untilMs: number): Waiting | undefined {
    let first: Waiting | undefined
    for (const one of waiting) {
      if (one.atMs >= untilMs) continue
      if (!first || one.atMs < first.atMs || (one.atMs === first.atMs && one.order < first.order)) first = one
    }
    return first
  }

  return {
    clock,
    startMs,
    offsetMs,
    pace: { after, jitter: () => 0 },
    every: (ms, run) => {
      const again = async (): Promise<void> => {
        await run()
        after(ms, again)
      }
      after(0, again)
    },
    runUntil: async (untilMs) => {
      for (let one = next(untilMs); one; one = next(untilMs)) {
        const due = one
        waiting = waiting.filter((it) => it !== due)
        clock.set(new Date(startMs + Math.max(offsetMs(), due.atMs)))
        await due.run()
      }
      clock.set(new Date(startMs + Math.max(offsetMs(), untilMs)))
    },
  }
}
