import { neverSent } from '../../platform/http-failure'
import type { Http, HttpAnswer } from '../../platform/http-types'
import { rememberSecret } from '../../platform/redact'
import { decodeReply, encodeCall, type XmlArgument, type XmlReply } from '../../sources/supervisor/xmlrpc'
import type { Doubt, PlannedRequest, Refusal } from '../executor'

/** SupervisorTarget is one instance's supervisord and how to reach it. */
export type SupervisorTarget = {
  readonly url: string
  readonly user?: string | undefined
  readonly password?: string | undefined
}

/** Called is a reply of supervisord (a fault is one too), or the answer that was none. */
export type Called =
  | { readonly ok: true; readonly reply: XmlReply }
  | { readonly ok: false; readonly failure: Refusal | Doubt }

// A stop waits for the program to end: ten seconds by supervisord’s own default, then it kills.
const DEADLINE_MS = 15_000

/** supervisorCall plans one XML-RPC call. */
export function supervisorCall(method: string, args: readonly XmlArgument[]): PlannedRequest {
  return {
    method: 'POST',
    path: '/RPC2',
    contentType: 'text/xml',
    body: encodeCall(`supervisor.${method}`, args),
  }
}

/** sendCall sends a planned call as it stands. */
export async function sendCall(
  target: SupervisorTarget & { readonly http: Http },
  planned: PlannedRequest,
): Promise<Called> {
  const { user = '', password = '' } = target
  rememberSecret(password)
  const basic = Buffer.from(`${user}:${password}`).toString('base64')
  const answer = await target.http.request({
    url: `${target.url.replace(/\/+$/, '').replace(/\/RPC2$/, '')}${planned.path}`,
    method: 'POST',
    body: planned.body,
    headers: {
      'content-type': planned.contentType,
      accept: 'text/xml',
      ...(user === '' ? {} : { authorization: `Basic ${basic}` }),
    },
    deadlineMs: DEADLINE_MS,
  })
  if (!answer.ok) return { ok: false, failure: failureOf(answer) }
  const reply = decodeReply(answer.value.text)
  if (!reply) return { ok: false, failure: { kind: 'unknown', detail: 'the answer is not XML-RPC' } }
  return { ok: true, reply }
}

function failureOf(answer: Exclude<HttpAnswer, { ok: true }>): Refusal | Doubt {
  const { status, detail } = answer
  if (status === 401 || status === 403) return { kind: 'refused', why: 'forbidden', detail }
  if (status === 404) return { kind: 'refused', why: 'not-found', detail }
  if (neverSent(answer)) return { kind: 'refused', why: 'unreachable', detail }
  return { kind: 'unknown', detail }
}

/** faultOf says what a fault of supervisord means for a change: nothing was started, by its own word. */
export function faultOf({ code, text }: { readonly code: number; readonly text: string }): Refusal {
  const detail = `supervisord answers ${text || `fault ${code}`}`
  if (code === 10) return { kind: 'refused', why: 'not-found', detail }
  if (code === 1 || code === 2) return { kind: 'refused', why: 'invalid', detail }
  return { kind: 'refused', why: 'not-possible', detail }
}
