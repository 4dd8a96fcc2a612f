'use client'

import type { Problem } from '../platform/errors'
import type {
  CommandInput,
  CommandName,
  CommandResult,
  QueryInput,
  QueryName,
  QueryResult,
} from '../registry'
import { newId } from './new-id'
import { currentPerson, tellOtherPerson } from './person'

/** Wire is a value as it arrives over JSON: instants are ISO texts. */
export type Wire<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? Wire<Item>[]
    : Value extends object
      ? { [Key in keyof Value]: Wire<Value[Key]> }
      : Value

/** ProblemError carries the server's problem body; `problem.issues` name the fields at fault. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** NO_ANSWER is the problem of a request that never came back. */
export const NO_ANSWER: Problem = {
  type: 'urn:watchfloor:problem:unavailable',
  title: 'Watchfloor does not answer',
  status: 503,
  detail: 'Watchfloor does not answer. What you typed is kept; try again in a moment.',
  code: 'unavailable',
  instance: '',
}

async function read(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? ''
  if (response.ok) return type.includes('json') ? response.json() : response.text()
  if (!type.includes('problem+json')) throw new ProblemError({ ...NO_ANSWER, status: response.status })
  const problem = (await response.json()) as Problem
  if (problem.code === 'other_person') tellOtherPerson()
  throw new ProblemError(problem)
}

/** Every request says for whom this page was made: the server refuses it once somebody else is signed in. */
function asPerson(): Record<string, string> {
  const person = currentPerson()
  return person === undefined ? {} : { 'x-watchfloor-as': person.id }
}

async function send(url: string, init: RequestInit): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (cause) {
    if (init.signal?.aborted && init.signal.reason?.name !== 'TimeoutError') throw cause
    throw new ProblemError(NO_ANSWER)
  }
  return read(response)
}

// Proxies refuse addresses that are much longer; a longer question is asked in a body.
const ADDRESS_LIMIT = 6_000

/** queryUrl is the address of a query's answer: for links and downloads. */
export function queryUrl<Name extends QueryName>(name: Name, input: QueryInput<Name>): string {
  return `/api/queries/${name}?input=${encodeURIComponent(JSON.stringify(input ?? {}))}`
}

/** queryOf gives TanStack Query options for a query of the registry; failures are ProblemErrors. */
export function queryOf<Name extends QueryName>(
  name: Name,
  input: QueryInput<Name>,
): {
  queryKey: [Name, QueryInput<Name>]
  queryFn: (context: { signal: AbortSignal }) => Promise<Wire<QueryResult<Name>>>
} {
  return {
    queryKey: [name, input],
    queryFn: async ({ signal }) => {
      const url = queryUrl(name, input)
      const asked =
        url.length <= ADDRESS_LIMIT
          ? send(url, { signal, headers: asPerson() })
          : send(`/api/queries/${name}`, {
              method: 'POST',
              signal,
              headers: { 'content-type': 'application/json', 'x-watchfloor-request': '1', ...asPerson() },
              body: JSON.stringify(input),
            })
      return (await asked) as Wire<QueryResult<Name>>
    },
  }
}

/** isUnanswered tells whether it is unknown what became of a request: nobody answered, or not in time. */
export function isUnanswered(error: unknown): error is ProblemError {
  return (
    error instanceof ProblemError && error.problem.code === 'unavailable' && error.problem.instance === ''
  )
}

/**
 * sendCommand runs a command under an idempotency key (a fresh one unless given, none for null); throws ProblemError.
 * With `keepalive` it outlives the page; after `timeoutMs` it counts as unanswered.
 */
export async function sendCommand<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
  options: {
    readonly idempotencyKey?: string | null
    readonly timeoutMs?: number
    readonly keepalive?: boolean
  } = {},
): Promise<Wire<CommandResult<Name>>> {
  const { idempotencyKey = newId(), timeoutMs, keepalive = false } = options
  const result = await send(`/api/commands/${name}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-watchfloor-request': '1',
      ...asPerson(),
      ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
    },
    body: JSON.stringify(input ?? {}),
    keepalive,
    ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
  })
  return result as Wire<CommandResult<Name>>
}
