import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OFREPProvider } from '@openfeature/ofrep-provider'
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider'
import { OpenFeature as ServerSdk } from '@openfeature/server-sdk'
import { OpenFeature as WebSdk } from '@openfeature/web-sdk'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type KeptFetch, keptFetch } from '../../migrator/ofrep-fetch'
import { type Somebody, somebodyIn } from '../access/testing/somebody'
import { type Console, setConsole } from '../console'
import { PLAIN_DOORS } from '../plain-doors'
import { systemClock } from '../platform/clock'
import { openPlainDoors } from '../platform/plain-doors'
import { testConsole } from '../platform/testing/database'
import { BUCKETS, bucketOf } from './bucket'

let app: Console
let server: Server
let base: string
let ana: Somebody
let authorization: string
let salt: string
let kept: KeptFetch
/** The status of every answer to the bulk address, and whether the caller said which answer it has. */
const bulk: { status: number; isConditional: boolean }[] = []

async function noting(asked: RequestInfo | URL): Promise<Response> {
  const answer = await fetch(asked)
  const isConditional = asked instanceof Request && asked.headers.has('if-none-match')
  bulk.push({ status: answer.status, isConditional })
  return answer
}

vi.setConfig({ testTimeout: 60_000 })

beforeAll(async () => {
  app = { ...(await testConsole()), clock: systemClock }
  setConsole(app)
  ana = await somebodyIn(app, ['commander'])
  const { secret } = await ana.does('access.createKey', { name: 'sdk', scopes: ['flags.evaluate'], days: 30 })
  authorization = `Bearer ${secret}`
  openPlainDoors(PLAIN_DOORS)
  server = createServer((_request, response) => response.writeHead(404).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  kept = keptFetch(base)
  await ana.does('flags.create', { key: 'new-provider' })
  await set(50)
  salt = (await app.db.flag.findUniqueOrThrow({ where: { key: 'new-provider' } })).salt
})

afterAll(async () => {
  await WebSdk.close()
  await ServerSdk.close()
  await kept.close()
  server.closeAllConnections()
  server.close()
  await app.close()
})

async function set(percent: number): Promise<void> {
  const { version } = await ana.asks('flags.one', { key: 'new-provider' })
  await ana.does('flags.change', { key: 'new-provider', version, percent, reason: 'a step of the test' })
}

async function shift(percent: number): Promise<void> {
  await set(percent)
  await expect
    .poll(async () => {
      const url = `${base}/api/flags/new-provider/evaluate?bucket=x`
      return (await fetch(url, { headers: { authorization } })).json()
    })
    .toMatchObject({ percent })
}

const isIn = (key: string, percent: number): boolean => bucketOf(salt, key) < (percent / 100) * BUCKETS
const tenants = Array.from({ length: 60 }, (_, at) => `tenant-${at}`)

it('MG-FLAG-09 the SDK for one context asks the bulk address once, and again when the context changes', async () => {
  const provider = new OFREPWebProvider({
    baseUrl: base,
    headers: [['authorization', authorization]],
    pollInterval: 0,
    cacheMode: 'disabled',
    fetchImplementation: noting,
  })
  await WebSdk.setContext({ targetingKey: 'tenant-0' })
  await WebSdk.setProviderAndWait(provider)
  const client = WebSdk.getClient()
  expect(bulk).toEqual([{ status: 200, isConditional: false }])
  for (let at = 0; at < 1_000; at += 1)
    expect(client.getBooleanValue('new-provider', false)).toBe(isIn('tenant-0', 50))
  expect(bulk).toHaveLength(1)
  for (const targetingKey of tenants) {
    await WebSdk.setContext({ targetingKey })
    expect(client.getBooleanDetails('new-provider', false)).toMatchObject({
      value: isIn(targetingKey, 50),
      reason: 'SPLIT',
    })
  }
  expect(client.getBooleanDetails('no-such', true)).toMatchObject({
    value: true,
    errorCode: 'FLAG_NOT_FOUND',
  })
})

it('MG-FLAG-09 while nothing changes, polling gets 304 and no body; a switch reaches the SDK with the next one', async () => {
  await WebSdk.close()
  bulk.length = 0
  const provider = new OFREPWebProvider({
    baseUrl: base,
    headers: [['authorization', authorization]],
    pollInterval: 50,
    cacheMode: 'disabled',
    fetchImplementation: noting,
  })
  const [tenant = ''] = tenants.filter((one) => isIn(one, 50))
  await WebSdk.setContext({ targetingKey: tenant })
  await WebSdk.setProviderAndWait(provider)
  const client = WebSdk.getClient()
  await expect.poll(() => bulk.filter(({ status }) => status === 304).length).toBeGreaterThan(2)
  expect(bulk.every(({ status, isConditional }) => (status === 304) === isConditional)).toBe(true)
  expect(client.getBooleanValue('new-provider', false)).toBe(true)
  await shift(0)
  await expect.poll(() => client.getBooleanValue('new-provider', true)).toBe(false)
  await WebSdk.close()
})

it('MG-FLAG-05 the SDK is given the same answers and the same errors through the fetch that keeps its connections', async () => {
  await shift(50)
  const provider = new OFREPProvider({
    baseUrl: base,
    headers: [['authorization', authorization]],
    fetchImplementation: kept.fetch,
  })
  await ServerSdk.setProviderAndWait(provider)
  const client = ServerSdk.getClient()
  const values = await Promise.all(
    tenants.map((targetingKey) => client.getBooleanValue('new-provider', false, { targetingKey })),
  )
  expect(values).toEqual(tenants.map((one) => isIn(one, 50)))
  expect(await client.getBooleanDetails('no-such', true, { targetingKey: 'a' })).toMatchObject({
    value: true,
    errorCode: 'FLAG_NOT_FOUND',
  })
  const answer = await kept.fetch(`${base}/api/flags/new-provider/evaluate?bucket=a`)
  expect(answer.status).toBe(401)
  expect(await answer.clone().text()).toContain('API key')
  await expect(kept.fetch('http://elsewhere.example/')).rejects.toThrow('alone')
})

it('MG-FLAG-05 a Watchfloor that does not answer costs a caller no more than the deadline, and gives its default', async () => {
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const short = keptFetch(baseUrl, { deadlineMs: 200 })
  await ServerSdk.setProviderAndWait(new OFREPProvider({ baseUrl, fetchImplementation: short.fetch }))
  const details = await ServerSdk.getClient().getBooleanDetails('new-provider', false, { targetingKey: 'a' })
  expect(details).toMatchObject({ value: false, reason: 'ERROR' })
  await short.close()
  silent.closeAllConnections()
  silent.close()
})
