import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { AppError } from './errors'

/** sha256Hex hashes text (UTF-8) or bytes to 64 lower-case hex digits. */
export function sha256Hex(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex')
}

/** keyedHex is an HMAC-SHA-256 in hex: a digest of something guessable that is worth nothing without the key. */
export function keyedHex(key: string, value: string): string {
  return createHmac('sha256', key).update(value).digest('hex')
}

/** randomToken gives `bytes` random bytes as base64url (32 bytes = 256 bits). */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}

/** sameSecret compares two texts in constant time whatever their lengths. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}

type Key = { readonly id: string; readonly bytes: Buffer }

function parseKey(text: string): Key {
  const [id = '', encoded = ''] = text.split(':')
  const bytes = Buffer.from(encoded, 'base64')
  if (!id || bytes.length !== 32) throw new Error('WATCHFLOOR_KEY must be KEY_ID:base64 of 32 bytes')
  return { id, bytes }
}

/** Seal encrypts and opens small secrets bound to a place (`table|row|field`). */
export type Seal = {
  readonly seal: (plain: string, place: string) => string
  readonly open: (sealed: string, place: string) => string
}

/** createSeal uses AES-256-GCM with a random IV; the first key seals, every key opens, the key id stands in the text. */
export function createSeal(keys: readonly string[]): Seal {
  const parsed = keys.map(parseKey)
  const [first] = parsed
  if (!first) throw new Error('At least one key is needed to seal secrets')
  return {
    seal(plain, place) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', first.bytes, iv)
      cipher.setAAD(Buffer.from(place))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return [
        first.id,
        iv.toString('base64'),
        body.toString('base64'),
        cipher.getAuthTag().toString('base64'),
      ].join('.')
    },
    open(sealed, place) {
      const [id, iv = '', body = '', tag = ''] = sealed.split('.')
      const key = parsed.find((candidate) => candidate.id === id)
      if (!key)
        throw new AppError('unavailable', `The secret was sealed with key ${id}, which is not configured.`)
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64'))
      decipher.setAAD(Buffer.from(place))
      decipher.setAuthTag(Buffer.from(tag, 'base64'))
      return Buffer.concat([decipher.update(Buffer.from(body, 'base64')), decipher.final()]).toString('utf8')
    },
  }
}
