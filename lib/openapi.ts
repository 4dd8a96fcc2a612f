import { z } from 'zod'
import { GRANTABLE, type Permission, STEP_UP } from './access/permissions'
import type { AnyCommand, AnyQuery } from './operation'
import { ERROR_STATUS, type ErrorCode } from './platform/errors'

/** API_VERSION counts incompatible changes of the API as a whole. */
export const API_VERSION = '1'

type Json = { readonly [key: string]: unknown }
type AnyOperation = AnyCommand | AnyQuery

const DESCRIPTION = `Everything that the console shows is a query and everything that it changes is a command.

A script sends \`Authorization: Bearer wf_…\` with a personal API key, made under Settings, API keys. It can do what the key's scopes and its person's roles both allow. It stands in the record under the person's name. It sees no restricted incident, and what asks for a password can't be done through it.

A query is a GET whose parameter \`input\` is JSON, or a POST of the same JSON when it is too long for an address. A command is a POST of JSON; with an \`Idempotency-Key\` of your own making the same request can be sent again and counts once. Whatever fails is a problem (RFC 9457): \`code\` is for programs, \`detail\` for people, \`issues\` name the fields at fault, and on a conflict \`current\` holds the present state.`

const PROBLEMS: Readonly<Partial<Record<ErrorCode, string>>> = {
  unauthenticated: 'Nobody is signed in, or the key is not in force.',
  forbidden: 'No role, or no scope of the key, allows it.',
  not_found: 'There is no such thing, or you may not know of it.',
  conflict: 'Somebody changed it meanwhile, or the idempotency key was used for another request.',
  too_large: 'The body is larger than 1 MB.',
  invalid: 'Some fields need another look.',
  too_many: 'The key asks too often: wait for Retry-After seconds.',
  unavailable: 'The database does not answer: the same request may be sent again.',
}

/** roomOf gives the room of an operation: the word before the dot of its name. */
export function roomOf({ name }: { readonly name: string }): string {
  return name.slice(0, name.indexOf('.'))
}

/** pathOf gives the address of an operation below the console's own. */
export function pathOf({ type, name }: Pick<AnyOperation, 'type' | 'name'>): string {
  return `/api/${type === 'query' ? 'queries' : 'commands'}/${name}`
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...body } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return body
}

function problemResponses(): Json {
  return Object.fromEntries(
    Object.entries(PROBLEMS).map(([code, description]) => [
      String(ERROR_STATUS[code as ErrorCode]),
      {
        description,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

function isGrantable(permission: Permission): boolean {
  return GRANTABLE.includes(permission)
}

function noteOf(permission: Permission): string {
  if (isGrantable(permission)) return `Needs the permission \`${permission}\`.`
  const why = STEP_UP.has(permission) ? 'it asks for a password' : 'it concerns the own account'
  return `Needs the permission \`${permission}\`, which no API key holds: ${why}.`
}

function operationOf(operation: AnyOperation): Json {
  const { name, summary, permission, output } = operation
  return {
    operationId: name,
    tags: [roomOf(operation)],
    summary,
    description: noteOf(permission),
    'x-permission': permission,
    security: [isGrantable(permission) ? { apiKey: [] } : { session: [] }],
    ...takenBy(operation),
    responses: {
      '200': {
        description: 'Done.',
        content: { 'application/json': { schema: output ? schemaOf(output, 'output') : {} } },
      },
      ...problemResponses(),
    },
  }
}

function takenBy(operation: AnyOperation): Json {
  const schema = schemaOf(operation.input, 'input')
  if (operation.type === 'command')
    return {
      parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }],
      requestBody: { required: true, content: { 'application/json': { schema } } },
    }
  const isRequired = Array.isArray(schema.required) && schema.required.length > 0
  return {
    parameters: [
      {
        name: 'input',
        in: 'query',
        description: 'What is asked, as JSON.',
        required: isRequired,
        content: { 'application/json': { schema } },
      },
    ],
  }
}

const PROBLEM: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
    instance: { type: 'string', description: 'The id of the request, as it stands in the log.' },
    issues: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    current: { description: 'The present state of what was to be changed.' },
  },
}

/** openApiDocument describes every operation as OpenAPI 3.1; `url` is the console's public address. */
export function openApiDocument(operations: readonly AnyOperation[], url: string): Json {
  const paths = operations.map((operation) => [
    pathOf(operation),
    { [operation.type === 'query' ? 'get' : 'post']: operationOf(operation) },
  ])
  return {
    openapi: '3.1.0',
    info: { title: 'Watchfloor', version: API_VERSION, description: DESCRIPTION },
    servers: [{ url }],
    tags: [...new Set(operations.map(roomOf))].map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'A personal API key, wf_…' },
        session: { type: 'apiKey', in: 'cookie', name: 'session', description: 'A signed-in browser.' },
      },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          description: 'A UUID of your own: sent again, the request counts once and gives the same answer.',
          schema: { type: 'string', format: 'uuid' },
        },
      },
      schemas: { Problem: PROBLEM },
    },
  }
}
