import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieNames } from './access/cookies'
import { hookIntake, MAX_BODY_BYTES } from './alerts/hooks-collect'
import { SENDERS, type Sender } from './alerts/model'
import { hookSecretsEnv, SECRETS, signatureHeaders } from './alerts/testing/deliveries'
import { type Console, setConsole } from './console'
import { emptyState } from './health/publisher'
import { packSnapshot } from './health/store'
import { getHub } from './hub'
import { PLAIN_DOORS } from './plain-doors'
import { systemClock } from './platform/clock'
import { sha256Hex } from './platform/crypto'
import { openPlainDoors } from './platform/plain-doors'
import { testConsole } from './platform/testing/database'

let console: Console
let server: Server
let base: string
let cookie: string
let sid: string

beforeAll(async () => {
  console = { ...(await testConsole({ WATCHFLOOR_HOOK_SECRETS: hookSecretsEnv })), clock: systemClock }
  setConsole(console)
  const person = await console.db.person.create({
    data: { handle: 'mei', name: 'Mei', email: 'mei@northlight.example', roles: ['viewer'] },
  })
  sid = randomUUID()
  await console.db.session.create({
    data: { id: sid, personId: person.id, expiresAt: new Date(Date.now() + 3_600_000) },
  })
  const token = await encode({ token: { sid }, secret: console.env.NEXTAUTH_SECRET })
  cookie = `${cookieNames(console.env.NEXTAUTH_URL).session}=${token}`
  const body = packSnapshot({ ...emptyState({ seq: 1, simulated: true }), seq: 1, at: 1_790_000_000 })
  await console.db.healthCheckpoint.create({
    data: { seq: 1, epoch: 1, at: new Date(), body: new Uint8Array(body) },
  })
  openPlainDoors(PLAIN_DOORS)
  server = createServer((_request, response) => response.end('the framework'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  getHub().drain()
  await getHub().close()
  server.closeAllConnections()
  server.close()
  await hookIntake(console).flush()
  await console.close()
})

async function firstChunk(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  await reader?.cancel()
  return new TextDecoder().decode(value)
}

describe('a plain door', () => {
  it.each(['/api/live', '/api/queries/health.snapshot'])('%s tells nobody anything', async (path) => {
    const response = await fetch(base + path)
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' })
  })

  it('leaves every other path and method to the framework', async () => {
    expect(await (await fetch(`${base}/api/livestock`)).text()).toBe('the framework')
    expect(await (await fetch(`${base}/api/live`, { method: 'POST' })).text()).toBe('the framework')
  })

  it('streams to who may watch, with the headers of the console', async () => {
    const response = await fetch(`${base}/api/live`, { headers: { cookie } })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await firstChunk(response)).toMatch(/^retry: \d+\nevent: ping\ndata: \d+\n\n/)
  })

  it('tells a viewer that was away for too long to fetch a snapshot', async () => {
    const response = await fetch(`${base}/api/live?after=999.999`, { headers: { cookie } })
    const text = await firstChunk(response)
    expect(text).toContain('retry:')
    const again = await fetch(`${base}/api/live?after=nonsense`, { headers: { cookie } })
    const reader = again.body?.getReader()
    let seen = ''
    while (!seen.includes('event: reset')) seen += new TextDecoder().decode((await reader?.read())?.value)
    await reader?.cancel()
    expect(seen).toContain('event: reset')
  })

  it('gives the snapshot packed or plain, and nothing when it is known', async () => {
    const packed = await fetch(`${base}/api/queries/health.snapshot`, {
      headers: { cookie, 'accept-encoding': 'gzip' },
    })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(await packed.json()).toMatchObject({ v: 1, seq: 1 })
    const etag = packed.headers.get('etag') ?? ''
    const known = await fetch(`${base}/api/queries/health.snapshot`, {
      headers: { cookie, 'if-none-match': etag },
    })
    expect(known.status).toBe(304)
    const plain = await fetch(`${base}/api/queries/health.snapshot`, {
      headers: { cookie, 'accept-encoding': 'identity' },
    })
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await plain.json()).toMatchObject({ v: 1, seq: 1 })
  })

  it('closes for a session that was ended', async () => {
    await console.db.session.update({ where: { id: sid }, data: { revokedAt: new Date() } })
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect((await fetch(`${base}/api/live`, { headers: { cookie } })).status).toBe(401)
  })
})

describe('the agents’ door', () => {
  const token = 'wfa_a-token-of-the-test'

  beforeAll(async () => {
    await console.db.agentToken.create({
      data: { instanceId: '4711', tokenHash: sha256Hex(token), issuedAt: new Date(), issuedBy: 'sam' },
    })
  })

  function report(body: string, bearer = token): Promise<Response> {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
    return fetch(`${base}/api/agent/report`, { method: 'POST', headers, body })
  }

  async function received(): Promise<readonly { instance_id: string; body: unknown }[]> {
    const { rows } = await console.hot.query<{ instance_id: string; body: unknown }>(
      'SELECT instance_id, body FROM agent_inbox',
    )
    return rows
  }

  it('answers 202 once the report is stored under the token’s instance', async () => {
    const taken = await report('{"version":1}')
    expect([taken.status, await taken.json()]).toEqual([202, { stored: true }])
    expect(taken.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await received()).toEqual([{ instance_id: '4711', body: { version: 1 } }])
  })

  it.each([
    ['a token that is not in force', '{}', 'wfa_never-issued-to-anybody', 401],
    ['what is no JSON', '{"version":', token, 400],
    ['a list', '[]', token, 400],
    ['a text that Postgres cannot hold', '{"a":"\\u0000"}', token, 400],
    ['more than 256 KiB', JSON.stringify({ a: 'x'.repeat(256 * 1024) }), token, 413],
  ])('stores nothing of %s', async (_what, body, bearer, status) => {
    expect((await report(body, bearer)).status).toBe(status)
    expect(await received()).toHaveLength(1)
  })
})

describe('a hook on the plain door', () => {
  async function deliver(sender: Sender, secret: string): Promise<Response> {
    const body = JSON.stringify({ version: '4', alerts: [] })
    const headers = signatureHeaders({ sender, secret, body, now: new Date() })
    return fetch(`${base}/api/hooks/${sender}`, { method: 'POST', headers, body })
  }

  async function stored(sender: Sender): Promise<number> {
    const { rows } = await console.hot.query('SELECT 1 FROM hook_inbox WHERE sender = $1', [sender])
    return rows.length
  }

  it.each(SENDERS)('takes what %s signed, and nothing else', async (sender) => {
    const taken = await deliver(sender, SECRETS[sender][0])
    expect([taken.status, await taken.text()]).toEqual([202, '{"stored":true}'])
    expect(taken.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await stored(sender)).toBe(1)
    expect((await deliver(sender, SECRETS[sender][0].replace(/[0-9A]/, 'z'))).status).toBe(401)
    expect(await stored(sender)).toBe(1)
  })

  it('answers a body that grows past the cap before it ends, and closes the connection', async () => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(`${base}/api/hooks/alertmanager`, { method: 'POST' }, resolve)
      outgoing.on('error', reject)
      outgoing.write(Buffer.alloc(MAX_BODY_BYTES + 1))
    })
    expect(answer.statusCode).toBe(413)
    expect(answer.headers.connection).toBe('close')
    answer.destroy()
  })

  it('leaves every other method and sender to the framework', async () => {
    expect(await (await fetch(`${base}/api/hooks/alertmanager`)).text()).toBe('the framework')
    const unknown = await fetch(`${base}/api/hooks/nobody`, { method: 'POST', body: '{}' })
    expect(await unknown.text()).toBe('the framework')
  })
})
