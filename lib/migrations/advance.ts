import type pg from 'pg'
import type { Db } from '../platform/db'
import { loadGate } from './load-facts'
import { getMigration } from './store'

/** Firing is a migration whose traffic has to go back, and why. */
export type Firing = { readonly number: number; readonly words: string }

/** findFiring judges every migration whose traffic is shifted; while none is, it asks the database one question. */
export async function findFiring(
  room: { readonly hot: pg.Pool; readonly db: () => Db },
  now: Date,
): Promise<readonly Firing[]> {
  const { rows } = await room.hot.query<{ number: number }>(
    `SELECT number FROM migration WHERE state IN ('shifting', 'awaiting-cutover') ORDER BY number`,
  )
  const firing: Firing[] = []
  for (const { number } of rows) {
    const gate = await loadGate(room.db(), await getMigration(room.db(), number), now)
    if (gate?.kind === 'roll-back') firing.push({ number, words: gate.words })
  }
  return firing
}
