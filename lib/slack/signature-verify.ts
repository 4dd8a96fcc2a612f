import { createHmac } from 'node:crypto'
import { sameSecret } from '../platform/crypto'

const WINDOW_SECONDS = 300

/** SlackSigned is a request of Slack as far as its signature is concerned; `body` is exactly what was sent. */
export type SlackSigned = {
  readonly timestamp: string | null
  readonly signature: string | null
  readonly body: string
  readonly now: Date
}

/** signSlack gives the signature (v0) that Slack puts on a body at a timestamp (epoch seconds). */
export function signSlack(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
}

/** isFromSlack checks signature and age over the raw body, in constant time; an empty secret trusts nobody. */
export function isFromSlack(secret: string | undefined, signed: SlackSigned): boolean {
  const { timestamp, signature, body, now } = signed
  if (!secret || timestamp === null || signature === null || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > WINDOW_SECONDS) return false
  return sameSecret(signature, signSlack(secret, timestamp, body))
}
