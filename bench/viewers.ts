import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Track } from './gaps'

/** Match says which event a measurement waits for: a GPU row that gets a rating, or an exact payload. */
export type Match =
  | { readonly kind: 'gpu'; readonly row: number; readonly rating: number }
  | { readonly kind: 'text'; readonly text: string }

/** Ask is what the viewers' process can be asked to do. */
export type Ask =
  | { readonly kind: 'open'; readonly url: string; readonly cookie: string; readonly count: number }
  | {
      readonly kind: 'storm'
      readonly url: string
      readonly snapshotUrl: string
      readonly cookie: string
      readonly count: number
    }
  | { readonly kind: 'watch'; readonly match: Match; readonly timeoutMs: number }
  | { readonly kind: 'state' }
  | { readonly kind: 'close' }

/** Opened tells how long it took until every viewer had its first bytes. */
export type Opened = { readonly openMs: number }

/** Stormed tells when each viewer held stream and snapshot, counted from the moment all began. */
export type Stormed = {
  readonly doneMs: readonly number[]
  readonly openedMs: readonly number[]
  readonly snapshotBytes: number
  readonly decodeMs: number
  readonly gpus: number
  readonly empty: number
}

/** Times are the arrivals of one event at the viewers (monotonic ms); seq −1 when it never came. */
export type Times = { readonly seq: number; readonly times: readonly number[] }

/** Sweep is a delta that carried a telemetry sweep, as the first viewer got it. */
export type Sweep = {
  readonly seq: number
  readonly atMs: number
  readonly bytes: number
  readonly gpus: number
}

/** ViewersState is what the viewers have seen so far; `sweeps` are those since it was last asked. */
export type ViewersState = {
  readonly viewers: number
  readonly ended: number
  readonly tracks: readonly Track[]
  readonly bytes: number
  readonly sweeps: readonly Sweep[]
}

/** Answer is the viewers' reply to an Ask. */
export type Answer =
  | ({ readonly kind: 'opened' } & Opened)
  | ({ readonly kind: 'stormed' } & Stormed)
  | ({ readonly kind: 'times' } & Times)
  | ({ readonly kind: 'state' } & ViewersState)
  | { readonly kind: 'closed' }

/** Viewers are N streams held by a process of their own. */
export type Viewers = {
  readonly open: (ask: {
    readonly url: string
    readonly cookie: string
    readonly count: number
  }) => Promise<Opened>
  readonly storm: (ask: Omit<Extract<Ask, { kind: 'storm' }>, 'kind'>) => Promise<Stormed>
  readonly watch: (match: Match, timeoutMs: number) => Promise<Times>
  readonly state: () => Promise<ViewersState>
  readonly close: () => Promise<void>
  readonly pid: number
  readonly end: () => void
}

type Reply = { readonly id: number; readonly answer?: Answer; readonly problem?: string }

/** startViewers forks the viewers' process; end it when done. */
export function startViewers(): Viewers {
  const child = fork(fileURLToPath(new URL('./viewers-child.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let count = 0
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  child.on('message', (reply: Reply) => {
    const asker = waiting.get(reply.id)
    waiting.delete(reply.id)
    if (reply.answer) asker?.resolve(reply.answer)
    else asker?.reject(new Error(reply.problem ?? 'the viewers gave no answer'))
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the viewers' process ended (${code})`))
    waiting.clear()
  })

  function ask<Kind extends Answer['kind']>(
    kind: Kind,
    question: Ask,
  ): Promise<Extract<Answer, { kind: Kind }>> {
    count += 1
    const id = count
    return new Promise((resolve, reject) => {
      waiting.set(id, {
        resolve: (answer) =>
          answer.kind === kind
            ? resolve(answer as Extract<Answer, { kind: Kind }>)
            : reject(new Error(`asked for ${kind}, got ${answer.kind}`)),
        reject,
      })
      child.send({ id, ask: question })
    })
  }

  return {
    open: (given) => ask('opened', { kind: 'open', ...given }),
    storm: (given) => ask('stormed', { kind: 'storm', ...given }),
    watch: (match, timeoutMs) => ask('times', { kind: 'watch', match, timeoutMs }),
    state: () => ask('state', { kind: 'state' }),
    close: async () => {
      await ask('closed', { kind: 'close' })
    },
    pid: child.pid ?? -1,
    end: () => {
      child.disconnect()
      child.kill()
    },
  }
}
