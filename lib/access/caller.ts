import type { Console } from '../console'
import { randomToken, sha256Hex } from '../platform/crypto'
import { isUnavailable } from '../platform/db'
import { AppError } from '../platform/errors'
import { type Buckets, createBuckets, KEY_RATE, UNKNOWN_RATE } from './key-rate'
import { type KeyRow, readKey, touchKey } from './key-store'
import { can, type Permission } from './permissions'
import type { PersonActor } from './session'
import { networkOf } from './throttle'

const BEARER = /^Bearer +(\S{1,200})$/i
const KEY = /^wf_[A-Za-z0-9_-]{43}$/
const PREFIX_CHARS = 11

/** NewKey is an API key at the moment of its making, the only one at which the secret is known. */
export type NewKey = { readonly secret: string; readonly prefix: string; readonly digest: string }

/** newKey makes a secret of 256 random bits with the prefix by which scanners and people know it. */
export function newKey(): NewKey {
  const secret = `wf_${randomToken(32)}`
  return { secret, prefix: secret.slice(0, PREFIX_CHARS), digest: sha256Hex(secret) }
}

type Limits = { readonly keys: Buckets; readonly unknown: Buckets }
const limits = new WeakMap<Console, Limits>()

function limitsOf(console: Console): Limits {
  const known = limits.get(console)
  if (known) return known
  const made = { keys: createBuckets(KEY_RATE), unknown: createBuckets(UNKNOWN_RATE) }
  limits.set(console, made)
  return made
}

function refuseHasty(seconds: number, what: string): void {
  if (seconds === 0) return
  throw new AppError('too_many', `${what} Wait ${seconds} s.`, { retryAfterSeconds: seconds })
}

function refuseOver(key: KeyRow, now: Date): void {
  const why =
    key.disabledAt !== null
      ? 'The account of this API key is disabled.'
      : key.revokedAt !== null
        ? 'This API key was revoked.'
        : key.expiresAt.getTime() <= now.getTime()
          ? 'This API key has expired. Make a new one in the console.'
          : undefined
  if (why !== undefined) throw new AppError('unauthenticated', why)
}

/** hasBearer tells whether a request names a key; such a request never counts under a cookie. */
export function hasBearer(headers: Pick<Headers, 'get'>): boolean {
  return headers.get('authorization') !== null
}

const HELD_MS = 2_000
const USED_MS = 5 * 60_000
const MAX_HELD = 1_000
/** For how long a key that is known counts while the database is away or slow: nobody could revoke it there meanwhile. */
const LAST_KNOWN_MS = 60_000
const PATIENCE_MS = 100
type Held = { readonly key: KeyRow; readonly readAtMs: number }
type Keyring = {
  readonly known: Map<string, Held>
  readonly reading: Map<string, Promise<KeyRow | undefined>>
}
const held = new WeakMap<Console, Keyring>()

function keyringOf(console: Console): Keyring {
  const made = held.get(console) ?? { known: new Map(), reading: new Map() }
  held.set(console, made)
  return made
}

function readHeld(
  console: Console,
  { known, reading }: Keyring,
  secret: string,
): Promise<KeyRow | undefined> {
  const readAtMs = console.clock.monotonicMs()
  const read = readKey(console.hot, sha256Hex(secret))
    .then((key) => {
      if (known.size >= MAX_HELD) known.clear()
      if (key === undefined) known.delete(secret)
      else known.set(secret, { key, readAtMs })
      return key
    })
    .finally(() => reading.delete(secret))
  reading.set(secret, read)
  return read
}

async function heldKey(console: Console, secret: string): Promise<KeyRow | undefined> {
  if (!KEY.test(secret)) return undefined
  const ring = keyringOf(console)
  const found = ring.known.get(secret)
  const ageMs = found ? console.clock.monotonicMs() - found.readAtMs : Number.POSITIVE_INFINITY
  if (found && ageMs < HELD_MS) return found.key
  const read = ring.reading.get(secret) ?? readHeld(console, ring, secret)
  if (found === undefined || ageMs >= LAST_KNOWN_MS) return read
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<KeyRow>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, found.key)
  })
  try {
    return await Promise.race([read, late])
  } catch (error) {
    if (isUnavailable(error)) return found.key
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/**
 * assertKeyHolds lets a key through that may do this: for what is asked thousands of times a second. The key is read
 * at most every two seconds and has no rate of its own; for a minute the last known one counts while the database does not answer. Throws unauthenticated, forbidden or, for unknown keys, too_many.
 */
export async function assertKeyHolds(
  console: Console,
  headers: Pick<Headers, 'get'>,
  permission: Permission,
): Promise<void> {
  const { hot, log } = console
  const key = await heldKey(console, BEARER.exec(headers.get('authorization') ?? '')?.[1] ?? '')
  if (key === undefined) {
    await callerOfKey(console, headers)
    return
  }
  const now = console.clock.now()
  refuseOver(key, now)
  if (!key.scopes.includes(permission) || !can(key.roles, permission))
    throw new AppError(
      'forbidden',
      `This needs the permission ${permission}, which this API key does not hold.`,
    )
  if (key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() > USED_MS)
    touchKey(hot, key, now).catch((error: unknown) =>
      log.warn({ err: error }, 'the use of an API key could not be written'),
    )
}

/**
 * callerOfKey gives the person for whom the key in `Authorization: Bearer wf_…` speaks, narrowed to its scopes. Throws
 * unauthenticated for a key that is not in force, too_many beyond its rate.
 */
export async function callerOfKey(console: Console, headers: Pick<Headers, 'get'>): Promise<PersonActor> {
  const secret = BEARER.exec(headers.get('authorization') ?? '')?.[1] ?? ''
  const { keys, unknown } = limitsOf(console)
  const nowMs = console.clock.monotonicMs()
  const key = KEY.test(secret) ? await readKey(console.hot, sha256Hex(secret)) : undefined
  if (key === undefined) {
    refuseHasty(unknown.take(networkOf(headers.get('x-forwarded-for')), nowMs), 'Too many unknown API keys.')
    throw new AppError(
      'unauthenticated',
      'This API key is not known. Send Authorization: Bearer wf_… with a key made under Settings, API keys.',
    )
  }
  const now = console.clock.now()
  refuseOver(key, now)
  refuseHasty(keys.take(key.id, nowMs), 'This API key asks too often.')
  const { hot, log } = console
  await touchKey(hot, key, now).catch((error: unknown) =>
    log.warn({ err: error }, 'the use of an API key could not be written'),
  )
  return {
    kind: 'person',
    id: key.personId,
    handle: key.handle,
    name: key.name,
    roles: key.roles,
    sessionId: `key:${key.id}`,
    authAt: new Date(0),
    key: { id: key.id, scopes: key.scopes },
  }
}
