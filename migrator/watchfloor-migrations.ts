/**
 * A client for teams that migrate with Watchfloor: one file without a dependency, to be copied into your repository. It needs
 * Node 20 or any runtime with `fetch`. Everything that it sends can be sent again without harm.
 */

/** Bad is a row that could not be moved, and why. */
export type Bad = {
  readonly key: string
  readonly version: string
  readonly class: 'retryable' | 'data' | 'mapping'
  readonly reason: string
}

/** Batch is what became of some rows, numbered from 1 without a gap; `problem` is why the whole batch failed. */
export type Batch = {
  readonly seq: number
  readonly cursorTo: string
  readonly good: number
  readonly bad: readonly Bad[]
  readonly problem?: string
}

/** Going says whether to go on, and from where. */
export type Going = {
  readonly proceed: boolean
  /** state is `running`, `paused`, `stopped` or `done`. */
  readonly state: string
  readonly why: string
  readonly cursor: string
  readonly seq: number
}

/** Track is what is counted: requests of each side, the old side against itself, old against new, writes, reverse sync. */
export type Track = 'old' | 'new' | 'noise' | 'compare' | 'writes' | 'reverse'

/** Mismatch is an answer that differed; clean the texts of what nobody may see. */
export type Mismatch = {
  readonly kind: 'differs' | 'old-failed' | 'new-failed' | 'both-failed'
  readonly key: string
  readonly field?: string
  readonly oldText?: string
  readonly newText?: string
}

/** Refused is an answer that trying again does not change. */
export class Refused extends Error {
  readonly status: number

  constructor(status: number, detail: string) {
    super(`Watchfloor answers ${status}: ${detail}`)
    this.name = 'Refused'
    this.status = status
  }
}

/** Settings say where Watchfloor is, with which API key, and which migration is meant. */
export type Settings = {
  readonly baseUrl: string
  /** apiKey has the scopes migrations.report, migrations.read and flags.evaluate. */
  readonly apiKey: string
  readonly migration: number
  /** deadlineMs is for one request; a flag is given up after it and the old side answers. */
  readonly deadlineMs?: number
  readonly attempts?: number
}

/** Client is what the settings open. */
export type Client = ReturnType<typeof createClient>

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** createClient opens a client; its methods throw Refused, or the last failure after all attempts. */
export function createClient({ baseUrl, apiKey, migration, deadlineMs = 10_000, attempts = 8 }: Settings) {
  const number = migration
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }

  async function ask(path: string, body?: unknown): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      let failure: unknown
      let waitMs = Math.min(10_000, 200 * 2 ** attempt)
      try {
        const answer = await fetch(new URL(path, baseUrl), {
          headers,
          signal: AbortSignal.timeout(deadlineMs),
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        })
        if (answer.ok) return await answer.json()
        const detail = (await answer.text()).slice(0, 500)
        if (answer.status !== 429 && answer.status < 500) throw new Refused(answer.status, detail)
        waitMs = Math.max(waitMs, Number(answer.headers.get('retry-after') ?? 0) * 1_000)
        failure = new Error(`Watchfloor answers ${answer.status}: ${detail}`)
      } catch (error) {
        if (error instanceof Refused) throw error
        failure = error
      }
      if (attempt >= attempts) throw failure
      await sleep(waitMs)
    }
  }

  const command = (name: string, body: object): Promise<unknown> =>
    ask(`/api/commands/migrations.${name}`, { number, ...body })
  const query = (name: string, input: object): Promise<unknown> =>
    ask(`/api/queries/migrations.${name}?input=${encodeURIComponent(JSON.stringify({ number, ...input }))}`)

  return {
    /** isNew tells whether the new side may answer for this key; whatever goes wrong, the old side does. */
    isNew: async (flag: string, key: string): Promise<boolean> => {
      try {
        const path = `/api/flags/${encodeURIComponent(flag)}/evaluate?bucket=${encodeURIComponent(key)}`
        const answer = await fetch(new URL(path, baseUrl), {
          headers,
          signal: AbortSignal.timeout(deadlineMs),
        })
        if (!answer.ok) return false
        const { results } = (await answer.json()) as { results: readonly { value: boolean }[] }
        return results[0]?.value === true
      } catch {
        return false
      }
    },
    /** openPart begins a part, or tells how far it is. */
    openPart: async (part: string, expectedRows: number | null): Promise<Going> =>
      (await command('openPart', { part, expectedRows })) as Going,
    /** reportBatches tells of batches in order; those that are known already change nothing. */
    reportBatches: async (part: string, batches: readonly Batch[], isDone = false): Promise<Going> =>
      (await command('reportBatches', { part, batches, isDone })) as Going,
    /** rowsToRetry gives the keys that a person wants to be tried again. */
    rowsToRetry: async (part: string): Promise<readonly string[]> => {
      const { rows } = (await query('quarantined', { part, states: ['retry'] })) as {
        rows: readonly { key: string }[]
      }
      return rows.map(({ key }) => key)
    },
    /** reportRetries tells what became of them. */
    reportRetries: async (part: string, moved: readonly string[], failed: readonly Bad[]): Promise<void> => {
      await command('reportRetries', { part, moved, failed })
    },
    /** reportTraffic tells what was counted; `reporter` names this process. */
    reportTraffic: async (
      reporter: string,
      windows: readonly Window[],
      mismatches: readonly Mismatch[] = [],
    ): Promise<void> => {
      await command('reportTraffic', { reporter, windows, mismatches })
    },
    /** reportFigures tells what was measured for the validation report. */
    reportFigures: async (figures: readonly object[]): Promise<void> => {
      await command('reportFigures', { figures })
    },
  }
}

/** Window is what was counted on one track around an instant. */
export type Window = {
  readonly track: Track
  readonly at: string
  readonly requests: number
  readonly errors: number
  readonly mismatches: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

type Counter = { requests: number; errors: number; mismatches: number; readonly ms: number[] }

/** createCounter counts requests until they are taken as windows: once every tick of 15 s, by your own timer. */
export function createCounter() {
  const counters = new Map<Track, Counter>()
  return {
    count: (
      track: Track,
      seen: { readonly ms?: number; readonly failed?: boolean; readonly differs?: boolean },
    ): void => {
      const counter = counters.get(track) ?? { requests: 0, errors: 0, mismatches: 0, ms: [] }
      counters.set(track, counter)
      counter.requests += 1
      if (seen.failed) counter.errors += 1
      if (seen.differs) counter.mismatches += 1
      if (seen.ms !== undefined) counter.ms.push(seen.ms)
    },
    take: (now: Date): readonly Window[] => {
      const windows = [...counters].map(([track, { requests, errors, mismatches, ms }]): Window => {
        const sorted = ms.sort((one, other) => one - other)
        const share = (part: number): number | null =>
          sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? null
        const latencies = { p50Ms: share(0.5), p95Ms: share(0.95), p99Ms: share(0.99) }
        return { track, at: now.toISOString(), requests, errors, mismatches, ...latencies }
      })
      counters.clear()
      return windows
    },
  }
}

type Outcome<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false }

async function outcomeOf<Value>(work: Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { ok: true, value: await work }
  } catch {
    return { ok: false }
  }
}

/**
 * readBoth asks the old side, whose answer or failure is always what the caller gets, and beside it the new side under a
 * deadline of its own. For reads only: the other side must be free of effects. With the old side as both, it measures noise.
 */
export async function readBoth<Value>(options: {
  readonly key: string
  readonly old: () => Promise<Value>
  readonly other: () => Promise<Value>
  readonly isSame: (old: Value, other: Value) => boolean
  readonly otherDeadlineMs: number
  /** seen gets the verdict later; it never delays the answer. */
  readonly seen: (verdict: { readonly key: string; readonly differs: boolean }) => void
}): Promise<Value> {
  const { key, isSame, otherDeadlineMs } = options
  const old = options.old()
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('too slow')), otherDeadlineMs).unref?.()
  })
  void Promise.all([
    outcomeOf(old),
    outcomeOf(Promise.race([Promise.resolve().then(options.other), late])),
  ]).then(([one, two]) => {
    const isAlike = one.ok && two.ok ? isSame(one.value, two.value) : false
    options.seen({ key, differs: !isAlike })
  })
  return old
}
