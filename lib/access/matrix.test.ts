import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Console, setConsole } from '../console'
import { answerCommand, answerQuery } from '../doors'
import type { Actor, AnyCommand, AnyQuery } from '../operation'
import { AppError } from '../platform/errors'
import { testConsole } from '../platform/testing/database'
import { OPERATIONS } from '../registry'
import { runCommand, runQuery } from '../run'
import { can, PERMISSIONS, ROLES, type Role, STEP_UP } from './permissions'

let console: Console
let untouched: string
const ALL: readonly (AnyCommand | AnyQuery)[] = OPERATIONS as unknown as readonly (AnyCommand | AnyQuery)[]

beforeAll(async () => {
  console = await testConsole()
  setConsole(console)
  untouched = await contents()
})

afterAll(async () => {
  await console.close()
})

function actorWith(roles: readonly Role[], ageMs = 0): Actor {
  const authAt = new Date(console.clock.now().getTime() - ageMs)
  return { kind: 'person', id: randomUUID(), handle: 'x', name: 'X', roles, sessionId: 's', authAt }
}

/** The refusal of an operation, or undefined when it went past the guard; whatever happens after it is not judged here. */
async function refusalOf(operation: AnyCommand | AnyQuery, actor: Actor): Promise<string | undefined> {
  const scope = { console, actor, now: console.clock.now(), requestId: randomUUID() }
  const unfit = Symbol('no schema takes this')
  try {
    if (operation.type === 'command') await runCommand(operation, scope, unfit)
    else await runQuery(operation, scope, unfit)
    return undefined
  } catch (error) {
    const code = error instanceof AppError ? error.code : undefined
    return code === 'forbidden' || code === 'step_up' || code === 'unauthenticated' ? code : undefined
  }
}

/** The content of every table of this database, as one digest per table. */
async function contents(): Promise<string> {
  const { rows } = await console.hot.query<{ name: string; digest: string }>(
    `SELECT relname AS name, md5(query_to_xml('SELECT * FROM ' || quote_ident(relname), true, false, '')::text) AS digest
     FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY 1`,
  )
  return JSON.stringify(rows)
}

describe('every operation × every role', () => {
  it('covers every operation of the registry', () => {
    expect(ALL.length).toBeGreaterThan(15)
    expect(new Set(ALL.map((operation) => operation.name)).size).toBe(ALL.length)
  })

  describe.each(ALL.map((operation) => [operation.name, operation] as const))('%s', (name, operation) => {
    it.each(ROLES)('as %s follows the table of permissions', async (role) => {
      const isHolder = (PERMISSIONS[operation.permission] as readonly Role[]).includes(role)
      expect(await refusalOf(operation, actorWith([role]))).toBe(isHolder ? undefined : 'forbidden')
    })

    it('is refused to nobody, to no role and to a machine without the permission', async () => {
      expect(await refusalOf(operation, actorWith([]))).toBe('forbidden')
      expect(await refusalOf(operation, { kind: 'machine', id: 'ci', permissions: [] })).toBe('forbidden')
      const response =
        operation.type === 'query'
          ? await answerQuery(new Request(`http://127.0.0.1:3000/api/queries/${name}`), name)
          : await answerCommand(
              new Request(`http://127.0.0.1:3000/api/commands/${name}`, {
                method: 'POST',
                headers: {
                  'content-type': 'application/json',
                  'sec-fetch-site': 'same-origin',
                  'x-watchfloor-request': '1',
                },
                body: '{}',
              }),
              name,
            )
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ code: 'unauthenticated' })
    })

    it('changed nothing by all of this', async () => {
      expect(await contents()).toBe(untouched)
    })
  })

  it.each(
    ALL.filter((operation) => STEP_UP.has(operation.permission)).map(
      (operation) => [operation.name, operation] as const,
    ),
  )('%s wants a sign-in of the last ten minutes', async (_name, operation) => {
    const roles = ROLES.filter((role) => can([role], operation.permission))
    expect(await refusalOf(operation, actorWith(roles, 10 * 60_000))).toBeUndefined()
    expect(await refusalOf(operation, actorWith(roles, 10 * 60_000 + 1))).toBe('step_up')
  })

  it.each(ALL.filter((operation) => operation.type === 'command').map(({ name }) => [name]))(
    '%s is refused from another site before anybody is asked who they are',
    async (name) => {
      const response = await answerCommand(
        new Request(`http://127.0.0.1:3000/api/commands/${name}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'sec-fetch-site': 'cross-site',
            'x-watchfloor-request': '1',
          },
          body: '{}',
        }),
        name,
      )
      expect(response.status).toBe(403)
    },
  )
})
