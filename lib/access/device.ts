import { createHmac } from 'node:crypto'
import { randomToken, sameSecret } from '../platform/crypto'

function macOf(secret: string, id: string, personId: string): string {
  return createHmac('sha256', secret).update(`watchfloor-device\n${id}\n${personId}`).digest('base64url')
}

/** deviceToken marks a browser in which this person has signed in: it grants nothing but a throttle counter of its own. */
export function deviceToken(secret: string, personId: string): string {
  const id = randomToken(16)
  return `${id}.${macOf(secret, id, personId)}`
}

/** knownDevice gives the browser's id when the token was made for this person; undefined otherwise. */
export function knownDevice(secret: string, token: string | undefined, personId: string): string | undefined {
  const [id, mac] = token?.split('.') ?? []
  return id && mac && sameSecret(mac, macOf(secret, id, personId)) ? id : undefined
}
