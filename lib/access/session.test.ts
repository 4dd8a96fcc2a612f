import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Console, setConsole } from '../console'
import type { SteppedClock } from '../platform/clock'
import { randomToken } from '../platform/crypto'
import { testConsole } from '../platform/testing/database'
import { cookieNames } from './cookies'
import { actorOfRequest, forgetSessions, visitorOfToken } from './session'
import { SESSION_LIMITS } from './session-rules'

const MINUTE_MS = 60_000
let console: Console & { readonly clock: SteppedClock }

beforeAll(async () => {
  console = await testConsole()
  setConsole(console)
})

afterAll(async () => {
  await console.close()
})

async function setup() {
  const now = console.clock.now()
  const handle = randomToken(6).toLowerCase()
  const person = await console.db.person.create({
    data: { handle, name: 'Ana', email: `${handle}@northlight.example`, roles: ['commander', 'unheard-of'] },
  })
  const session = await console.db.session.create({
    data: {
      id: randomToken(),
      personId: person.id,
      createdAt: now,
      lastSeenAt: now,
      authAt: now,
      expiresAt: new Date(now.getTime() + SESSION_LIMITS.absoluteMs),
    },
  })
  const token = await encode({
    token: { sid: session.id },
    secret: console.env.NEXTAUTH_SECRET,
    maxAge: 43_200,
  })
  const look = () => visitorOfToken(console, token, true)
  const lastSeen = async () =>
    (await console.db.session.findUniqueOrThrow({ where: { id: session.id } })).lastSeenAt.getTime()
  return { person, session, token, look, lastSeen }
}

describe('a session', () => {
  it('is a person with the known roles of the row', async () => {
    const { person, look } = await setup()
    expect(await look()).toMatchObject({ kind: 'person', actor: { id: person.id, roles: ['commander'] } })
  })

  it.each([
    ['no cookie', undefined, { kind: 'nobody' }],
    ['a forged cookie', 'eyJhbGciOiJkaXIifQ..x.y.z', { kind: 'ended', why: 'expired' }],
  ])('%s is nobody', async (_name, token, visitor) => {
    expect(await visitorOfToken(console, token, true)).toEqual(visitor)
  })

  it('a cookie encrypted with another secret is nobody', async () => {
    const { session } = await setup()
    const token = await encode({ token: { sid: session.id }, secret: 'another-secret-another-secret-123' })
    expect(await visitorOfToken(console, token, true)).toEqual({ kind: 'ended', why: 'expired' })
  })

  it('ends an hour after its last use, and lives on when it is used', async () => {
    const { look, lastSeen } = await setup()
    for (let index = 0; index < 3; index += 1) {
      console.clock.advanceMs(59 * MINUTE_MS)
      expect((await look()).kind).toBe('person')
      await expect.poll(lastSeen).toBe(console.clock.now().getTime())
    }
    console.clock.advanceMs(SESSION_LIMITS.idleMs)
    expect(await look()).toEqual({ kind: 'ended', why: 'idle' })
  })

  it('ends after twelve hours however much it is used', async () => {
    const { session, look } = await setup()
    console.clock.advanceMs(SESSION_LIMITS.absoluteMs - 1)
    await console.db.session.update({ where: { id: session.id }, data: { lastSeenAt: console.clock.now() } })
    expect((await look()).kind).toBe('person')
    console.clock.advanceMs(1)
    expect(await look()).toEqual({ kind: 'ended', why: 'expired' })
  })

  it('ends at once when it is revoked or its row is gone', async () => {
    const { session, look } = await setup()
    await console.db.session.update({ where: { id: session.id }, data: { revokedAt: console.clock.now() } })
    expect(await look()).toEqual({ kind: 'ended', why: 'revoked' })
    await console.db.session.delete({ where: { id: session.id } })
    expect(await look()).toEqual({ kind: 'ended', why: 'revoked' })
  })

  it('a person whose access is switched off is out, whatever else is true', async () => {
    const { person, session, look } = await setup()
    const now = console.clock.now()
    await console.db.person.update({ where: { id: person.id }, data: { disabledAt: now } })
    await console.db.session.update({ where: { id: session.id }, data: { revokedAt: now } })
    expect(await look()).toEqual({ kind: 'ended', why: 'disabled' })
  })

  it('writes its use at most once a minute, even for five hundred requests at once', async () => {
    const { session, token, lastSeen } = await setup()
    const before = session.lastSeenAt.getTime()
    console.clock.advanceMs(59_000)
    await visitorOfToken(console, token, true)
    expect(await lastSeen()).toBe(before)
    console.clock.advanceMs(1_000)
    const visitors = await Promise.all(
      Array.from({ length: 500 }, () => visitorOfToken(console, token, false)),
    )
    expect(visitors.every((visitor) => visitor.kind === 'person')).toBe(true)
    await expect.poll(lastSeen).toBe(console.clock.now().getTime())
  })
})

describe('reading sessions', () => {
  it('serves five hundred simultaneous stream opens from one statement', async () => {
    const { token } = await setup()
    let reads = 0
    const counting: Console = {
      ...console,
      hot: new Proxy(console.hot, {
        get: (pool, name) => {
          if (name !== 'query') return Reflect.get(pool, name)
          return (...given: Parameters<typeof pool.query>) => {
            reads += 1
            return Reflect.apply(pool.query, pool, given)
          }
        },
      }),
    }
    await Promise.all(Array.from({ length: 500 }, () => visitorOfToken(counting, token, false)))
    expect(reads).toBe(1)
  })

  it('an ended session shows within a second to readers, at once to whoever changes something', async () => {
    const { session, token } = await setup()
    const cookie = `${cookieNames(console.env.NEXTAUTH_URL).session}=${token}`
    const ask = (method: string) =>
      actorOfRequest(new Request('http://127.0.0.1:3000/api/x', { method, headers: { cookie } }))
    expect(await ask('GET')).toBeDefined()
    await console.db.session.update({ where: { id: session.id }, data: { revokedAt: console.clock.now() } })
    expect(await ask('GET')).toBeDefined()
    expect(await ask('POST')).toBeUndefined()
    const other = await setup()
    expect((await visitorOfToken(console, other.token, false)).kind).toBe('person')
    await console.db.session.update({
      where: { id: other.session.id },
      data: { revokedAt: console.clock.now() },
    })
    console.clock.advanceMs(1_000)
    expect((await visitorOfToken(console, other.token, false)).kind).toBe('ended')
  })

  it('forgets what it read when told that something ended', async () => {
    const { session, token } = await setup()
    expect((await visitorOfToken(console, token, false)).kind).toBe('person')
    await console.db.session.update({ where: { id: session.id }, data: { revokedAt: console.clock.now() } })
    forgetSessions(console)
    expect((await visitorOfToken(console, token, false)).kind).toBe('ended')
  })
})
