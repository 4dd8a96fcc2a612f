import { randomUUID } from 'node:crypto'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { GET as openApi } from '../app/api/openapi.json/route'
import { type Console, setConsole } from './console'
import { answerCommand, answerQuery } from './doors'
import { testConsole } from './platform/testing/database'
import { ALL_OPERATIONS, findCommand } from './registry'
import { runCommand } from './run'

type Described = {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly { readonly $ref?: string; readonly name?: string }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: unknown } } }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema: unknown }>> }>
  >
  readonly 'x-permission': string
}
type Doc = {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, { readonly get?: Described; readonly post?: Described }>>
}

let console: Console
let doc: Doc

beforeAll(async () => {
  console = await testConsole()
  setConsole(console)
  doc = (await openApi(new Request('http://127.0.0.1:3000/api/openapi.json')).json()) as Doc
})

afterAll(async () => {
  await console.close()
})

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    const result = await validator.validate({ ...structuredClone(doc) })
    expect(JSON.stringify(result.errors ?? []).slice(0, 2_000)).toBe('[]')
    expect(result.valid).toBe(true)
    expect(validator.version).toBe('3.1')
  })

  it('holds every operation with a sentence, its permission, and its problems', () => {
    const described = Object.values(doc.paths).flatMap(({ get, post }) => [get ?? post])
    expect(described.length).toBe(ALL_OPERATIONS.length)
    for (const operation of ALL_OPERATIONS) {
      const path = doc.paths[`/api/${operation.type === 'query' ? 'queries' : 'commands'}/${operation.name}`]
      const entry = operation.type === 'query' ? path?.get : path?.post
      expect(entry).toMatchObject({ operationId: operation.name, 'x-permission': operation.permission })
      expect(entry?.summary, operation.name).toMatch(/^[A-Z].{8,150}\.$/)
      expect(Object.keys(entry?.responses ?? {})).toEqual(
        expect.arrayContaining(['200', '401', '403', '404', '409', '422', '429', '503']),
      )
      if (operation.type === 'command')
        expect(entry?.parameters?.[0]?.$ref).toBe('#/components/parameters/IdempotencyKey')
    }
  })

  it('is answered from the reader’s own copy when nothing changed', () => {
    const first = openApi(new Request('http://127.0.0.1:3000/api/openapi.json'))
    const etag = first.headers.get('etag') ?? ''
    const again = openApi(
      new Request('http://127.0.0.1:3000/api/openapi.json', { headers: { 'if-none-match': etag } }),
    )
    expect(again.status).toBe(304)
  })
})

/** A script that knows the document and a key, and nothing else of the product. */
function scriptOf(document: Doc, secret: string) {
  const base = document.servers[0]?.url ?? ''
  const entryOf = (operationId: string) => {
    for (const [path, { get, post }] of Object.entries(document.paths)) {
      const entry = get ?? post
      if (entry?.operationId === operationId) return { path, method: get ? 'GET' : 'POST', entry }
    }
    throw new Error(`the document does not know ${operationId}`)
  }
  return async (operationId: string, input: Readonly<Record<string, unknown>>) => {
    const { path, method, entry } = entryOf(operationId)
    const name = path.slice(path.lastIndexOf('/') + 1)
    const query = method === 'GET' ? `?input=${encodeURIComponent(JSON.stringify(input))}` : ''
    const request = new Request(`${base}${path}${query}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      ...(method === 'POST' ? { body: JSON.stringify(input) } : {}),
    })
    const answer = await (method === 'GET' ? answerQuery(request, name) : answerCommand(request, name))
    const body: unknown = await answer.json()
    const described = entry.responses[String(answer.status)]?.content ?? {}
    const schema = Object.values(described)[0]?.schema
    if (schema === undefined)
      throw new Error(`${operationId} answers ${answer.status}, which is not described`)
    if (answer.status === 200) z.fromJSONSchema(schema as never).parse(body)
    return { status: answer.status, body: body as Readonly<Record<string, unknown>> }
  }
}

describe('a script with the document and an API key', () => {
  it('declares an incident, writes a note, reads it back and resolves it', async () => {
    const person = await console.db.person.create({
      data: { handle: 'bot-owner', name: 'Ana', email: 'bot@northlight.example', roles: ['commander'] },
    })
    const actor = {
      kind: 'person',
      id: person.id,
      handle: person.handle,
      name: person.name,
      roles: ['commander'],
      sessionId: 's',
      authAt: console.clock.now(),
    } as const
    const made = (await runCommand(
      findCommand('access.createKey'),
      { console, actor, now: console.clock.now(), requestId: randomUUID() },
      {
        name: 'script',
        days: 1,
        scopes: [
          'incidents.read',
          'incidents.declare',
          'incidents.note',
          'incidents.command',
          'incidents.acknowledge',
        ],
      },
    )) as { secret: string }
    const ask = scriptOf(doc, made.secret)

    const declared = await ask('incidents.declare', { title: 'Inference 503s, EU pool', severity: 'P3' })
    expect(declared.status).toBe(200)
    const { id } = declared.body
    await ask('incidents.acknowledge', { id })
    const noted = await ask('incidents.addNote', { id, text: 'a script was here' })
    expect(noted.body).toMatchObject({ repeated: false })
    const seen = await ask('incidents.byId', { ref: id })
    const { version } = seen.body
    const resolved = await ask('incidents.setStatus', { id, version, to: 'resolved', waiver: 'nothing owed' })
    expect(resolved.body).toMatchObject({ changed: true })
    const record = await ask('incidents.timeline', { id })
    const entries = record.body.entries as readonly { kind: string; body: { text?: string } }[]
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['declared', 'note', 'status']))
    expect((await ask('incidents.byId', { ref: id })).body).toMatchObject({ status: 'resolved' })

    const refused = await ask('incidents.setTitle', { id, version: 1 })
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid' } })
  })
})
