import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Console } from '../console'
import type { SteppedClock } from '../platform/clock'
import { sha256Hex } from '../platform/crypto'
import { testConsole } from '../platform/testing/database'
import { deviceToken } from './device'
import { hashPassword } from './passwords'
import {
  authAtOf,
  openSession,
  type Surroundings,
  signInAsDemo,
  signInWithOidc,
  signInWithPassword,
} from './sign-in'

const PASSWORD = 'the floor is quiet tonight'
let console: Console & { readonly clock: SteppedClock }
let passwordHash: string

beforeAll(async () => {
  console = await testConsole()
  passwordHash = await hashPassword(PASSWORD)
})

afterAll(async () => {
  await console.close()
})

type Changes = { readonly oneTimeUntil?: Date; readonly disabledAt?: Date; readonly passwordHash?: null }

async function setup(changes: Changes = {}) {
  const handle = `p${randomUUID().slice(0, 8)}`
  const person = await console.db.person.create({
    data: {
      handle,
      name: 'Somebody',
      email: `${handle}@northlight.example`,
      roles: ['viewer'],
      passwordHash,
      ...changes,
    },
  })
  const network = `203.0.${Math.floor(Math.random() * 256)}.${Math.floor(Math.random() * 256)}`
  const around: Surroundings = {
    now: console.clock.now(),
    requestId: randomUUID(),
    address: network,
    userAgent: 'vitest',
  }
  const attempt = (password: string, more: object = {}, at: Partial<Surroundings> = {}) =>
    signInWithPassword(
      console,
      { login: handle, password, ...more },
      { ...around, now: console.clock.now(), ...at },
    )
  return { person, handle, around, attempt }
}

describe('a password sign-in', () => {
  it.each([
    ['the handle', (handle: string) => handle],
    ['the handle with @ and capitals', (handle: string) => `@${handle.toUpperCase()}`],
    ['the e-mail with spaces around', (handle: string) => ` ${handle}@northlight.example `],
  ])('lets in by %s', async (_name, loginOf) => {
    const { person, handle, around } = await setup()
    const verdict = await signInWithPassword(console, { login: loginOf(handle), password: PASSWORD }, around)
    expect(verdict).toEqual({ kind: 'in', personId: person.id })
  })

  it('says the same for an unknown person, a wrong password and a person without one', async () => {
    const { attempt, around } = await setup()
    const without = await setup({ passwordHash: null })
    const unknown = await signInWithPassword(console, { login: 'nobody-here', password: PASSWORD }, around)
    expect([await attempt('wrong wrong wrong'), await without.attempt(PASSWORD), unknown]).toEqual([
      { kind: 'refused' },
      { kind: 'refused' },
      { kind: 'refused' },
    ])
  })

  it('tells that access is switched off only to whoever knows the password', async () => {
    const { attempt } = await setup({ disabledAt: new Date(0) })
    expect(await attempt('wrong wrong wrong')).toEqual({ kind: 'refused' })
    expect(await attempt(PASSWORD)).toEqual({ kind: 'disabled' })
  })

  it('puts a refusal on record without what was typed', async () => {
    const typed = `my-${randomUUID()}`
    const { around } = await setup()
    await signInWithPassword(console, { login: typed, password: PASSWORD }, around)
    const row = await console.db.auditEntry.findFirst({
      where: { subject: `login:${sha256Hex(typed).slice(0, 12)}` },
    })
    expect(row?.action).toBe('access.signInRefused')
    expect(JSON.stringify({ ...row, seq: 0 })).not.toContain(typed)
  })
})

describe('the throttle', () => {
  it('lets no more than five of a hundred simultaneous guesses through', async () => {
    const { attempt } = await setup()
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => attempt('wrong wrong wrong')))
    expect(verdicts.filter((verdict) => verdict.kind === 'refused')).toHaveLength(5)
    expect(verdicts.filter((verdict) => verdict.kind === 'wait')).toHaveLength(95)
  })

  it('grows the delay to at most half a minute and lets the right password in after it', async () => {
    const { attempt, person } = await setup()
    const delays: number[] = []
    for (let index = 0; index < 14; index += 1) {
      const verdict = await attempt('wrong wrong wrong', {}, { address: `198.51.${index}.1` })
      if (verdict.kind === 'wait') delays.push(verdict.seconds)
      if (verdict.kind === 'wait') console.clock.advanceMs(verdict.seconds * 1_000)
    }
    expect(delays).toEqual([1, 2, 4, 8, 16])
    console.clock.advanceMs(30_000)
    expect(await attempt(PASSWORD, {}, { address: '198.51.99.1' })).toEqual({
      kind: 'in',
      personId: person.id,
    })
    expect(await attempt('wrong wrong wrong')).toEqual({ kind: 'refused' })
  })

  it('does not make a known browser wait for guesses made elsewhere', async () => {
    const { attempt, person } = await setup()
    for (let index = 0; index < 8; index += 1) await attempt('wrong wrong wrong')
    expect((await attempt(PASSWORD)).kind).toBe('wait')
    const token = deviceToken(console.env.NEXTAUTH_SECRET, person.id)
    expect(await attempt(PASSWORD, {}, { deviceToken: token })).toEqual({ kind: 'in', personId: person.id })
    const foreign = deviceToken(console.env.NEXTAUTH_SECRET, randomUUID())
    expect((await attempt(PASSWORD, {}, { deviceToken: foreign })).kind).toBe('wait')
  })

  it('counts a network of many accounts together', async () => {
    const { around } = await setup()
    const kinds: string[] = []
    for (let index = 0; index < 32; index += 1) {
      const address = around.address?.replace(/\d+$/, String(index)) ?? null
      const attempt = { login: `guess-${randomUUID()}`, password: 'x' }
      kinds.push((await signInWithPassword(console, attempt, { ...around, address })).kind)
    }
    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(30)
  }, 60_000)
})

describe('a one-time password', () => {
  const later = () => new Date(console.clock.now().getTime() + 60_000)

  it('asks for a password of one’s own, names its faults, then is spent', async () => {
    const { attempt, person } = await setup({ oneTimeUntil: later() })
    expect(await attempt(PASSWORD)).toEqual({ kind: 'choose-password' })
    expect(await attempt(PASSWORD, { newPassword: PASSWORD })).toMatchObject({ kind: 'choose-password' })
    expect(await attempt(PASSWORD, { newPassword: 'short' })).toMatchObject({
      fault: expect.stringContaining('12'),
    })
    const own = 'quite another sentence'
    expect(await attempt(PASSWORD, { newPassword: own })).toEqual({ kind: 'in', personId: person.id })
    expect(await attempt(PASSWORD)).toEqual({ kind: 'refused' })
    expect(await attempt(own)).toEqual({ kind: 'in', personId: person.id })
  })

  it('is refused after its time', async () => {
    const { attempt } = await setup({ oneTimeUntil: console.clock.now() })
    expect(await attempt(PASSWORD, { newPassword: 'quite another sentence' })).toEqual({ kind: 'refused' })
  })
})

describe('single sign-on', () => {
  it.each([
    ['an unknown e-mail', { email: 'stranger@elsewhere.example', email_verified: true }, 'unknown-person'],
    ['an unconfirmed e-mail', { email_verified: false }, 'unconfirmed'],
    ['a confirmation given as text', { email_verified: 'true' }, 'unconfirmed'],
    ['no e-mail at all', { email: undefined, email_verified: true }, 'unconfirmed'],
    ['a confirmed, known e-mail', { email_verified: true }, 'in'],
  ])('judges %s', async (_name, claims, kind) => {
    const { person } = await setup()
    expect((await signInWithOidc(console, { email: person.email.toUpperCase(), ...claims })).kind).toBe(kind)
  })

  it('turns away a person whose access is switched off', async () => {
    const { person } = await setup({ disabledAt: new Date(0) })
    expect(await signInWithOidc(console, { email: person.email, email_verified: true })).toEqual({
      kind: 'disabled',
    })
  })

  it('takes the time of proof from the provider, never from the future', () => {
    const now = new Date('2026-11-21T12:00:00Z')
    expect(authAtOf({ auth_time: now.getTime() / 1_000 - 600 }, now)).toEqual(
      new Date('2026-11-21T11:50:00Z'),
    )
    expect(authAtOf({ auth_time: now.getTime() / 1_000 + 600 }, now)).toEqual(now)
    expect(authAtOf({}, now)).toEqual(now)
  })
})

describe('the demo sign-in', () => {
  const open = { WATCHFLOOR_SIMULATED: true, WATCHFLOOR_DEMO_SIGN_IN: true }
  it.each([
    ['a simulated installation with the switch', open, 'ana@northlight.example', 'in'],
    ['the switch alone', { ...open, WATCHFLOOR_SIMULATED: false }, 'ana@northlight.example', 'refused'],
    [
      'a simulated installation alone',
      { ...open, WATCHFLOOR_DEMO_SIGN_IN: false },
      'ana@northlight.example',
      'refused',
    ],
    ['a real person with the same handle', open, 'ana@real.company', 'refused'],
  ])('for %s', async (_name, changes, email, kind) => {
    const own = await testConsole(changes)
    await own.db.person.create({ data: { handle: 'ana', name: 'Ana', email, roles: ['admin'] } })
    expect((await signInAsDemo(own, 'ana')).kind).toBe(kind)
    expect((await signInAsDemo(own, 'somebody')).kind).toBe('refused')
    await own.close()
  })
})

describe('opening a session', () => {
  it('gives a fresh 256-bit id and ends the one that the browser held', async () => {
    const { person, around } = await setup()
    const opened = { personId: person.id, method: 'password', authAt: around.now } as const
    const first = await openSession(console, { ...opened, around })
    const second = await openSession(console, { ...opened, around: { ...around, previousSid: first } })
    expect(Buffer.from(second, 'base64url')).toHaveLength(32)
    expect(second).not.toBe(first)
    const rows = await console.db.session.findMany({
      where: { personId: person.id },
      orderBy: { createdAt: 'asc' },
    })
    expect(rows.find((row) => row.id === first)?.revokedAt).toEqual(around.now)
    expect(rows.find((row) => row.id === second)?.revokedAt).toBeNull()
  })

  it('tells open consoles, so that the list of people shows who was just here', async () => {
    const { person, around } = await setup()
    await openSession(console, { personId: person.id, method: 'password', authAt: around.now, around })
    const hints = await console.db.liveHint.findMany({ where: { topic: 'access', ref: person.id } })
    expect(hints).toHaveLength(1)
  })
})
