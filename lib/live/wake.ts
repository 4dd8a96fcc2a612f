import type pg from 'pg'

/** wakeConsoles makes every web process read the hints that were written; a wake that is lost costs it one poll. */
export function wakeConsoles(hot: Pick<pg.Pool, 'query'>): void {
  hot.query("SELECT pg_notify('watchfloor_live', 'hint')").catch(() => undefined)
}
