import type pg from 'pg'
import { randomToken } from '../platform/crypto'
import type { Tx } from '../platform/db'
import { type Role, rolesOf } from './permissions'
import { SESSION_LIMITS, type SessionTimes } from './session-rules'

/** SignInMethod is how a person proved who they are. */
export type SignInMethod = 'password' | 'oidc' | 'demo'

/** SessionRow is one session with its person, as every request reads it. */
export type SessionRow = SessionTimes & {
  readonly id: string
  readonly authAt: Date
  readonly method: SignInMethod
  readonly personId: string
  readonly handle: string
  readonly name: string
  readonly roles: readonly Role[]
}

type Raw = Omit<SessionRow, 'roles' | 'method'> & { readonly roles: string[]; readonly method: string }

const READ = `SELECT s.id, s.auth_at AS "authAt", s.last_seen_at AS "lastSeenAt", s.expires_at AS "expiresAt",
  s.revoked_at AS "revokedAt", s.method, p.id AS "personId", p.handle, p.name, p.roles, p.disabled_at AS "disabledAt"
  FROM session s JOIN person p ON p.id = s.person_id WHERE s.id = $1`

function methodOf(stored: string): SignInMethod {
  return stored === 'oidc' || stored === 'demo' ? stored : 'password'
}

/** readSession gives the session and its person in one statement, live or not; undefined when there is none. */
export async function readSession(pool: pg.Pool, sid: string): Promise<SessionRow | undefined> {
  const { rows } = await pool.query<Raw>({ name: 'session-read', text: READ, values: [sid] })
  const [raw] = rows
  return raw && { ...raw, roles: rolesOf(raw.roles), method: methodOf(raw.method) }
}

/** touchSession writes that the session is in use, unless another request did so within the last minute. */
export async function touchSession(pool: pg.Pool, sid: string, now: Date): Promise<void> {
  await pool.query('UPDATE session SET last_seen_at = $2 WHERE id = $1 AND last_seen_at <= $3', [
    sid,
    now,
    new Date(now.getTime() - SESSION_LIMITS.touchMs),
  ])
}

/** createSession writes a new row under a fresh 256-bit id and ends the one that the browser held before. */
export async function createSession(
  tx: Tx,
  session: {
    readonly personId: string
    readonly method: SignInMethod
    readonly userAgent: string
    readonly authAt: Date
    readonly previousSid?: string | undefined
    readonly now: Date
  },
): Promise<string> {
  if (session.previousSid) {
    await tx.session.updateMany({
      where: { id: session.previousSid, revokedAt: null },
      data: { revokedAt: session.now },
    })
  }
  const { id } = await tx.session.create({
    data: {
      id: randomToken(32),
      personId: session.personId,
      method: session.method,
      userAgent: session.userAgent.slice(0, 300),
      createdAt: session.now,
      lastSeenAt: session.now,
      authAt: session.authAt,
      expiresAt: new Date(session.now.getTime() + SESSION_LIMITS.absoluteMs),
    },
  })
  return id
}

/** revokeSessionsOf ends every live session of a person, except one if given; returns how many. */
export async function revokeSessionsOf(
  tx: Tx,
  options: { readonly personId: string; readonly except?: string | undefined; readonly now: Date },
): Promise<number> {
  const { count } = await tx.session.updateMany({
    where: {
      personId: options.personId,
      revokedAt: null,
      ...(options.except ? { id: { not: options.except } } : {}),
    },
    data: { revokedAt: options.now },
  })
  return count
}
