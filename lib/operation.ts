import type { z } from 'zod'
import type { Permission, Role } from './access/permissions'
import type { Console } from './console'
import type { Tx } from './platform/db'

/** Actor is who asks: a signed-in person, or a machine with exact permissions. */
export type Actor =
  | {
      readonly kind: 'person'
      readonly id: string
      readonly handle: string
      readonly name: string
      readonly roles: readonly Role[]
      readonly sessionId: string
      readonly authAt: Date
      /** key is the API key that speaks for the person: it narrows what the roles allow to its scopes. */
      readonly key?: { readonly id: string; readonly scopes: readonly Permission[] } | undefined
    }
  | { readonly kind: 'machine'; readonly id: string; readonly permissions: readonly Permission[] }

/** Scope is what an operation may use: the console, who asks, and the one `now` of this request. */
export type Scope = {
  readonly console: Console
  readonly actor: Actor
  readonly now: Date
  readonly requestId: string
}

/** Intent is a thing to tell or do outside, delivered later by a job; `orderKey` serialises deliveries. */
export type Intent = {
  readonly kind: string
  readonly target: string
  readonly orderKey: string
  readonly dedupKey: string
  readonly payload: unknown
}

/** Outcome is what a command must return: the answer, its audit entry, the topics it touched, its intents. */
export type Outcome<Result> = {
  readonly result: Result
  /** replay is stored for a repeated request instead of a result that holds a secret shown once. */
  readonly replay?: Result
  /** audit is `private` only for what changes nothing that others rely on: a person's own drafts, who looks where. */
  readonly audit: { readonly subject: string; readonly detail: Readonly<Record<string, unknown>> } | 'private'
  readonly touched: readonly { readonly topic: string; readonly ref: string }[]
  readonly intents?: readonly Intent[]
}

/** Command changes something: guarded, parsed, transacted, audited. `before` may look outside, before the transaction opens. */
export type Command<Name extends string, Input extends z.ZodType, Result, Before = undefined> = {
  readonly type: 'command'
  readonly name: Name
  /** summary says in one sentence what it does: the API's description shows it. */
  readonly summary: string
  readonly permission: Permission
  readonly input: Input
  /** output describes the answer for the API's description, as far as scripts rely on it. */
  readonly output?: z.ZodType
  /** maxBodyBytes lets a request be longer than what commands may carry otherwise. */
  readonly maxBodyBytes?: number
  readonly before?: (scope: Scope, input: z.output<Input>) => Promise<Before>
  readonly run: (
    scope: Scope & { readonly tx: Tx; readonly before: Before },
    input: z.output<Input>,
  ) => Promise<Outcome<Result>>
}

/** Query reads: guarded and parsed; it never writes. */
export type Query<Name extends string, Input extends z.ZodType, Result> = {
  readonly type: 'query'
  readonly name: Name
  /** summary says in one sentence what it does: the API's description shows it. */
  readonly summary: string
  readonly permission: Permission
  readonly input: Input
  readonly output?: z.ZodType
  readonly run: (scope: Scope, input: z.output<Input>) => Promise<Result>
}

/** AnyCommand is a command of any shape, as the registry and the doors see it. */
export type AnyCommand = {
  readonly type: 'command'
  readonly name: string
  readonly summary: string
  readonly permission: Permission
  readonly input: z.ZodType
  readonly output?: z.ZodType
  readonly maxBodyBytes?: number
  readonly before?: (scope: Scope, input: never) => Promise<unknown>
  readonly run: (scope: never, input: never) => Promise<Outcome<unknown>>
}

/** AnyQuery is a query of any shape, as the registry and the doors see it. */
export type AnyQuery = {
  readonly type: 'query'
  readonly name: string
  readonly summary: string
  readonly permission: Permission
  readonly input: z.ZodType
  readonly output?: z.ZodType
  readonly run: (scope: Scope, input: never) => Promise<unknown>
}

/** Encoded is a query's answer already in bytes; `packed` bytes are gzipped and unpacked by the door. */
export class Encoded {
  readonly bytes: Uint8Array
  readonly contentType: string
  readonly packed: boolean
  readonly etag: string
  readonly filename: string | undefined

  constructor(options: {
    readonly bytes: Uint8Array
    readonly contentType: string
    readonly packed?: boolean
    readonly etag: string
    readonly filename?: string
  }) {
    this.bytes = options.bytes
    this.contentType = options.contentType
    this.packed = options.packed ?? false
    this.etag = options.etag
    this.filename = options.filename
  }
}

/** defineCommand is the only way to write something that changes; the registry refuses a name twice. */
export function defineCommand<const Name extends string, Input extends z.ZodType, Result, Before = undefined>(
  definition: Omit<Command<Name, Input, Result, Before>, 'type'>,
): Command<Name, Input, Result, Before> {
  return { type: 'command', ...definition }
}

/** defineQuery is the only way to write something that reads for a door. */
export function defineQuery<const Name extends string, Input extends z.ZodType, Result>(
  definition: Omit<Query<Name, Input, Result>, 'type'>,
): Query<Name, Input, Result> {
  return { type: 'query', ...definition }
}
