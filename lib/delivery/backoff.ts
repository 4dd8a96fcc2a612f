const FIRST_MS = 1_000
const CAP_MS = 60_000

/** backoffMs is how long to wait before attempt n+1: doubling from a second to a minute, `random` (0–1) of it at least half. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(CAP_MS, FIRST_MS * 2 ** Math.max(0, attempt - 1))
  return Math.round(full / 2 + (full / 2) * random)
}
