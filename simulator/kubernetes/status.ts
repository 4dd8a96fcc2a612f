import { json, type Reply } from '../reply'

export type Cause = { readonly reason: string; readonly message: string; readonly field?: string }

type Refusal = {
  readonly code: number
  readonly reason: string
  readonly message: string
  readonly details?: {
    readonly name?: string
    readonly group?: string
    readonly kind?: string
    readonly causes?: readonly Cause[]
    readonly retryAfterSeconds?: number
  }
}

/** Thrown where a request can't be carried out; it becomes a Status object. */
export class ApiError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message)
  }
}

export function statusReply({ code, reason, message, details }: Refusal): Reply {
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code,
  }
  const wait = details?.retryAfterSeconds
  const reply = json(body, code)
  return wait === undefined ? reply : { ...reply, headers: { 'retry-after': String(wait) } }
}

export const UNAUTHORIZED: Refusal = { code: 401, reason: 'Unauthorized', message: 'Unauthorized' }

export const NO_SUCH_PATH: Refusal = {
  code: 404,
  reason: 'NotFound',
  message: 'the server could not find the requested resource',
}

type Subject = { readonly resource: string; readonly group: string; readonly name: string }

function qualified({ resource, group }: Pick<Subject, 'resource' | 'group'>): string {
  return group === '' ? resource : `${resource}.${group}`
}

export function notFound(subject: Subject): ApiError {
  const { name, group, resource } = subject
  return new ApiError({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(subject)} "${name}" not found`,
    details: { name, ...(group === '' ? {} : { group }), kind: resource },
  })
}

export function conflict(subject: Subject): ApiError {
  const { name, group, resource } = subject
  return new ApiError({
    code: 409,
    reason: 'Conflict',
    message:
      `Operation cannot be fulfilled on ${qualified(subject)} "${name}": the object has been modified; ` +
      'please apply your changes to the latest version and try again',
    details: { name, ...(group === '' ? {} : { group }), kind: resource },
  })
}

export function alreadyExists(subject: Subject): ApiError {
  const { name, group, resource } = subject
  return new ApiError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(subject)} "${name}" already exists`,
    details: { name, ...(group === '' ? {} : { group }), kind: resource },
  })
}

export function invalid(kind: string, subject: Subject, causes: readonly Cause[]): ApiError {
  const { name, group } = subject
  const said = causes.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`))
  const text = said.length === 1 ? said[0] : `[${said.join(', ')}]`
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${text}`,
    details: { name, ...(group === '' ? {} : { group }), kind, causes },
  })
}

/** What the server answers when a JSON patch does not apply, a failed test among them. */
export function unprocessable(message: string): ApiError {
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: { causes: [{ reason: 'UnexpectedServerResponse', message }] },
  })
}

export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, reason: 'BadRequest', message })
}

export function forbidden(
  user: string,
  verb: string,
  subject: Subject & { readonly namespace?: string },
): ApiError {
  const { name, group, resource, namespace } = subject
  const named = name === '' ? '' : ` "${name}"`
  const scope = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
  return new ApiError({
    code: 403,
    reason: 'Forbidden',
    message:
      `${qualified(subject)}${named} is forbidden: User "${user}" cannot ${verb} ` +
      `resource "${resource}" in API group "${group}" ${scope}`,
    details: { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource },
  })
}

export function gone(message: string): ApiError {
  return new ApiError({ code: 410, reason: 'Expired', message })
}
