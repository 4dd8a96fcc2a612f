import { afterAll, describe, expect, test } from 'vitest'
import { KEY, type Steered, smallScenario, startWorld } from './testing'

const worlds: Steered[] = []
afterAll(() => Promise.all(worlds.map(({ simulator }) => simulator.close())))

async function setup(input: Parameters<typeof smallScenario>[0] = {}): Promise<Steered> {
  const started = await startWorld(smallScenario(input))
  worlds.push(started)
  return started
}

type Page = {
  success: boolean
  instances_found: number
  total_instances: number
  next_token: string | null
  instances: Record<string, unknown>[]
}

async function sweep(url: string, query = ''): Promise<Page[]> {
  const pages: Page[] = []
  let token: string | null = ''
  while (token !== null) {
    const response = await fetch(`${url}/vast/api/v1/instances/?limit=100&after_token=${token}${query}`, KEY)
    const page: Page = await response.json()
    pages.push(page)
    token = page.next_token
  }
  return pages
}

async function only(url: string, id: number): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/vast/api/v0/instances/${id}/?owner=me`, KEY)
  return (await response.json()).instances
}

function put(url: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${url}/vast/api/v0/instances/${path}/`, { ...KEY, method: 'PUT', body: JSON.stringify(body) })
}

describe('paging', () => {
  test('a complete sweep holds every instance once, in pages of at most 25', async () => {
    const { url } = await setup({ world: { gpus: 120, instances: 60 } })
    const pages = await sweep(url)
    expect(pages.map((page) => page.instances_found)).toEqual([25, 25, 10])
    expect(pages.every((page) => page.total_instances === 60)).toBe(true)
    expect(new Set(pages.flatMap((page) => page.instances.map((row) => row.id))).size).toBe(60)
  })

  test('a forged cursor is refused', async () => {
    const { url } = await setup()
    const response = await fetch(`${url}/vast/api/v1/instances/?after_token=zzz`, KEY)
    expect([response.status, (await response.json()).error]).toEqual([400, 'invalid_token'])
  })

  test('an unknown column is answered as null and a computed one cannot be filtered', async () => {
    const { url } = await setup()
    const [page] = await sweep(url, '&select_cols=["id","gpu_utl"]')
    expect(page?.instances[0]).toEqual({ id: 9100001, gpu_utl: null })
    const response = await fetch(`${url}/vast/api/v1/instances/?select_filters={"num_gpus":{"gte":1}}`, KEY)
    expect(response.status).toBe(400)
  })
})

describe('identity', () => {
  test.each([
    ['no key', undefined, 401],
    ['a wrong key', 'Bearer nobody', 401],
    ['a key without the scope', 'Bearer simulated-user', 403],
    ['a key with the scope', 'Bearer simulated-read', 200],
  ])('%s', async (_, authorization, status) => {
    const { url } = await setup()
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    expect((await fetch(`${url}/vast/api/v1/instances/`, { headers })).status).toBe(status)
  })

  test('calls that come too early meet a plain-text 429 without Retry-After', async () => {
    const { url } = await setup({ world: { rateLimitFactor: 1 } })
    await fetch(`${url}/vast/api/v1/instances/`, KEY)
    const second = await fetch(`${url}/vast/api/v1/instances/`, KEY)
    expect(second.status).toBe(429)
    expect(second.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(second.headers.has('retry-after')).toBe(false)
    expect(await second.text()).toBe('API requests too frequent: endpoint threshold=1.0')
    const other = await fetch(`${url}/vast/api/v0/users/current/`, KEY)
    expect(other.status).toBe(200)
  })
})

describe('how troubles look from the provider', () => {
  const target = { instances: [1] }
  test.each([
    ['a lost host', { event: 'host-loss', target: { instances: [1] } }, { actual_status: 'offline' }],
    [
      'a stranded instance',
      { event: 'instance-stranded', target },
      { actual_status: 'stopped', intended_status: 'running', cur_state: 'stopped' },
    ],
    [
      'a zero frame',
      { event: 'telemetry-zero', alternate: false, target },
      { gpu_util: 0, gpu_temp: 0, vmem_usage: 0 },
    ],
    ['an unknown disk', { event: 'instance-disk', share: null, target }, { disk_usage: -1, disk_util: -1 }],
    ['a full disk', { event: 'instance-disk', share: 0.97, target }, { disk_usage: 213.4, disk_util: 0.97 }],
    [
      'a provisioning instance',
      { event: 'instance-status', status: null, target },
      { actual_status: null, gpu_util: null },
    ],
    ['unreadable fields', { event: 'instance-unreadable', target }, { gpu_temp: null, ports: null }],
    ['an outbid instance', { event: 'instance-outbid', target }, { actual_status: 'stopped', is_bid: true }],
  ])('%s', async (_, event, row) => {
    const { url, at } = await setup({ timeline: [{ at: '10s', ...event }] })
    at(20_000)
    expect(await only(url, 9100001)).toMatchObject(row)
  })

  test('a stopped instance keeps the readings of its last moment', async () => {
    const { url, at } = await setup({
      timeline: [{ at: '10s', event: 'instance-status', status: 'stopped', target }],
    })
    at(9_999)
    const before = await only(url, 9100001)
    at(900_000)
    expect(await only(url, 9100001)).toMatchObject({
      actual_status: 'stopped',
      gpu_util: before.gpu_util,
      gpu_temp: before.gpu_temp,
    })
  })

  test('a flapping instance leaves running for single looks and goes on working', async () => {
    const { url, at } = await setup({ timeline: [{ at: '0s', event: 'instance-flap', target }] })
    const seen: unknown[] = []
    for (const offsetMs of [5_000, 30_000, 65_000, 90_000]) {
      at(offsetMs)
      seen.push((await only(url, 9100001)).actual_status)
    }
    expect(seen).toEqual(['offline', 'running', 'offline', 'running'])
    expect((await fetch(`${url}/llama/9100001/health`)).status).toBe(200)
  })

  test('exhausted credit stops every instance that should run', async () => {
    const { url, at } = await setup({ timeline: [{ at: '1m', event: 'credit', usd: 0 }] })
    at(61_000)
    const [page] = await sweep(url)
    expect(
      page?.instances.every((row) => row.actual_status === 'stopped' && row.intended_status === 'running'),
    ).toBe(true)
  })
})

describe('actions', () => {
  test('stop and start change the world', async () => {
    const { url, at } = await setup()
    expect(await (await put(url, '9100001', { state: 'stopped' })).json()).toEqual({ success: true })
    expect(await only(url, 9100001)).toMatchObject({ actual_status: 'stopped', intended_status: 'stopped' })
    await put(url, '9100001', { state: 'running' })
    at(30_000)
    expect(await only(url, 9100001)).toMatchObject({ actual_status: 'running', intended_status: 'running' })
  })

  test('starting a stranded instance answers success false at 200', async () => {
    const { url } = await setup({
      timeline: [{ at: '0s', event: 'instance-stranded', target: { instances: [2] } }],
    })
    const response = await put(url, '9100002', { state: 'running' })
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { success: false, error: 'resources_unavailable' },
    ])
  })

  test('a reboot revives wedged workers', async () => {
    const { url, at } = await setup({
      timeline: [{ at: '0s', event: 'workers-stopped', state: 'FATAL', target: { instances: [1] } }],
    })
    const worker = async (): Promise<unknown> => {
      const all: { workers: Record<string, string> }[] = await (
        await fetch(`${url}/control/instances`)
      ).json()
      return all[0]?.workers['worker-gpu']
    }
    expect(await worker()).toBe('FATAL')
    await put(url, 'reboot/9100001', {})
    at(40_000)
    expect(await worker()).toBe('RUNNING')
  })

  test('a label is kept and one that is too long is refused', async () => {
    const { url } = await setup()
    await put(url, '9100003', { label: 'spare' })
    expect((await only(url, 9100003)).label).toBe('spare')
    expect((await put(url, '9100003', { label: 'x'.repeat(1025) })).status).toBe(400)
  })
})
