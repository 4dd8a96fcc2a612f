import { randomUUID } from 'node:crypto'
import type { Console } from '../console'
import type { Actor } from '../operation'
import { keyedHex, sameSecret } from '../platform/crypto'
import { asAppError } from '../platform/db'
import { AppError, ERROR_STATUS } from '../platform/errors'
import { runCommand } from '../run'
import { plan } from './commands-plan'

/** MAX_HOOK_BYTES caps a plan that arrives by webhook. */
export const MAX_HOOK_BYTES = 128 * 1024

const SKEW_MS = 5 * 60_000
const CI: Actor = { kind: 'machine', id: 'ci', permissions: ['deployments.plan'] }

/** Delivered is a plan as CI sent it: the raw body is what was signed, with its time in epoch seconds. */
export type Delivered = {
  readonly timestamp: string | null
  readonly signature: string | null
  readonly delivery: string | null
  readonly body: string
}

/** signatureOf is `sha256=` and the HMAC over time and body, as CI has to send it. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${keyedHex(secret, `${timestamp}.${body}`)}`
}

/** takePlan opens a plan that CI sent with a good signature of the last five minutes; the same delivery id opens it once. */
export async function takePlan(
  console: Console,
  { timestamp, signature, delivery, body }: Delivered,
): Promise<{ readonly status: number; readonly reply: unknown }> {
  const secret = console.env.DEPLOY_HOOK_SECRET
  if (secret === undefined)
    return { status: 404, reply: { detail: 'No secret for plans by webhook is set.' } }
  const now = console.clock.now()
  const isFresh = timestamp !== null && Math.abs(now.getTime() - Number(timestamp) * 1_000) <= SKEW_MS
  if (!isFresh || signature === null || !sameSecret(signature, signatureOf(secret, timestamp, body)))
    return { status: 401, reply: { detail: 'The signature is missing, wrong, or older than five minutes.' } }
  try {
    const input: unknown = JSON.parse(body)
    const scope = { console, actor: CI, now, requestId: randomUUID() }
    return { status: 200, reply: await runCommand(plan, scope, input, delivery ?? undefined) }
  } catch (error) {
    if (error instanceof SyntaxError) return { status: 400, reply: { detail: 'The body is no JSON.' } }
    const problem = asAppError(error)
    if (!(problem instanceof AppError)) throw problem
    const { code, message, issues } = problem
    return { status: ERROR_STATUS[code], reply: { detail: message, issues } }
  }
}
