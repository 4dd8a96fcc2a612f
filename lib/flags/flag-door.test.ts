import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OFREPProvider } from '@openfeature/ofrep-provider'
import { type Client, OpenFeature } from '@openfeature/server-sdk'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Somebody, somebodyIn } from '../access/testing/somebody'
import { type Console, setConsole } from '../console'
import { PLAIN_DOORS } from '../plain-doors'
import { systemClock } from '../platform/clock'
import { openPlainDoors } from '../platform/plain-doors'
import { testConsole } from '../platform/testing/database'

let app: Console
let server: Server
let base: string
let secret: string
let ana: Somebody
let client: Client

async function keyWith(scope: 'flags.evaluate' | 'flags.read'): Promise<string> {
  const made = await ana.does('access.createKey', { name: scope, scopes: [scope], days: 30 })
  if (made.secret === null) throw new Error('a new key comes with its secret')
  return made.secret
}

vi.setConfig({ testTimeout: 60_000 })

beforeAll(async () => {
  app = { ...(await testConsole()), clock: systemClock }
  setConsole(app)
  ana = await somebodyIn(app, ['commander'])
  secret = await keyWith('flags.evaluate')
  openPlainDoors(PLAIN_DOORS)
  server = createServer((_request, response) => response.end('the framework'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const headers: [string, string][] = [['authorization', `Bearer ${secret}`]]
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: base, headers }))
  client = OpenFeature.getClient()
  await ana.does('flags.create', { key: 'new-provider', description: 'the new path' })
})

afterAll(async () => {
  await OpenFeature.close()
  server.closeAllConnections()
  server.close()
  await app.close()
})

const version = async (): Promise<number> => (await ana.asks('flags.one', { key: 'new-provider' })).version

async function shift(percent: number, isOn = true): Promise<void> {
  await ana.does('flags.change', {
    key: 'new-provider',
    version: await version(),
    percent,
    isOn,
    reason: 'a step of the test',
  })
}

const seen = (percent: number, isOn = true) =>
  expect
    .poll(async () => {
      const answer = await get('/api/flags/new-provider/evaluate?bucket=x')
      return answer.json()
    })
    .toMatchObject({ percent, isOn })

const get = (path: string, key = secret) =>
  fetch(base + path, { headers: { authorization: `Bearer ${key}` } })

it('MG-FLAG-05 the SDK of OpenFeature works unmodified, and keeps who was let in through every step and back to nobody', async () => {
  const tenants = Array.from({ length: 40 }, (_, at) => `tenant-${at}`)
  const through = async () => {
    const values = await Promise.all(
      tenants.map((targetingKey) => client.getBooleanValue('new-provider', false, { targetingKey })),
    )
    return new Set(tenants.filter((_, at) => values[at]))
  }
  expect((await through()).size).toBe(0)
  let before = new Set<string>()
  for (const percent of [1, 5, 10, 25, 50, 100]) {
    await shift(percent)
    await seen(percent)
    const now = await through()
    expect([...before].filter((one) => !now.has(one))).toEqual([])
    before = now
  }
  expect(before.size).toBe(40)
  await ana.does('flags.turnOff', { key: 'new-provider', reason: 'errors spiked' })
  await seen(0, false)
  expect((await through()).size).toBe(0)
})

it('MG-FLAG-05 the SDK learns of what is wrong as the protocol says it, and gives its default', async () => {
  const details = await client.getBooleanDetails('no-such', true, { targetingKey: 'a' })
  expect(details).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' })
  await shift(50)
  await seen(50)
  expect(await client.getBooleanDetails('new-provider', false, {})).toMatchObject({
    value: false,
    errorCode: 'TARGETING_KEY_MISSING',
  })
  const typed = await client.getStringDetails('new-provider', 'old', { targetingKey: 'a' })
  expect(typed).toMatchObject({ value: 'old', errorCode: 'TYPE_MISMATCH' })
})

it('MG-FLAG-06 nobody without the scope is told anything; an unchanged bulk answer is not sent again', async () => {
  expect((await fetch(`${base}/api/flags/new-provider/evaluate?bucket=a`)).status).toBe(401)
  const other = await keyWith('flags.read')
  expect((await get('/api/flags/new-provider/evaluate?bucket=a', other)).status).toBe(403)
  expect((await get('/api/flags/no-such/evaluate?bucket=a')).status).toBe(404)
  expect((await get('/api/flags/new-provider/evaluate')).status).toBe(422)
  const all = (headers: Record<string, string>) =>
    fetch(`${base}/ofrep/v1/evaluate/flags`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ context: { targetingKey: 'a' } }),
    })
  const first = await all({})
  expect(await first.json()).toMatchObject({ flags: [{ key: 'new-provider', reason: 'SPLIT' }] })
  expect((await all({ 'if-none-match': first.headers.get('etag') ?? '' })).status).toBe(304)
  const broken = await fetch(`${base}/ofrep/v1/evaluate/flags/new-provider`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    body: '{',
  })
  expect(broken.status).toBe(400)
  expect(await broken.json()).toMatchObject({ errorCode: 'PARSE_ERROR' })
})

it('MG-FLAG-07 every value stays on record with who and why; a change of what somebody else changed is a conflict', async () => {
  const standing = await version()
  await shift(20)
  await expect(
    ana.does('flags.change', { key: 'new-provider', version: standing, percent: 30, reason: 'too late' }),
  ).rejects.toMatchObject({ code: 'conflict' })
  const { changes } = await ana.asks('flags.one', { key: 'new-provider' })
  expect(changes[0]).toMatchObject({ percent: 20, by: ana.handle, reason: 'a step of the test' })
  expect(changes.at(-1)).toMatchObject({ percent: 0, reason: 'made' })
  await expect(app.db.$executeRaw`UPDATE flag SET salt = 'other'`).rejects.toThrow('never changes')
  await expect(app.db.$executeRaw`DELETE FROM flag_change`).rejects.toThrow('append-only')
})

it('MG-FLAG-08 while the database is slow the last known flags answer, and a switch counts as soon as it is there', async () => {
  await shift(100)
  await seen(100)
  const slow = new pg.Client({ connectionString: app.env.DATABASE_URL })
  await slow.connect()
  await slow.query('BEGIN')
  await slow.query('LOCK TABLE flag, api_key IN ACCESS EXCLUSIVE MODE')
  await slow.query(`UPDATE flag SET share = 0, version = version + 1 WHERE key = 'new-provider'`)
  try {
    // Until neither the flags nor the key are held any more; who waited for the lock would wait for ever.
    const untilMs = performance.now() + 2_500
    while (performance.now() < untilMs)
      expect(await client.getBooleanValue('new-provider', false, { targetingKey: 'a' })).toBe(true)
  } finally {
    await slow.query('COMMIT')
    await slow.end()
  }
  await seen(0)
  expect(await client.getBooleanValue('new-provider', true, { targetingKey: 'a' })).toBe(false)
})
