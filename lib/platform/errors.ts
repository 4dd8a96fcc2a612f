/** ErrorCode names what a caller can act on; each maps to one HTTP status and one problem type. */
export type ErrorCode =
  | 'invalid'
  | 'unauthenticated'
  | 'step_up'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'key_reused'
  | 'other_person'
  | 'too_large'
  | 'too_many'
  | 'unavailable'
  | 'internal'

/** ERROR_STATUS gives the HTTP status of each code (RFC 9110). */
export const ERROR_STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid: 422,
  unauthenticated: 401,
  step_up: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  key_reused: 409,
  other_person: 409,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
  internal: 500,
}

/** FieldIssue is one fault in the input: where (dot path, empty for the whole) and what to do. */
export type FieldIssue = { readonly path: string; readonly message: string }

/** AppError is thrown for what a caller can act on; outside failures are values, not AppErrors. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly issues: readonly FieldIssue[]
  /** current carries the present state of the thing on a conflict, for the two-versions view. */
  readonly current: unknown
  /** retryAfterSeconds is how long to wait before the same may be tried again. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly issues?: readonly FieldIssue[]
      readonly current?: unknown
      readonly cause?: unknown
      readonly retryAfterSeconds?: number
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.issues = options.issues ?? []
    this.current = options.current
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** Problem is the RFC 9457 body of every failed request; `instance` is the request id found in the log. */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly instance: string
  readonly issues?: readonly FieldIssue[]
  readonly current?: unknown
}

const TITLES: Readonly<Record<ErrorCode, string>> = {
  invalid: 'Some fields need another look',
  unauthenticated: 'Sign in to go on',
  step_up: 'Confirm that it is you',
  forbidden: 'Your role does not allow this',
  not_found: 'There is nothing here',
  conflict: 'Someone changed this meanwhile',
  key_reused: 'This request id was used for something else',
  other_person: 'Somebody else is signed in here now',
  too_large: 'That is too large',
  too_many: 'Too many requests',
  unavailable: 'Watchfloor cannot do this right now',
  internal: 'Watchfloor failed',
}

/** problemOf maps any thrown value to its problem body; unknown errors reveal nothing but the request id. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = error instanceof AppError ? error : undefined
  const code = known?.code ?? 'internal'
  return {
    type: `urn:watchfloor:problem:${code}`,
    title: TITLES[code],
    status: ERROR_STATUS[code],
    detail: known?.message ?? `Nothing was changed. The log has the cause under ${requestId}.`,
    code,
    instance: requestId,
    ...(known && known.issues.length > 0 ? { issues: known.issues } : {}),
    ...(known?.current === undefined ? {} : { current: known.current }),
  }
}
