/** Rounds does one piece of work at a time, as often as it is asked for. */
export type Rounds = {
  /** ask begins a round, or has one more follow the one under way; it resolves when none is left, and never rejects. */
  readonly ask: () => Promise<void>
  /** tick begins a round unless one is under way: for what is asked at intervals anyway. */
  readonly tick: () => void
  /** stop begins no further round and waits for the one under way. */
  readonly stop: () => Promise<void>
}

/** createRounds never runs `work` twice at once and loses nothing that was asked; an error is told and ends nothing. */
export function createRounds(work: () => Promise<unknown>, onProblem: (error: unknown) => void): Rounds {
  let running: Promise<void> | undefined
  let isAsked = false
  let isStopped = false

  async function once(): Promise<void> {
    try {
      await work()
    } catch (error) {
      onProblem(error)
    }
  }

  async function goRound(): Promise<void> {
    while (isAsked && !isStopped) {
      isAsked = false
      await once()
    }
    // In the same turn as the last look at `isAsked`: what is asked from here on begins anew.
    running = undefined
  }

  function ask(): Promise<void> {
    if (isStopped) return running ?? Promise.resolve()
    isAsked = true
    running ??= goRound()
    return running
  }

  return {
    ask,
    tick: () => {
      if (!running) void ask()
    },
    stop: async () => {
      isStopped = true
      await running
    },
  }
}
