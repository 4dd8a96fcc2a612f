import { randomUUID } from 'node:crypto'
import type { Console } from '../../console'
import type { Actor, Scope } from '../../operation'
import {
  type CommandInput,
  type CommandName,
  type CommandResult,
  findCommand,
  findQuery,
  type QueryInput,
  type QueryName,
  type QueryResult,
} from '../../registry'
import { runCommand, runQuery } from '../../run'
import type { Role } from '../permissions'

/** Somebody is a person who may do and ask what their roles allow, and has just said their password. */
export type Somebody = {
  readonly id: string
  readonly handle: string
  readonly actor: () => Actor
  readonly scope: () => Scope
  readonly does: <Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
    key?: string,
  ) => Promise<CommandResult<Name>>
  readonly asks: <Name extends QueryName>(name: Name, input: QueryInput<Name>) => Promise<QueryResult<Name>>
}

/** somebodyIn makes a person with these roles in the console's database; each deed has a key of its own unless one is given. */
export async function somebodyIn(app: Console, roles: readonly Role[]): Promise<Somebody> {
  const handle = `p${randomUUID().slice(0, 8)}`
  const { id } = await app.db.person.create({
    data: { handle, name: handle, email: `${handle}@northlight.example`, roles: [...roles] },
  })
  const actor = (): Actor => ({
    kind: 'person',
    id,
    handle,
    name: handle,
    roles,
    sessionId: 'test',
    authAt: app.clock.now(),
  })
  const scope = (): Scope => ({ console: app, actor: actor(), now: app.clock.now(), requestId: randomUUID() })
  return {
    id,
    handle,
    actor,
    scope,
    does: async <Name extends CommandName>(
      name: Name,
      input: CommandInput<Name>,
      key: string = randomUUID(),
    ) => (await runCommand(findCommand(name), scope(), input, key)) as CommandResult<Name>,
    asks: async <Name extends QueryName>(name: Name, input: QueryInput<Name>) =>
      (await runQuery(findQuery(name), scope(), input)) as QueryResult<Name>,
  }
}
