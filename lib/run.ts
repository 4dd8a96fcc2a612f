import canonicalize from 'canonicalize'
import { z } from 'zod'
import { holds } from './access/holds'
import { can, type Permission, STEP_UP } from './access/permissions'
import { appendAudit } from './audit/append'
import { wakeConsoles } from './live/wake'
import type { Actor, AnyCommand, AnyQuery, Intent, Outcome, Scope } from './operation'
import { keyedHex, sha256Hex } from './platform/crypto'
import { asAppError, isRetryable, type Tx } from './platform/db'
import { AppError } from './platform/errors'
import { failpoint } from './platform/failpoint'
import type { Sql } from './platform/sql'

const STEP_UP_MS = 10 * 60_000
const ATTEMPTS = 3

/** actorName is how an actor stands in audit rows and idempotency keys: a person's id or `machine:<id>`. */
export function actorName(actor: Actor): string {
  return actor.kind === 'person' ? actor.id : `machine:${actor.id}`
}

/** authorise throws forbidden or step_up unless the actor may do this now; commands whose class depends on a row ask it themselves. */
export function authorise(actor: Actor, permission: Permission, now: Date): void {
  if (actor.kind === 'person' && actor.key !== undefined && STEP_UP.has(permission))
    throw new AppError(
      'forbidden',
      `${permission} asks for your password, which an API key can't give. Do it in the console.`,
    )
  if (!holds(actor, permission))
    throw new AppError(
      'forbidden',
      actor.kind === 'person' && can(actor.roles, permission)
        ? `This needs the permission ${permission}, which is not among the scopes of this API key.`
        : `This needs the permission ${permission}, which none of your roles holds.`,
    )
  if (
    actor.kind === 'person' &&
    STEP_UP.has(permission) &&
    now.getTime() - actor.authAt.getTime() > STEP_UP_MS
  ) {
    throw new AppError('step_up', 'Confirm with your password: the last time is more than ten minutes ago.')
  }
}

function parse(schema: z.ZodType, input: unknown): unknown {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  throw new AppError(
    'invalid',
    issues.map((issue) => `${issue.path || 'input'}: ${issue.message}`).join('; '),
    { issues },
  )
}

/** runQuery checks the permission, parses the input and reads; throws AppError. */
export async function runQuery(query: AnyQuery, scope: Scope, input: unknown): Promise<unknown> {
  authorise(scope.actor, query.permission, scope.now)
  const parsed = parse(query.input, input)
  try {
    return await query.run(scope, parsed as never)
  } catch (error) {
    throw asAppError(error)
  }
}

type Claim = { readonly replay: unknown } | undefined

async function claimKey(
  tx: Tx,
  options: {
    readonly key: string
    readonly actor: string
    readonly operation: string
    readonly bodySha: string
  },
): Promise<Claim> {
  const inserted = await tx.$executeRaw`
    INSERT INTO idempotency (key, actor, operation, body_sha) VALUES (${options.key}::uuid, ${options.actor}, ${options.operation}, ${options.bodySha})
    ON CONFLICT DO NOTHING`
  if (inserted === 1) return undefined
  const earlier = await tx.idempotency.findUniqueOrThrow({
    where: { actor_key: { actor: options.actor, key: options.key } },
  })
  if (earlier.operation !== options.operation || earlier.bodySha !== options.bodySha) {
    throw new AppError('key_reused', 'This idempotency key was already used for a different request.')
  }
  return { replay: earlier.response }
}

async function writeIntents(tx: Tx, intents: readonly Intent[], now: Date): Promise<void> {
  if (intents.length === 0) return
  await tx.outbox.createMany({
    data: intents.map((intent) => ({
      kind: intent.kind,
      target: intent.target,
      orderKey: intent.orderKey,
      dedupKey: intent.dedupKey,
      payload: intent.payload as object,
      payloadSha: sha256Hex(canonicalize(intent.payload) ?? ''),
      createdAt: now,
    })),
    skipDuplicates: true,
  })
}

/** writeHints gives each touched thing the next hint number under the ledger's row lock, so numbers follow commit order. */
export async function writeHints(sql: Sql, touched: Outcome<unknown>['touched'], now: Date): Promise<void> {
  if (touched.length === 0) return
  await sql.$queryRaw`
    WITH head AS (UPDATE ledger_head SET hint_seq = hint_seq + ${touched.length} WHERE id = 1 RETURNING hint_seq)
    INSERT INTO live_hint (seq, at, topic, ref)
    SELECT head.hint_seq - ${touched.length} + item.ordinality, ${now}, item.topic, item.ref
    FROM head, unnest(${touched.map((hint) => hint.topic)}::text[], ${touched.map((hint) => hint.ref)}::text[])
      WITH ORDINALITY AS item(topic, ref, ordinality)`
}

function asJson(value: unknown) {
  return value === undefined ? null : JSON.parse(JSON.stringify(value))
}

async function runInTransaction(
  command: AnyCommand,
  scope: Scope,
  options: { readonly parsed: unknown; readonly before: unknown; readonly key: string | undefined },
): Promise<{ readonly result: unknown; readonly isTouching: boolean }> {
  const actor = actorName(scope.actor)
  // Keyed, because a body may hold a password and its digest is kept for a day.
  const body = `${command.name}\n${canonicalize(options.parsed) ?? ''}`
  const bodySha = keyedHex(scope.console.env.NEXTAUTH_SECRET, body)
  return scope.console.db.$transaction(
    async (tx) => {
      if (options.key) {
        const claim = await claimKey(tx, { key: options.key, actor, operation: command.name, bodySha })
        if (claim) return { result: claim.replay, isTouching: false }
      }
      const outcome = await command.run(
        { ...scope, tx, before: options.before } as never,
        options.parsed as never,
      )
      const result = asJson(outcome.result)
      await writeIntents(tx, outcome.intents ?? [], scope.now)
      if (outcome.audit !== 'private')
        await appendAudit(tx, {
          at: scope.now,
          actor,
          action: command.name,
          subject: outcome.audit.subject,
          detail: outcome.audit.detail,
          sessionId: scope.actor.kind === 'person' ? scope.actor.sessionId : undefined,
          requestId: scope.requestId,
        })
      await writeHints(tx, outcome.touched, scope.now)
      if (options.key) {
        await tx.idempotency.update({
          where: { actor_key: { actor, key: options.key } },
          data: { response: outcome.replay === undefined ? result : asJson(outcome.replay) },
        })
      }
      await failpoint(`command.${command.name}.before-commit`)
      return { result, isTouching: outcome.touched.length > 0 }
    },
    { timeout: 5_000, maxWait: 2_000 },
  )
}

/**
 * runCommand is the one way in which anything changes: permission → parse → look outside (`before`) → transaction with
 * idempotency, change, intents, audit row and hints → wake the live streams. Throws AppError.
 */
export async function runCommand(
  command: AnyCommand,
  scope: Scope,
  input: unknown,
  idempotencyKey?: string,
): Promise<unknown> {
  authorise(scope.actor, command.permission, scope.now)
  const key =
    idempotencyKey === undefined ? undefined : String(parse(z.uuid('must be a UUID'), idempotencyKey))
  const parsed = parse(command.input, input)
  try {
    const before = command.before ? await command.before(scope as never, parsed as never) : undefined
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { result, isTouching } = await runInTransaction(command, scope, { parsed, before, key })
        await failpoint(`command.${command.name}.after-commit`)
        if (!isTouching) return result
        wakeConsoles(scope.console.hot)
        return result
      } catch (error) {
        if (!isRetryable(error) || attempt >= ATTEMPTS) throw error
      }
    }
  } catch (error) {
    throw asAppError(error)
  }
}
