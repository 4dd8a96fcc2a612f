import { createHmac, timingSafeEqual } from 'node:crypto'
import { sameSecret, sha256Hex } from '../platform/crypto'
import type { Sender } from './model'

/** ActiveSecret is a secret in force: a bearer token's digest, or a signing secret in plain. */
export type ActiveSecret = {
  readonly id: string
  readonly digest: string | undefined
  readonly secret: string | undefined
}

/** HookHeaders gives a header by its name in lower case, null when it is absent. */
export type HookHeaders = Pick<Headers, 'get'>

/** Signed is a request as far as its signature is concerned; `body` is exactly what was sent. */
export type Signed = {
  readonly sender: Sender
  readonly headers: HookHeaders
  readonly body: Uint8Array
  readonly now: Date
}

/** Verified is the outcome: which secret signed and the sender's own id of the delivery, or nothing more than "no". */
export type Verified =
  | { readonly ok: true; readonly secretId: string; readonly deliveryId: string | undefined }
  | { readonly ok: false }

const WINDOW_MS = 300_000
const REFUSED: Verified = { ok: false }
const MAX_SIGNATURES = 20
const ID = /^[\x21-\x7e]{1,200}$/

/** verifyHook checks a delivery against every secret in force, over the raw bytes and in constant time; it never throws. */
export function verifyHook(signed: Signed, secrets: readonly ActiveSecret[]): Verified {
  switch (signed.sender) {
    case 'alertmanager':
      return verifyBearer(signed, secrets)
    case 'grafana':
      return verifyGrafana(signed, secrets)
    case 'pagerduty':
      return verifyPagerDuty(signed, secrets)
    case 'vast':
      return verifyVast(signed, secrets)
    case 'generic':
      return verifyStandard(signed, secrets)
  }
}

function verifyBearer({ headers }: Signed, secrets: readonly ActiveSecret[]): Verified {
  const token = /^Bearer ([!-~]{16,512})$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (!token) return REFUSED
  const digest = sha256Hex(token)
  const match = secrets.filter((one) => one.digest !== undefined && sameSecret(one.digest, digest))[0]
  return match ? { ok: true, secretId: match.id, deliveryId: undefined } : REFUSED
}

function isInWindow(seconds: string | null, now: Date): seconds is string {
  if (seconds === null || !/^\d{1,12}$/.test(seconds)) return false
  return Math.abs(now.getTime() - Number(seconds) * 1_000) <= WINDOW_MS
}

function hmac(key: string | Uint8Array, parts: readonly (string | Uint8Array)[]): Buffer {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

function isSame(expected: Buffer, given: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Every signature is compared with every secret, found or not: the time tells nothing. */
function signerOf(
  secrets: readonly ActiveSecret[],
  given: readonly Buffer[],
  mac: (secret: string) => Buffer,
): ActiveSecret | undefined {
  let signer: ActiveSecret | undefined
  for (const candidate of secrets) {
    if (candidate.secret === undefined) continue
    const expected = mac(candidate.secret)
    for (const signature of given) if (isSame(expected, signature)) signer ??= candidate
  }
  return signer
}

function hexes(texts: readonly string[]): readonly Buffer[] {
  return texts
    .filter((text) => /^[0-9a-f]{64}$/i.test(text))
    .slice(0, MAX_SIGNATURES)
    .map((text) => Buffer.from(text, 'hex'))
}

function accepted(signer: ActiveSecret | undefined, deliveryId?: string): Verified {
  return signer ? { ok: true, secretId: signer.id, deliveryId } : REFUSED
}

/** Without a usable id of its own a delivery is known by its bytes: replaying it changes nothing. */
function idOf(header: string | null, body: Uint8Array): string {
  return header !== null && ID.test(header) ? header : `sha256:${sha256Hex(body)}`
}

function verifyGrafana({ headers, body, now }: Signed, secrets: readonly ActiveSecret[]): Verified {
  const timestamp = headers.get('x-grafana-alerting-timestamp')
  const given = hexes([headers.get('x-grafana-alerting-signature') ?? ''])
  if (!isInWindow(timestamp, now)) return REFUSED
  return accepted(signerOf(secrets, given, (secret) => hmac(secret, [`${timestamp}:`, body])))
}

function verifyPagerDuty({ headers, body }: Signed, secrets: readonly ActiveSecret[]): Verified {
  const listed = (headers.get('x-pagerduty-signature') ?? '').slice(0, 4_000).split(',')
  const given = hexes(listed.flatMap((part) => /^v1=(.+)$/.exec(part.trim())?.[1] ?? []))
  const signer = signerOf(secrets, given, (secret) => hmac(secret, [body]))
  return accepted(signer, idOf(headers.get('x-webhook-id'), body))
}

function verifyVast({ headers, body, now }: Signed, secrets: readonly ActiveSecret[]): Verified {
  const timestamp = headers.get('x-vast-timestamp')
  const given = hexes([(headers.get('x-vast-signature-256') ?? '').replace(/^sha256=/, '')])
  if (!isInWindow(timestamp, now)) return REFUSED
  const signer = signerOf(secrets, given, (secret) => hmac(secret, [`${timestamp}.`, body]))
  return accepted(signer, idOf(headers.get('x-vast-event-id'), body))
}

function verifyStandard({ headers, body, now }: Signed, secrets: readonly ActiveSecret[]): Verified {
  const id = headers.get('webhook-id')
  const timestamp = headers.get('webhook-timestamp')
  if (!id || !ID.test(id) || !isInWindow(timestamp, now)) return REFUSED
  const listed = (headers.get('webhook-signature') ?? '').slice(0, 4_000).split(' ').slice(0, MAX_SIGNATURES)
  const given = listed.flatMap((part) => {
    const encoded = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(part)?.[1]
    return encoded ? [Buffer.from(encoded, 'base64')] : []
  })
  const signer = signerOf(secrets, given, (secret) =>
    hmac(standardKey(secret), [`${id}.${timestamp}.`, body]),
  )
  return accepted(signer, id)
}

/** standardKey gives the bytes of a Standard Webhooks secret: `whsec_` and base64. */
function standardKey(secret: string): Uint8Array | string {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret
}
