import type { Skew } from './model'

/** ClaimedTime is an instant as a sender wrote it (`raw`) and as it can be stored. */
export type ClaimedTime = { readonly at: Date; readonly raw: string }

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,12})?([Zz]|[+-]\d{2}:?\d{2})$/
const FIRST = Date.UTC(1970, 0, 1) - 719_162 * 86_400_000
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const BELIEVED_SINCE = Date.UTC(2000, 0, 1)
const AHEAD_MS = 5 * 60_000

/** claimedTime reads an RFC 3339 instant of the years 1 to 9999, to the millisecond; undefined when it is none. */
export function claimedTime(raw: unknown): ClaimedTime | undefined {
  if (typeof raw !== 'string' || raw.length > 60) return undefined
  const parts = INSTANT.exec(raw.trim())
  if (!parts) return undefined
  const day = Number(parts[3])
  const month = Number(parts[2])
  const year = Number(parts[1])
  const iso = raw
    .trim()
    .toUpperCase()
    .replace(' ', 'T')
    .replace(/(\.\d{3})\d+/, '$1')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
  const ms = Date.parse(iso)
  if (Number.isNaN(ms) || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  return { at: new Date(Math.min(LAST, Math.max(FIRST, ms))), raw: raw.trim() }
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** endTime reads a claimed end; the year 1 is how senders write "not yet". */
export function endTime(raw: unknown): ClaimedTime | undefined {
  const time = claimedTime(raw)
  return time && time.at.getTime() >= BELIEVED_SINCE ? time : undefined
}

/** skewOf judges a claimed start by the moment at which we first heard of it. */
export function skewOf(startsAt: Date, receivedAt: Date): Skew {
  if (startsAt.getTime() > receivedAt.getTime() + AHEAD_MS) return 'future'
  return startsAt.getTime() < BELIEVED_SINCE ? 'ancient' : ''
}
