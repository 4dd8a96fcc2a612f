import { neverSent } from '../../platform/http-failure'
import type { HttpAnswer } from '../../platform/http-types'
import type { Doubt, Refusal } from '../executor'

type Failure = Exclude<HttpAnswer, { ok: true }>

/** failureOf says what a failed call means: refused without effect, or unknown. Only what proves that nothing happened is a refusal. */
export function failureOf(answer: Failure): Refusal | Doubt {
  const { status } = answer
  const detail = told(answer)
  const refused = (why: Refusal['why']): Refusal => ({ kind: 'refused', why, detail })
  switch (status) {
    case 400:
    case 405:
    case 415:
      return refused('invalid')
    case 401:
    case 403:
      return refused('forbidden')
    case 404:
      return refused('not-found')
    case 409:
      return refused('changed-meanwhile')
    case 422:
      return refused(
        /testing value|the server rejected our request/i.test(answer.body ?? detail)
          ? 'changed-meanwhile'
          : 'invalid',
      )
    case 429:
      return refused('limited')
  }
  if (neverSent(answer)) return refused('unreachable')
  return { kind: 'unknown', detail }
}

function told({ body, detail }: Failure): string {
  try {
    const json: unknown = JSON.parse(body ?? '')
    if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string')
      return json.message.slice(0, 300)
  } catch {
    // What is not a Status object is told as the client saw it.
  }
  return detail
}
