import type { Reply } from '../reply'
import type { FaultKind } from '../scenario-events'
import { conflict, forbidden, notFound, statusReply, UNAUTHORIZED, unprocessable } from './status'

const SUBJECT = { resource: 'deployments', group: 'apps', name: '' }

/** How this server says what other sources say in their own way; undefined leaves it to the common form. */
export function kubernetesFault(kind: FaultKind, status: number | undefined): Reply | undefined {
  switch (kind) {
    case 'unauthorized':
      return statusReply(UNAUTHORIZED)
    case 'forbidden':
      return statusReply(forbidden('system:serviceaccount:watchfloor:reader', 'get', SUBJECT).refusal)
    case 'not-found':
      return statusReply(notFound({ ...SUBJECT, name: 'gone' }).refusal)
    case 'conflict':
      return statusReply(conflict({ ...SUBJECT, name: 'changed' }).refusal)
    case 'invalid':
      return statusReply(unprocessable('the request is invalid').refusal)
    case 'rate-limited':
      return statusReply({
        code: 429,
        reason: 'TooManyRequests',
        message: 'too many requests, please try again later',
        details: { retryAfterSeconds: 5 },
      })
    case 'server-error':
      return statusReply({
        code: status ?? 500,
        reason: status === 503 ? 'ServiceUnavailable' : 'InternalError',
        message: 'an error on the server has prevented the request from succeeding',
      })
    default:
      return undefined
  }
}
