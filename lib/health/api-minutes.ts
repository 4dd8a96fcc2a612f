import type { ApiFigures } from './model'
import type { Board } from './wire'

type ApiKey = keyof Board['api']

const FIGURES = {
  serverErrors: 'serverErrorsPerMinute',
  authErrors: 'authErrorsPerMinute',
  rateLimited: 'rateLimitedPerMinute',
  errorRatio: 'errorRatioPercent',
  p95: 'latencyMsP95',
  p99: 'latencyMsP99',
} as const satisfies Record<ApiKey, keyof ApiFigures>

/** API_MINUTE_KEYS are the figures of a row, in the order of the table's columns. */
export const API_MINUTE_KEYS = Object.keys(FIGURES) as readonly ApiKey[]

/** ApiMinute is one minute's worst reading of each figure; a figure that was never known has none. */
export type ApiMinute = {
  readonly minuteMs: number
  readonly worst: { [Key in ApiKey]?: number }
}

/** ApiFold gathers readings by the minute in which they were taken. */
export type ApiFold = {
  readonly note: (figures: ApiFigures) => void
  /** ended gives the minutes that are over at `now`; they stay until dropped, so that a failed write is tried again. */
  readonly ended: (now: Date) => readonly ApiMinute[]
  readonly drop: (written: readonly ApiMinute[]) => void
}

/** createApiFold starts with no minute; an unknown figure adds nothing, and a minute of unknowns is none at all. */
export function createApiFold(): ApiFold {
  const open = new Map<number, ApiMinute>()
  return {
    note(figures) {
      for (const key of API_MINUTE_KEYS) {
        const reading = figures[FIGURES[key]]
        if (reading.kind !== 'known') continue
        const takenAt = reading.sampleAt ?? reading.observedAt
        const minuteMs = Math.floor(takenAt.getTime() / 60_000) * 60_000
        const minute = open.get(minuteMs) ?? { minuteMs, worst: {} }
        minute.worst[key] = Math.max(minute.worst[key] ?? reading.value, reading.value)
        open.set(minuteMs, minute)
      }
    },
    ended: (now) => [...open.values()].filter((minute) => minute.minuteMs + 60_000 <= now.getTime()),
    drop(written) {
      for (const { minuteMs } of written) open.delete(minuteMs)
    },
  }
}
