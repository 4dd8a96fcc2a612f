import { z } from 'zod'
import { defineCommand } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { ONE_TIME_PATTERN } from './one-time'
import { hashPassword, PASSWORD_LENGTH, passwordFault, verifyPassword } from './passwords'
import { ROLES, type Role, rolesOf } from './permissions'
import { forgetSessions, type PersonActor } from './session'
import { revokeSessionsOf } from './session-store'
import { settleAttempt, takeAttempt, throttleKey } from './throttle'

const ONE_TIME_MS = 24 * 60 * 60_000
const role = z.enum(ROLES as readonly [Role, ...Role[]])
const roles = z
  .array(role)
  .min(1, 'choose at least one role')
  .transform((chosen) => rolesOf(chosen))
const personId = z.uuid('must be a person id')
const name = z.string().trim().min(1, 'enter a name').max(100)
const title = z.string().trim().max(100)
const oneTime = z.string().regex(ONE_TIME_PATTERN, 'must be four groups of five letters and digits')
const typedPassword = z.string().min(1, 'enter the password').max(PASSWORD_LENGTH.max)

/** personOf narrows an actor to a person; throws forbidden for a machine, which has no account. */
function personOf(actor: { readonly kind: string }): PersonActor {
  if (actor.kind === 'person') return actor as PersonActor
  throw new AppError('forbidden', 'A machine has no account of its own.')
}

type OneTime = { readonly passwordHash: string; readonly oneTimeUntil: Date }

async function oneTimeOf(password: string, now: Date): Promise<OneTime> {
  return { passwordHash: await hashPassword(password), oneTimeUntil: new Date(now.getTime() + ONE_TIME_MS) }
}

async function refuseTaken(
  tx: Tx,
  person: { readonly handle: string; readonly email: string },
): Promise<void> {
  const taken = await tx.person.findFirst({
    where: { OR: [{ handle: person.handle }, { email: person.email }] },
  })
  if (!taken) return
  const path = taken.handle === person.handle ? 'handle' : 'email'
  const message = path === 'handle' ? 'this handle is taken' : 'this e-mail is taken'
  throw new AppError('invalid', `Somebody else has it: ${message}.`, { issues: [{ path, message }] })
}

/** createPerson adds somebody who may sign in, with a one-time password that works for 24 h. */
export const createPerson = defineCommand({
  name: 'access.createPerson',
  summary: 'Adds somebody who may sign in, with a one-time password that works for 24 h.',
  permission: 'access.manage-people',
  input: z.object({
    handle: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z][a-z0-9-]{1,30}$/, 'use 2 to 31 small letters, digits and hyphens'),
    name,
    email: z.string().trim().toLowerCase().pipe(z.email('enter an e-mail address')),
    title: title.default(''),
    roles,
    oneTimePassword: oneTime,
  }),
  before: (scope, input) => oneTimeOf(input.oneTimePassword, scope.now),
  run: async ({ tx, before, now }, input) => {
    await refuseTaken(tx, input)
    const { oneTimePassword: _spent, ...fields } = input
    const person = await tx.person.create({ data: { ...fields, ...before, createdAt: now } })
    return {
      result: { id: person.id, until: before.oneTimeUntil },
      audit: { subject: `person:${person.id}`, detail: { handle: input.handle, roles: input.roles } },
      touched: [{ topic: 'access', ref: person.id }],
    }
  },
})

/** Admins are locked in one order, so two who demote each other cannot both succeed. */
async function assertAdminRemains(tx: Tx): Promise<void> {
  const admins = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM person WHERE 'admin' = ANY(roles) AND disabled_at IS NULL ORDER BY id FOR UPDATE`
  if (admins.length === 0)
    throw new AppError('conflict', 'Nobody would be left to manage people. Make someone else admin first.')
}

/** updatePerson changes name, title, roles or access of somebody; an admin cannot change the own roles or access. */
export const updatePerson = defineCommand({
  name: 'access.updatePerson',
  summary: 'Changes name, title, roles or access of somebody.',
  permission: 'access.manage-people',
  input: z.object({ id: personId, version: z.int().min(1), name, title, roles, isDisabled: z.boolean() }),
  run: async ({ tx, actor, now, console }, input) => {
    const before = await tx.person.findUnique({ where: { id: input.id }, omit: { passwordHash: true } })
    if (!before) throw new AppError('not_found', 'This person does not exist any more.')
    const isOwn = actor.kind === 'person' && actor.id === input.id
    const isSameRoles = rolesOf(before.roles).join() === input.roles.join()
    if (isOwn && (!isSameRoles || input.isDisabled)) {
      throw new AppError('forbidden', 'Your own roles and access are changed by another admin.')
    }
    const disabledAt = input.isDisabled ? (before.disabledAt ?? now) : null
    const { count } = await tx.person.updateMany({
      where: { id: input.id, version: input.version },
      data: {
        name: input.name,
        title: input.title,
        roles: input.roles,
        disabledAt,
        version: { increment: 1 },
      },
    })
    if (count === 0) {
      throw new AppError(
        'conflict',
        'Someone changed this person meanwhile. Look at the present state and try again.',
        {
          current: {
            version: before.version,
            name: before.name,
            title: before.title,
            roles: before.roles,
            isDisabled: before.disabledAt !== null,
          },
        },
      )
    }
    await assertAdminRemains(tx)
    const ended = input.isDisabled ? await revokeSessionsOf(tx, { personId: input.id, now }) : 0
    forgetSessions(console)
    return {
      result: { version: input.version + 1, sessionsEnded: ended },
      audit: {
        subject: `person:${input.id}`,
        detail: {
          before: { roles: before.roles, isDisabled: before.disabledAt !== null, title: before.title },
          after: { roles: input.roles, isDisabled: input.isDisabled, title: input.title },
          sessionsEnded: ended,
        },
      },
      touched: [{ topic: 'access', ref: input.id }],
    }
  },
})

/** resetPassword gives somebody else a one-time password that works for 24 h and ends their sessions. */
export const resetPassword = defineCommand({
  name: 'access.resetPassword',
  summary: 'Gives somebody else a one-time password that works for 24 h and ends their sessions.',
  permission: 'access.manage-people',
  input: z.object({ id: personId, oneTimePassword: oneTime }),
  before: (scope, input) => oneTimeOf(input.oneTimePassword, scope.now),
  run: async ({ tx, before, actor, now, console }, input) => {
    if (actor.kind === 'person' && actor.id === input.id) {
      throw new AppError('forbidden', 'Change your own password under Sessions, with the present one.')
    }
    const { count } = await tx.person.updateMany({
      where: { id: input.id },
      data: { ...before, version: { increment: 1 } },
    })
    if (count === 0) throw new AppError('not_found', 'This person does not exist any more.')
    const ended = await revokeSessionsOf(tx, { personId: input.id, now })
    forgetSessions(console)
    return {
      result: { until: before.oneTimeUntil },
      audit: { subject: `person:${input.id}`, detail: { sessionsEnded: ended } },
      touched: [{ topic: 'access', ref: input.id }],
    }
  },
})

/** setPassword changes the own password, given the present one, and ends every other session of the person. */
export const setPassword = defineCommand({
  name: 'access.setPassword',
  summary: 'Changes the own password, given the present one, and ends every other session of the person.',
  permission: 'access.self',
  input: z.object({ current: typedPassword, next: z.string().max(1_000) }),
  before: async (scope, input) => {
    const actor = personOf(scope.actor)
    const throttle = throttleKey('account', actor.id)
    const seconds = await takeAttempt(scope.console.hot, throttle, scope.now)
    if (seconds > 0) throw new AppError('too_many', `Too many tries. Wait ${seconds} s and try again.`)
    const person = await scope.console.db.person.findUniqueOrThrow({ where: { id: actor.id } })
    if (!person.passwordHash)
      throw new AppError('conflict', 'You sign in through your identity provider and have no password here.')
    if (!(await verifyPassword(person.passwordHash, input.current))) {
      throw new AppError('invalid', 'The present password is not right.', {
        issues: [{ path: 'current', message: 'This is not your present password.' }],
      })
    }
    await settleAttempt(scope.console.hot, throttle, scope.now)
    const fault = passwordFault(input.next, person)
    if (fault) throw new AppError('invalid', fault, { issues: [{ path: 'next', message: fault }] })
    return { verified: person.passwordHash, passwordHash: await hashPassword(input.next) }
  },
  run: async ({ tx, before, actor, now, console }) => {
    const self = personOf(actor)
    const { count } = await tx.person.updateMany({
      where: { id: self.id, passwordHash: before.verified },
      data: { passwordHash: before.passwordHash, oneTimeUntil: null, version: { increment: 1 } },
    })
    if (count === 0) throw new AppError('conflict', 'Your password was changed elsewhere meanwhile.')
    const ended = await revokeSessionsOf(tx, { personId: self.id, except: self.sessionId, now })
    forgetSessions(console)
    return {
      result: { sessionsEnded: ended },
      audit: { subject: `person:${self.id}`, detail: { sessionsEnded: ended } },
      touched: [{ topic: 'access', ref: self.id }],
    }
  },
})

/** revokeSession ends one session of one's own. */
export const revokeSession = defineCommand({
  name: 'access.revokeSession',
  summary: "Ends one session of one's own.",
  permission: 'access.self',
  input: z.object({ id: z.string().min(20).max(100) }),
  run: async ({ tx, actor, now, console }, input) => {
    const self = personOf(actor)
    const { count } = await tx.session.updateMany({
      where: { id: input.id, personId: self.id, revokedAt: null },
      data: { revokedAt: now },
    })
    if (count === 0)
      throw new AppError('not_found', 'This session is not one of yours, or it is over already.')
    forgetSessions(console)
    return {
      result: { ended: count },
      audit: { subject: `session:${input.id}`, detail: {} },
      touched: [{ topic: 'access', ref: self.id }],
    }
  },
})

/** signOutEverywhere ends every session of one's own, this one included. */
export const signOutEverywhere = defineCommand({
  name: 'access.signOutEverywhere',
  summary: "Ends every session of one's own, this one included.",
  permission: 'access.self',
  input: z.object({}),
  run: async ({ tx, actor, now, console }) => {
    const self = personOf(actor)
    const ended = await revokeSessionsOf(tx, { personId: self.id, now })
    forgetSessions(console)
    return {
      result: { sessionsEnded: ended },
      audit: { subject: `person:${self.id}`, detail: { sessionsEnded: ended } },
      touched: [{ topic: 'access', ref: self.id }],
    }
  },
})

/** endSessions ends every session of somebody else at once. */
export const endSessions = defineCommand({
  name: 'access.endSessions',
  summary: 'Ends every session of somebody else at once.',
  permission: 'access.manage-people',
  input: z.object({ id: personId }),
  run: async ({ tx, now, console }, input) => {
    const ended = await revokeSessionsOf(tx, { personId: input.id, now })
    forgetSessions(console)
    return {
      result: { sessionsEnded: ended },
      audit: { subject: `person:${input.id}`, detail: { sessionsEnded: ended } },
      touched: [{ topic: 'access', ref: input.id }],
    }
  },
})
