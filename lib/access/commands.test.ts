import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Console } from '../console'
import type { Actor, AnyCommand, AnyQuery } from '../operation'
import { testConsole } from '../platform/testing/database'
import { runCommand, runQuery } from '../run'
import {
  createPerson,
  endSessions,
  resetPassword,
  revokeSession,
  setPassword,
  signOutEverywhere,
  updatePerson,
} from './commands'
import { oneTimePassword } from './one-time'
import { hashPassword } from './passwords'
import type { Role } from './permissions'
import { mySessions, people } from './queries'
import { openSession, signInWithPassword } from './sign-in'

const PASSWORD = 'the floor is quiet tonight'
let console: Console
let passwordHash: string

beforeAll(async () => {
  console = await testConsole()
  passwordHash = await hashPassword(PASSWORD)
})

afterAll(async () => {
  await console.close()
})

function around() {
  return { now: console.clock.now(), requestId: randomUUID(), address: '192.0.2.1', userAgent: 'vitest' }
}

async function someone(roles: readonly Role[], on: Console = console) {
  const handle = `p${randomUUID().slice(0, 8)}`
  const person = await on.db.person.create({
    data: { handle, name: handle, email: `${handle}@northlight.example`, roles: [...roles], passwordHash },
  })
  const sessionId = await openSession(on, {
    personId: person.id,
    method: 'password',
    authAt: on.clock.now(),
    around: around(),
  })
  const actor: Actor = {
    kind: 'person',
    id: person.id,
    handle,
    name: handle,
    roles,
    sessionId,
    authAt: on.clock.now(),
  }
  const scope = { console: on, actor, now: on.clock.now(), requestId: randomUUID() }
  const run = (command: AnyCommand, input: unknown) => runCommand(command, scope, input, randomUUID())
  const ask = (query: AnyQuery) => runQuery(query, scope, {})
  const liveSessions = () => on.db.session.count({ where: { personId: person.id, revokedAt: null } })
  const asUpdate = (changes: object) => ({
    id: person.id,
    version: 1,
    name: handle,
    title: '',
    roles,
    isDisabled: false,
    ...changes,
  })
  return { person, actor, run, ask, liveSessions, asUpdate }
}

function newcomer(changes: object = {}) {
  const handle = `n${randomUUID().slice(0, 8)}`
  return {
    handle,
    name: 'New Comer',
    email: `${handle}@northlight.example`,
    roles: ['viewer'],
    oneTimePassword: oneTimePassword(crypto.getRandomValues(new Uint8Array(20))),
    ...changes,
  }
}

describe('adding a person', () => {
  it('lets them in with the one-time password, which is stored nowhere as text', async () => {
    const admin = await someone(['admin'])
    const input = newcomer()
    const { id } = (await admin.run(createPerson, input)) as { id: string }
    const attempt = { login: input.handle, password: input.oneTimePassword }
    expect(await signInWithPassword(console, attempt, around())).toEqual({ kind: 'choose-password' })
    expect(await console.db.idempotency.count()).toBeGreaterThan(0)
    const tables = ['person', 'audit_entry', 'idempotency', 'live_hint', 'session']
    for (const table of tables) {
      const { rows } = await console.hot.query(`SELECT t::text AS text FROM ${table} t`)
      expect(JSON.stringify(rows)).not.toContain(input.oneTimePassword)
    }
    expect(await console.db.auditEntry.findFirst({ where: { subject: `person:${id}` } })).toMatchObject({
      action: 'access.createPerson',
      actor: admin.actor.id,
    })
  })

  it.each([
    ['a handle that is taken', (known: { handle: string }) => ({ handle: known.handle }), 'handle'],
    [
      'an e-mail that is taken',
      (known: { email: string }) => ({ email: known.email.toUpperCase() }),
      'email',
    ],
    ['no role', () => ({ roles: [] }), 'roles'],
    ['an unknown role', () => ({ roles: ['root'] }), 'roles.0'],
    ['a handle with spaces', () => ({ handle: 'two words' }), 'handle'],
    ['a guessable one-time password', () => ({ oneTimePassword: 'password1234' }), 'oneTimePassword'],
  ])('refuses %s at its field', async (_name, changesOf, path) => {
    const admin = await someone(['admin'])
    const known = await someone(['viewer'])
    await expect(admin.run(createPerson, newcomer(changesOf(known.person)))).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path }],
    })
  })
})

describe('changing a person', () => {
  it('switching access off ends every session in the same transaction', async () => {
    const admin = await someone(['admin'])
    const person = await someone(['responder'])
    expect(await admin.run(updatePerson, person.asUpdate({ isDisabled: true }))).toEqual({
      version: 2,
      sessionsEnded: 1,
    })
    expect(await person.liveSessions()).toBe(0)
  })

  it('a second change on the same version is a conflict with the present state, and changes nothing', async () => {
    const admin = await someone(['admin'])
    const person = await someone(['responder'])
    await admin.run(updatePerson, person.asUpdate({ roles: ['viewer'] }))
    await expect(admin.run(updatePerson, person.asUpdate({ roles: ['commander'] }))).rejects.toMatchObject({
      code: 'conflict',
      current: { version: 2, roles: ['viewer'] },
    })
    const row = await console.db.person.findUniqueOrThrow({ where: { id: person.person.id } })
    expect(row.roles).toEqual(['viewer'])
  })

  it.each([
    ['own roles', { roles: ['admin', 'manager'] }],
    ['own access', { isDisabled: true }],
  ])('an admin cannot change the %s', async (_name, changes) => {
    const admin = await someone(['admin'])
    await expect(admin.run(updatePerson, admin.asUpdate(changes))).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(admin.run(updatePerson, admin.asUpdate({ title: 'On call' }))).resolves.toMatchObject({
      version: 2,
    })
  })

  it('two admins who demote each other at once leave one admin', async () => {
    const own = await testConsole()
    const first = await someone(['admin'], own)
    const second = await someone(['admin'], own)
    const outcomes = await Promise.allSettled([
      first.run(updatePerson, second.asUpdate({ roles: ['viewer'] })),
      second.run(updatePerson, first.asUpdate({ roles: ['viewer'] })),
    ])
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await own.db.person.count({ where: { roles: { has: 'admin' } } })).toBe(1)
    await own.close()
  })

  it('a new one-time password ends the sessions; one’s own is changed elsewhere', async () => {
    const admin = await someone(['admin'])
    const person = await someone(['responder'])
    const { oneTimePassword: password } = newcomer()
    await admin.run(resetPassword, { id: person.person.id, oneTimePassword: password })
    expect(await person.liveSessions()).toBe(0)
    await expect(
      admin.run(resetPassword, { id: admin.person.id, oneTimePassword: password }),
    ).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('ends the sessions of somebody else', async () => {
    const admin = await someone(['admin'])
    const person = await someone(['responder'])
    expect(await admin.run(endSessions, { id: person.person.id })).toEqual({ sessionsEnded: 1 })
    expect(await person.liveSessions()).toBe(0)
  })
})

describe('one’s own account', () => {
  it('a password changes with the present one, and every other session ends', async () => {
    const person = await someone(['viewer'])
    await openSession(console, {
      personId: person.person.id,
      method: 'password',
      authAt: console.clock.now(),
      around: around(),
    })
    const next = 'quite another sentence'
    await expect(person.run(setPassword, { current: 'wrong', next })).rejects.toMatchObject({
      issues: [{ path: 'current' }],
    })
    await expect(person.run(setPassword, { current: PASSWORD, next: 'short' })).rejects.toMatchObject({
      issues: [{ path: 'next' }],
    })
    expect(await person.run(setPassword, { current: PASSWORD, next })).toEqual({ sessionsEnded: 1 })
    expect(await person.liveSessions()).toBe(1)
    const attempt = { login: person.person.handle, password: next }
    expect((await signInWithPassword(console, attempt, around())).kind).toBe('in')
  })

  it('ends own sessions only', async () => {
    const person = await someone(['viewer'])
    const other = await someone(['viewer'])
    const foreign = other.actor.kind === 'person' ? other.actor.sessionId : ''
    await expect(person.run(revokeSession, { id: foreign })).rejects.toMatchObject({ code: 'not_found' })
    expect(await other.liveSessions()).toBe(1)
    expect(await person.run(signOutEverywhere, {})).toEqual({ sessionsEnded: 1 })
    expect(await other.liveSessions()).toBe(1)
  })

  it('lists the live sessions with this one marked', async () => {
    const person = await someone(['viewer'])
    expect(await person.ask(mySessions)).toMatchObject({ hasPassword: true, sessions: [{ isThis: true }] })
  })

  it('e-mails and sessions of others are for who manages people', async () => {
    const rowsFor = async (roles: readonly Role[]) =>
      (await (await someone(roles)).ask(people)) as { email: string | null; sessions: number | null }[]
    expect((await rowsFor(['viewer'])).every((row) => row.email === null && row.sessions === null)).toBe(true)
    expect((await rowsFor(['admin'])).every((row) => row.email !== null && row.sessions !== null)).toBe(true)
  })
})
