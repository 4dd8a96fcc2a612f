import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Console, setConsole } from '../console'
import { answerCommand, answerQuery } from '../doors'
import type { SteppedClock } from '../platform/clock'
import { sha256Hex } from '../platform/crypto'
import { AppError } from '../platform/errors'
import { testConsole } from '../platform/testing/database'
import { findCommand, findQuery, OPERATIONS } from '../registry'
import { runCommand, runQuery } from '../run'
import { createBuckets } from './key-rate'
import { GRANTABLE, type Permission, type Role, STEP_UP } from './permissions'
import { somebodyIn } from './testing/somebody'

const DAY_MS = 86_400_000
let console: Console & { readonly clock: SteppedClock }

beforeAll(async () => {
  console = await testConsole()
  setConsole(console)
})

afterAll(async () => {
  await console.close()
})

async function someone(...roles: readonly Role[]) {
  const person = await somebodyIn(console, roles)
  return {
    ...person,
    asks: (name: string, input: unknown) => runQuery(findQuery(name), person.scope(), input),
    makes: async (scopes: readonly Permission[], days = 30) =>
      (await runCommand(
        findCommand('access.createKey'),
        person.scope(),
        { name: 'a script', scopes, days },
        undefined,
      )) as {
        id: string
        secret: string
        prefix: string
      },
  }
}

function asks(secret: string, name: string, input: unknown = {}): Promise<Response> {
  const url = `http://127.0.0.1:3000/api/queries/${name}?input=${encodeURIComponent(JSON.stringify(input))}`
  return answerQuery(new Request(url, { headers: { authorization: `Bearer ${secret}` } }), name)
}

function asksInBody(secret: string, name: string, input: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  const body = JSON.stringify(input)
  const url = `http://127.0.0.1:3000/api/queries/${name}`
  return answerQuery(new Request(url, { method: 'POST', headers, body }), name)
}

function does(secret: string, name: string, input: unknown, key?: string): Promise<Response> {
  return answerCommand(
    new Request(`http://127.0.0.1:3000/api/commands/${name}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: JSON.stringify(input),
    }),
    name,
  )
}

async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'not refused'
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

const ALERT = { title: 'Declared by a script', severity: 'P4' } as const

describe('making a key', () => {
  it('shows the secret once, stores its hash only, and a repeat of the request shows none', async () => {
    const ana = await someone('responder')
    const key = randomUUID()
    const input = { name: 'paging bot', scopes: ['incidents.read' as const], days: 30 }
    const made = (await ana.does('access.createKey', input, key)) as { id: string; secret: string }
    expect(made.secret).toMatch(/^wf_[A-Za-z0-9_-]{43}$/)
    const row = await console.db.apiKey.findUniqueOrThrow({ where: { id: made.id } })
    expect(row.digest).toBe(sha256Hex(made.secret))
    expect(made.secret.startsWith(row.prefix)).toBe(true)
    const repeated = (await ana.does('access.createKey', input, key)) as { id: string; secret: null }
    expect(repeated).toMatchObject({ id: made.id, secret: null })
    const audits = await console.db.auditEntry.findMany({ where: { subject: `key:${made.id}` } })
    const kept = await console.db.idempotency.findMany({ where: { actor: ana.id } })
    expect(
      JSON.stringify([audits.map(({ detail }) => detail), kept, await ana.asks('access.keys', {})]),
    ).not.toContain(made.secret)
  })

  it('grants no more than the person may, and never what asks for a password', async () => {
    const mei = await someone('viewer')
    expect(await refusal(mei.makes(['incidents.declare']))).toBe('invalid')
    for (const permission of [...STEP_UP, 'access.self' as const]) {
      expect(GRANTABLE).not.toContain(permission)
      expect(await refusal(mei.makes([permission]))).toBe('invalid')
    }
  })

  it('ends after 20 keys in force', async () => {
    const ana = await someone('viewer')
    for (let n = 0; n < 20; n += 1) await ana.makes(['health.read'])
    expect(await refusal(ana.makes(['health.read']))).toBe('conflict')
  })
})

describe('using a key', () => {
  it('reads and changes through both doors without cookie or Origin, as the person and under the key’s name', async () => {
    const ana = await someone('commander')
    const key = await ana.makes(['incidents.read', 'incidents.declare'])
    const declared = await does(key.secret, 'incidents.declare', ALERT)
    expect(declared.status).toBe(200)
    const { id } = (await declared.json()) as { id: string }
    const read = await asks(key.secret, 'incidents.byId', { ref: id })
    const inBody = await asksInBody(key.secret, 'incidents.byId', { ref: id })
    expect(await inBody.json()).toEqual(await read.clone().json())
    expect(await read.json()).toMatchObject({ title: ALERT.title, declaredBy: ana.handle })
    const entry = await console.db.auditEntry.findFirstOrThrow({ where: { subject: `incident:${id}` } })
    expect(entry).toMatchObject({ actor: ana.id, sessionId: `key:${key.id}` })
  })

  it('the same idempotency key gives the same answer and declares once', async () => {
    const ana = await someone('commander')
    const { secret } = await ana.makes(['incidents.declare'])
    const idempotencyKey = randomUUID()
    const first = await (await does(secret, 'incidents.declare', ALERT, idempotencyKey)).json()
    expect(await (await does(secret, 'incidents.declare', ALERT, idempotencyKey)).json()).toEqual(first)
    const other = await does(secret, 'incidents.declare', { ...ALERT, title: 'another' }, idempotencyKey)
    expect(other.status).toBe(409)
  })

  it('is bound to its scopes even where the person may more', async () => {
    const ana = await someone('commander')
    const { secret } = await ana.makes(['incidents.read'])
    const refused = await does(secret, 'incidents.declare', ALERT)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('scopes of this API key') })
  })

  it('a permission that a command asks for inside is bound to the scopes too', async () => {
    const ana = await someone('commander')
    const { secret } = await ana.makes(['incidents.declare'])
    expect((await does(secret, 'incidents.declare', { ...ALERT, answer: true })).status).toBe(403)
  })

  it('can do no more than the person at the time of use', async () => {
    const ana = await someone('commander')
    const { secret } = await ana.makes(['incidents.declare'])
    await console.db.person.update({ where: { id: ana.id }, data: { roles: ['viewer'] } })
    expect((await does(secret, 'incidents.declare', ALERT)).status).toBe(403)
    const [listed] = (await ana.asks('access.keys', {})) as { lost: string[] }[]
    expect(listed?.lost).toEqual(['incidents.declare'])
  })

  it.each(
    OPERATIONS.filter((one) => one.type === 'command' && STEP_UP.has(one.permission)).map(({ name }) => [
      name,
    ]),
  )('%s is refused with the reason that it asks for a password', async (name) => {
    const sam = await someone('admin')
    const { secret } = await sam.makes(['health.read'])
    const refused = await does(secret, name, {})
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('asks for your password') })
  })

  it.each([
    ['unknown', async (_: string) => undefined, 'not known'],
    [
      'expired',
      (id: string) => console.db.apiKey.update({ where: { id }, data: { expiresAt: console.clock.now() } }),
      'expired',
    ],
    [
      'revoked',
      (id: string) => console.db.apiKey.update({ where: { id }, data: { revokedAt: console.clock.now() } }),
      'revoked',
    ],
    [
      'of a disabled person',
      async (id: string) => {
        const { personId } = await console.db.apiKey.findUniqueOrThrow({ where: { id } })
        await console.db.person.update({
          where: { id: personId },
          data: { disabledAt: console.clock.now() },
        })
      },
      'disabled',
    ],
  ])('a key that is %s is 401 and says so', async (what, end, words) => {
    const ana = await someone('commander')
    const key = await ana.makes(['incidents.read'])
    expect((await asks(key.secret, 'incidents.open')).status).toBe(200)
    await end(key.id)
    const secret = what === 'unknown' ? `wf_${'A'.repeat(43)}` : key.secret
    const refused = await asks(secret, 'incidents.open')
    expect(refused.status).toBe(401)
    expect(await refused.json()).toMatchObject({
      code: 'unauthenticated',
      detail: expect.stringContaining(words),
    })
  })

  it('a request that names a key never counts under a cookie', async () => {
    const request = new Request('http://127.0.0.1:3000/api/queries/incidents.open', {
      headers: { authorization: 'Basic abc', cookie: 'watchfloor.session=whatever' },
    })
    expect((await answerQuery(request, 'incidents.open')).status).toBe(401)
  })

  it('its use is written at most every five minutes', async () => {
    const ana = await someone('commander')
    const { id, secret } = await ana.makes(['incidents.read'])
    const usedAt = async () => {
      await asks(secret, 'incidents.open')
      return (await console.db.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt
    }
    const first = await usedAt()
    expect(first).not.toBeNull()
    console.clock.advanceMs(4 * 60_000)
    expect(await usedAt()).toEqual(first)
    console.clock.advanceMs(2 * 60_000)
    expect(await usedAt()).toEqual(console.clock.now())
  })

  it('beyond its rate it is told how long to wait', async () => {
    const ana = await someone('commander')
    const { secret } = await ana.makes(['incidents.read'])
    const statuses: number[] = []
    let wait: string | null = null
    for (let n = 0; n < 125; n += 1) {
      const answer = await asks(secret, 'incidents.drafts')
      statuses.push(answer.status)
      wait ??= answer.status === 429 ? answer.headers.get('retry-after') : null
    }
    expect(statuses.slice(0, 120)).not.toContain(429)
    expect(statuses.at(-1)).toBe(429)
    expect(wait).toBe('1')
  })
})

describe('ending keys', () => {
  it('one’s own at once, another’s only by who manages people', async () => {
    const [ana, ben, sam] = [await someone('commander'), await someone('commander'), await someone('admin')]
    const key = await ana.makes(['incidents.read'])
    expect(await refusal(ben.does('access.revokeKey', { id: key.id }))).toBe('not_found')
    expect(await refusal(ben.does('access.endKey', { id: key.id }))).toBe('forbidden')
    expect(await refusal(Promise.resolve(ben.asks('access.keys', { whose: 'all' })))).toBe('forbidden')
    const all = (await sam.asks('access.keys', { whose: 'all' })) as { id: string }[]
    expect(all.map(({ id }) => id)).toContain(key.id)
    await sam.does('access.endKey', { id: key.id })
    expect((await asks(key.secret, 'incidents.open')).status).toBe(401)
    const own = await ben.makes(['incidents.read'])
    await ben.does('access.revokeKey', { id: own.id })
    expect((await asks(own.secret, 'incidents.open')).status).toBe(401)
  })
})

describe('token buckets', () => {
  it('let a burst through, then the long-run rate, and say the wait in whole seconds', () => {
    const buckets = createBuckets({ burst: 3, perSecond: 0.5 })
    expect([0, 0, 0, 0].map(() => buckets.take('a', 0))).toEqual([0, 0, 0, 2])
    expect(buckets.take('b', 0)).toBe(0)
    expect(buckets.take('a', 1_999)).toBe(1)
    expect(buckets.take('a', 2_000)).toBe(0)
    expect(buckets.take('a', DAY_MS)).toBe(0)
  })
})
