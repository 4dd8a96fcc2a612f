import { hash, verify } from '@node-rs/argon2'
import { randomToken } from '../platform/crypto'

/** ARGON2 are the costs of a password hash: 64 MiB, three passes, one lane (argon2id is the library's default). */
const ARGON2 = { memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const

/** PASSWORD_LENGTH bounds a password in characters. */
export const PASSWORD_LENGTH = { min: 12, max: 256 } as const

/** The well-known passwords of twelve characters and more; shorter ones are refused by length alone. */
const COMMON = new Set([
  '123456789012',
  '1234567890123',
  '12345678901234',
  '123456789123',
  '1234567891011',
  '111111111111',
  '000000000000',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'qwertyuiop12',
  'qwertyuiop123',
  'qwertyuiopasdfghjkl',
  'qazwsxedcrfv',
  'asdfghjkl123',
  'passwordpassword',
  'password1234',
  'password12345',
  'password123456',
  'iloveyou1234',
  'iloveyouforever',
  'adminadminadmin',
  'administrator',
  'administrator1',
  'letmeinletmein',
  'welcome12345',
  'welcome123456',
  'changeme1234',
  'changemeplease',
  'correcthorsebatterystaple',
  'trustno1trustno1',
  'unbelievable',
  'thisisapassword',
  'mypassword123',
  'superman1234',
  'watchfloor123',
])

function normal(password: string): string {
  return password.normalize('NFKC')
}

function isRepeated(text: string): boolean {
  for (let size = 1; size <= 4; size += 1) {
    if (
      text ===
      text
        .slice(0, size)
        .repeat(Math.ceil(text.length / size))
        .slice(0, text.length)
    )
      return true
  }
  return false
}

/** passwordFault says what is wrong with a new password, or undefined when it may be used. */
export function passwordFault(
  password: string,
  person: { readonly handle: string; readonly email: string },
): string | undefined {
  const text = normal(password)
  if (text.length < PASSWORD_LENGTH.min)
    return `Use at least ${PASSWORD_LENGTH.min} characters; a short sentence works well.`
  if (text.length > PASSWORD_LENGTH.max) return `Use at most ${PASSWORD_LENGTH.max} characters.`
  const lower = text.toLowerCase()
  if (COMMON.has(lower) || isRepeated(lower))
    return 'This password is among the first that an attacker tries. Choose another.'
  const own = [person.handle, person.email.split('@')[0] ?? '', 'watchfloor']
    .filter((part) => part.length >= 3)
    .sort((a, b) => b.length - a.length)
  const rest = own.reduce((left, part) => left.replaceAll(part.toLowerCase(), ''), lower)
  if (rest.length < 8)
    return 'This password is mostly your own name or the name of the console. Choose another.'
  return undefined
}

/** hashPassword gives an argon2id hash in PHC form with a random salt; about 150 ms and 64 MiB. */
export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), ARGON2)
}

let dummy: Promise<string> | undefined

/** verifyPassword takes as long without a hash (unknown person, no password) as with one; then the answer is false. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  dummy ??= hashPassword(randomToken())
  const isRight = await verify(stored ?? (await dummy), normal(password).slice(0, PASSWORD_LENGTH.max))
  return isRight && typeof stored === 'string'
}
