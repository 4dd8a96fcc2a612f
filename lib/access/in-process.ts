import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { getConsole } from '../console'
import type { Actor, AnyQuery, Query } from '../operation'
import { AppError } from '../platform/errors'
import { runQuery } from '../run'

/** queryInProcess runs a query for a page under the same guard as the door; throws AppError. */
export async function queryInProcess<Name extends string, Input extends z.ZodType, Result>(
  query: Query<Name, Input, Result>,
  actor: Actor,
  input: z.input<Input>,
): Promise<Result> {
  const console = getConsole()
  const scope = { console, actor, now: console.clock.now(), requestId: randomUUID() }
  return (await runQuery(query as AnyQuery, scope, input)) as Result
}

/** findInProcess does the same for what an address names; undefined when there is no such thing, for this person too. */
export async function findInProcess<Name extends string, Input extends z.ZodType, Result>(
  query: Query<Name, Input, Result>,
  actor: Actor,
  input: z.input<Input>,
): Promise<Result | undefined> {
  try {
    return await queryInProcess(query, actor, input)
  } catch (error) {
    if (error instanceof AppError && (error.code === 'not_found' || error.code === 'invalid'))
      return undefined
    throw error
  }
}
