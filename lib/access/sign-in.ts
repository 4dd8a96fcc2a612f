import { appendAudit } from '../audit/append'
import type { Console } from '../console'
import { sha256Hex } from '../platform/crypto'
import { writeHints } from '../run'
import { demoPersonOf, isDemoSignInOpen } from './demo-people'
import { knownDevice } from './device'
import { hashPassword, passwordFault, verifyPassword } from './passwords'
import { createSession, revokeSessionsOf, type SignInMethod } from './session-store'
import { networkOf, settleAttempt, type ThrottleKey, takeAttempt, throttleKey } from './throttle'

/** Surroundings are what a sign-in attempt brings along besides its form. */
export type Surroundings = {
  readonly now: Date
  readonly requestId: string
  readonly address: string | null
  readonly userAgent: string
  readonly deviceToken?: string | undefined
  readonly previousSid?: string | undefined
}

/** Attempt is one answer to the sign-in form. */
export type Attempt = {
  readonly login: string
  readonly password: string
  readonly newPassword?: string | undefined
}

/** Verdict is what became of an attempt; `refused` says the same for an unknown person and a wrong password. */
export type Verdict =
  | { readonly kind: 'in'; readonly personId: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'choose-password'; readonly fault?: string }

type Candidate = {
  readonly id: string
  readonly handle: string
  readonly email: string
  readonly passwordHash: string | null
  readonly oneTimeUntil: Date | null
  readonly disabledAt: Date | null
}

function findPerson(console: Console, login: string): Promise<Candidate | null> {
  const name = login.trim().toLowerCase()
  return console.db.person.findFirst({
    where: name.includes('@') && !name.startsWith('@') ? { email: name } : { handle: name.replace(/^@/, '') },
  })
}

function keysOf(
  console: Console,
  found: { readonly login: string; readonly person: Candidate | null; readonly around: Surroundings },
): ThrottleKey[] {
  const { login, person, around } = found
  const device = person && knownDevice(console.env.NEXTAUTH_SECRET, around.deviceToken, person.id)
  return [
    throttleKey('network', networkOf(around.address)),
    device ? throttleKey('device', `${device}|${person.id}`) : throttleKey('account', person?.id ?? login),
  ]
}

/** signInWithPassword judges one attempt: throttle first, then the password, then whether the person may come in. */
export async function signInWithPassword(
  console: Console,
  attempt: Attempt,
  around: Surroundings,
): Promise<Verdict> {
  const person = await findPerson(console, attempt.login)
  const keys = keysOf(console, { login: attempt.login, person, around })
  for (const key of keys) {
    const seconds = await takeAttempt(console.hot, key, around.now)
    if (seconds > 0) return { kind: 'wait', seconds }
  }
  const isRight = await verifyPassword(person?.passwordHash, attempt.password)
  const isOver = person?.oneTimeUntil ? around.now.getTime() >= person.oneTimeUntil.getTime() : false
  if (!person || !isRight || isOver) {
    await recordRefusal(console, { login: attempt.login, person, around })
    return { kind: 'refused' }
  }
  for (const key of keys) await settleAttempt(console.hot, key, around.now)
  if (person.disabledAt) return { kind: 'disabled' }
  if (!person.oneTimeUntil) return { kind: 'in', personId: person.id }
  return exchangeOneTime(console, { person, attempt, around })
}

/** Only whoever holds the one-time password gets here; it is spent by choosing a password of one's own. */
async function exchangeOneTime(
  console: Console,
  given: { readonly person: Candidate; readonly attempt: Attempt; readonly around: Surroundings },
): Promise<Verdict> {
  const { person, attempt, around } = given
  if (!attempt.newPassword) return { kind: 'choose-password' }
  if (attempt.newPassword === attempt.password) {
    return { kind: 'choose-password', fault: 'Choose a password of your own, not the one-time password.' }
  }
  const fault = passwordFault(attempt.newPassword, person)
  if (fault) return { kind: 'choose-password', fault }
  const passwordHash = await hashPassword(attempt.newPassword)
  const isSpent = await console.db.$transaction(async (tx) => {
    const { count } = await tx.person.updateMany({
      where: { id: person.id, passwordHash: person.passwordHash },
      data: { passwordHash, oneTimeUntil: null, version: { increment: 1 } },
    })
    if (count === 0) return false
    await revokeSessionsOf(tx, { personId: person.id, now: around.now })
    await appendAudit(tx, {
      at: around.now,
      actor: person.id,
      action: 'access.exchangeOneTimePassword',
      subject: `person:${person.id}`,
      detail: {},
      requestId: around.requestId,
    })
    return true
  })
  return isSpent ? { kind: 'in', personId: person.id } : { kind: 'refused' }
}

/** What was typed as a name may be a password in the wrong field, so only its digest goes on record. */
async function recordRefusal(
  console: Console,
  refused: { readonly login: string; readonly person: Candidate | null; readonly around: Surroundings },
): Promise<void> {
  const { login, person, around } = refused
  await console.db.$transaction((tx) =>
    appendAudit(tx, {
      at: around.now,
      actor: 'nobody',
      action: 'access.signInRefused',
      subject: person ? `person:${person.id}` : `login:${sha256Hex(login).slice(0, 12)}`,
      detail: { network: networkOf(around.address) },
      requestId: around.requestId,
    }),
  )
}

/** signInAsDemo opens for demo people of a simulated installation only; everywhere else it refuses. */
export async function signInAsDemo(console: Console, handle: string | undefined): Promise<Verdict> {
  const demo = demoPersonOf(handle)
  if (!demo || !isDemoSignInOpen(console.env)) return { kind: 'refused' }
  const person = await console.db.person.findUnique({ where: { handle: demo.handle } })
  if (person?.email !== demo.email) return { kind: 'refused' }
  return person.disabledAt ? { kind: 'disabled' } : { kind: 'in', personId: person.id }
}

/** OidcClaims are the parts of a verified ID token that decide a sign-in. */
export type OidcClaims = {
  readonly email?: unknown
  readonly email_verified?: unknown
  readonly auth_time?: unknown
}

/** OidcVerdict is a sign-in through the identity provider: only a confirmed e-mail that an admin entered comes in. */
export type OidcVerdict =
  | { readonly kind: 'in'; readonly personId: string }
  | { readonly kind: 'unknown-person' | 'unconfirmed' | 'disabled' }

/** signInWithOidc matches the confirmed e-mail of an ID token with a person; it never creates one. */
export async function signInWithOidc(console: Console, claims: OidcClaims): Promise<OidcVerdict> {
  if (typeof claims.email !== 'string') return { kind: 'unconfirmed' }
  if (claims.email_verified !== true) return { kind: 'unconfirmed' }
  const person = await console.db.person.findUnique({ where: { email: claims.email.toLowerCase() } })
  if (!person) return { kind: 'unknown-person' }
  return person.disabledAt ? { kind: 'disabled' } : { kind: 'in', personId: person.id }
}

/** authAtOf gives when the identity provider last asked the person to prove themselves, never later than `now`. */
export function authAtOf(claims: OidcClaims, now: Date): Date {
  const seconds = claims.auth_time
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return now
  return new Date(Math.min(now.getTime(), seconds * 1_000))
}

/** openSession writes the session row and its audit entry together and gives the session id. */
export function openSession(
  console: Console,
  opened: {
    readonly personId: string
    readonly method: SignInMethod
    readonly authAt: Date
    readonly around: Surroundings
  },
): Promise<string> {
  const { personId, method, authAt, around } = opened
  return console.db.$transaction(async (tx) => {
    const sid = await createSession(tx, {
      personId,
      method,
      authAt,
      userAgent: around.userAgent,
      previousSid: around.previousSid,
      now: around.now,
    })
    await appendAudit(tx, {
      at: around.now,
      actor: personId,
      action: 'access.signIn',
      subject: `person:${personId}`,
      detail: { method },
      sessionId: sid,
      requestId: around.requestId,
    })
    await writeHints(tx, [{ topic: 'access', ref: personId }], around.now)
    return sid
  })
}
