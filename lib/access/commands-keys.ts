import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { rememberSecret } from '../platform/redact'
import { newKey } from './caller'
import { can, GRANTABLE, type Permission } from './permissions'

const DAY_MS = 86_400_000
const MAX_KEYS = 20
const scope = z.enum(GRANTABLE as [Permission, ...Permission[]])
const keyId = z.uuid('must be a key id')

/** createKey makes an API key of one's own: its secret is shown this once, its scopes are among what the roles allow. */
export const createKey = defineCommand({
  name: 'access.createKey',
  summary:
    "Makes an API key of one's own: its secret is shown this once, its scopes are among what the roles allow.",
  permission: 'access.make-key',
  input: z.strictObject({
    name: z.string().trim().min(1, 'say what will use it').max(80, 'at most 80 characters'),
    scopes: z
      .array(scope)
      .min(1, 'choose at least one scope')
      .transform((chosen) => GRANTABLE.filter((one) => chosen.includes(one))),
    days: z.int().min(1, 'at least a day').max(365, 'at most a year'),
  }),
  run: async ({ tx, actor, now }, { name, scopes, days }) => {
    if (actor.kind !== 'person') throw new AppError('forbidden', 'Only a person has API keys.')
    const beyond = scopes.filter((one) => !can(actor.roles, one))
    if (beyond.length > 0)
      throw new AppError('invalid', `Your roles do not allow ${beyond.join(', ')}.`, {
        issues: [{ path: 'scopes', message: 'a key can do no more than you may' }],
      })
    await tx.$queryRaw`SELECT 1 FROM person WHERE id = ${actor.id}::uuid FOR UPDATE`
    const live = await tx.apiKey.count({
      where: { personId: actor.id, revokedAt: null, expiresAt: { gt: now } },
    })
    if (live >= MAX_KEYS)
      throw new AppError('conflict', `You have ${MAX_KEYS} API keys in force: revoke one first.`)
    const { secret, prefix, digest } = newKey()
    rememberSecret(secret)
    const id = randomUUID()
    const expiresAt = new Date(now.getTime() + days * DAY_MS)
    await tx.apiKey.create({
      data: { id, personId: actor.id, name, prefix, digest, scopes, createdAt: now, expiresAt },
    })
    const made = { id, prefix, expiresAt }
    return {
      result: { ...made, secret: secret as string | null },
      replay: { ...made, secret: null },
      audit: { subject: `key:${id}`, detail: { name, prefix, scopes, days } },
      touched: [{ topic: 'access', ref: actor.id }],
    }
  },
})

/** revokeKey ends an API key of one's own: its next request is refused. */
export const revokeKey = defineCommand({
  name: 'access.revokeKey',
  summary: "Ends an API key of one's own: its next request is refused.",
  permission: 'access.self',
  input: z.strictObject({ id: keyId }),
  run: async ({ tx, actor, now }, { id }) => {
    const { count } = await tx.apiKey.updateMany({
      where: { id, personId: actor.id, revokedAt: null },
      data: { revokedAt: now, revokedBy: actor.id },
    })
    if (count === 0) throw new AppError('not_found', 'This key is not one of yours, or it is over already.')
    return {
      result: { id },
      audit: { subject: `key:${id}`, detail: {} },
      touched: [{ topic: 'access', ref: actor.id }],
    }
  },
})

/** endKey ends anybody's API key: for who manages people. */
export const endKey = defineCommand({
  name: 'access.endKey',
  summary: "Ends anybody's API key: for who manages people.",
  permission: 'access.manage-people',
  input: z.strictObject({ id: keyId }),
  run: async ({ tx, actor, now }, { id }) => {
    const key = await tx.apiKey.findUnique({ where: { id } })
    if (key === null || key.revokedAt !== null)
      throw new AppError('not_found', 'There is no such key in force.')
    await tx.apiKey.update({ where: { id }, data: { revokedAt: now, revokedBy: actor.id } })
    return {
      result: { id },
      audit: { subject: `key:${id}`, detail: { of: key.personId } },
      touched: [{ topic: 'access', ref: key.personId }],
    }
  },
})
