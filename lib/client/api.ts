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

const NO_ANSWER: Problem = {
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
  throw new ProblemError((await response.json()) as Problem)
}

async function send(url: string, init: RequestInit): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw new ProblemError(NO_ANSWER)
  }
  return read(response)
}

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
    queryFn: async ({ signal }) => (await send(queryUrl(name, input), { signal })) as Wire<QueryResult<Name>>,
  }
}

/** sendCommand runs a command under an idempotency key (a fresh one unless given); throws ProblemError. */
export async function sendCommand<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
  options: { readonly idempotencyKey?: string } = {},
): Promise<Wire<CommandResult<Name>>> {
  const result = await send(`/api/commands/${name}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-watchfloor-request': '1',
      'idempotency-key': options.idempotencyKey ?? crypto.randomUUID(),
    },
    body: JSON.stringify(input ?? {}),
  })
  return result as Wire<CommandResult<Name>>
}
