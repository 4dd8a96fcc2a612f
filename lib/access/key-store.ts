import type pg from 'pg'
import { type Permission, type Role, rolesOf, scopesOf } from './permissions'

/** KeyRow is an API key with its person, as every request under it reads it. */
export type KeyRow = {
  readonly id: string
  readonly scopes: readonly Permission[]
  readonly expiresAt: Date
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
  readonly personId: string
  readonly handle: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly disabledAt: Date | null
}

type Raw = Omit<KeyRow, 'scopes' | 'roles'> & { readonly scopes: string[]; readonly roles: string[] }

const READ = `SELECT k.id, k.scopes, k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt",
  k.revoked_at AS "revokedAt", p.id AS "personId", p.handle, p.name, p.roles, p.disabled_at AS "disabledAt"
  FROM api_key k JOIN person p ON p.id = k.person_id WHERE k.digest = $1`

/** How coarsely the use of a key is written down. */
const TOUCH_MS = 5 * 60_000

/** readKey gives the key of a digest with its person, in force or not; undefined when there is none. */
export async function readKey(pool: pg.Pool, digest: string): Promise<KeyRow | undefined> {
  const { rows } = await pool.query<Raw>({ name: 'api-key-read', text: READ, values: [digest] })
  const [raw] = rows
  return raw && { ...raw, scopes: scopesOf(raw.scopes), roles: rolesOf(raw.roles) }
}

/** touchKey writes that a key is in use, at most every five minutes. */
export async function touchKey(pool: pg.Pool, key: KeyRow, now: Date): Promise<void> {
  const due = new Date(now.getTime() - TOUCH_MS)
  if (key.lastUsedAt !== null && key.lastUsedAt > due) return
  await pool.query(
    'UPDATE api_key SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)',
    [key.id, now, due],
  )
}
