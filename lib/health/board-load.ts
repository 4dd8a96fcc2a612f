import type pg from 'pg'
import { applyDelta, type HealthState } from './state'
import { readDeltas, readState } from './store'
import type { Board, Delta } from './wire'

/**
 * createStateReader follows the published state from the committed deltas, whichever process collects; undefined when
 * nothing was published within `maxAgeMs` of now.
 */
export function createStateReader(
  pool: pg.Pool,
  maxAgeMs: number,
): (now: Date) => Promise<HealthState | undefined> {
  let state: HealthState | undefined
  return async (now) => {
    const rows = state ? await readDeltas(pool, state.seq) : []
    const isBroken = rows.some(
      (row) => state && applyDelta(state, JSON.parse(row.body.toString('utf8')) as Delta).kind === 'gap',
    )
    if (!state || isBroken || rows.length >= 500) state = await readState(pool)
    if (!state || now.getTime() - state.at * 1_000 > maxAgeMs) return undefined
    return state
  }
}

/** createBoardReader follows the board alone, under the same conditions. */
export function createBoardReader(
  pool: pg.Pool,
  maxAgeMs: number,
): (now: Date) => Promise<Board | undefined> {
  const read = createStateReader(pool, maxAgeMs)
  return async (now) => (await read(now))?.board
}
