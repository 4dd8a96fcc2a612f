import { createHash, randomBytes } from 'node:crypto'
import { sameSecret } from '../platform/crypto'

function digestOf(token: string, secret: string): string {
  return createHash('sha256').update(`${token}${secret}`).digest('hex')
}

/** isCsrfCookie tells whether next-auth will accept this cookie (`token|sha256(token + secret)`). */
export function isCsrfCookie(cookie: string | undefined, secret: string): boolean {
  const [token = '', digest = ''] = cookie?.split('|') ?? []
  return token !== '' && sameSecret(digest, digestOf(token, secret))
}

/** csrfCookie makes a fresh cookie of next-auth's form, so that the sign-in form works without scripts. */
export function csrfCookie(secret: string): string {
  const token = randomBytes(32).toString('hex')
  return `${token}|${digestOf(token, secret)}`
}

/** csrfTokenOf gives the token that the form sends back. */
export function csrfTokenOf(cookie: string | undefined): string {
  return cookie?.split('|')[0] ?? ''
}
