import type pg from 'pg'
import { sqlOf } from '../platform/sql'
import type { PublicRows } from './model'
import { publicIdOf, readPage, readPublicRows } from './store'

/** loadPublicRows reads the public projection; what is known already is read again only where the page’s sequence moved. */
export async function loadPublicRows(
  pool: pg.Pool,
  options: { readonly fallbackUrl: string; readonly now: Date; readonly before?: PublicRows | undefined },
): Promise<PublicRows> {
  const sql = sqlOf(pool)
  const { before, fallbackUrl } = options
  if (before === undefined) return readPublicRows(sql, options)
  const { version: _version, ...page } = await readPage(sql, fallbackUrl)
  return before.page.sequence === page.sequence ? { ...before, page } : readPublicRows(sql, options)
}

/** addressOf gives the page’s address as long as nobody set one: below the console’s own. */
export function addressOf(env: {
  readonly WATCHFLOOR_PUBLIC_URL?: string | undefined
  readonly NEXTAUTH_URL: string
}): string {
  return `${(env.WATCHFLOOR_PUBLIC_URL ?? env.NEXTAUTH_URL).replace(/\/+$/, '')}/status`
}

/** pageIdOf gives the page’s public id, which follows from its address. */
export function pageIdOf(url: string): string {
  return publicIdOf(`page|${url}`)
}
