import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { getConsole } from '../console'
import type { Actor, AnyQuery, Query } from '../operation'
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
