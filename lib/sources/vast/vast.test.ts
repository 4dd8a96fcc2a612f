import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { steppedClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import type { Http } from '../../platform/http-types'
import { json, type LocalServer, plain, startLocalServer } from '../../platform/testing/local-server'
import type { FieldContext } from '../parse'
import { parseInstance } from './instance'
import type { VastInstance } from './types'
import { createVast } from './vast'

const t0 = new Date('2026-11-21T10:00:00Z')
const clock = steppedClock(t0)
let server: LocalServer
let http: Http

beforeAll(async () => {
  server = await startLocalServer()
  http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock })
})
afterAll(async () => {
  await http.close()
  await server.close()
})

const RUNNING = {
  id: 9100001,
  machine_id: 5501,
  host_id: 77,
  label: 'gpu-worker',
  actual_status: 'running',
  intended_status: 'running',
  cur_state: 'running',
  next_state: 'running',
  status_msg: 'success, running registry.example/worker:stable',
  image_uuid: 'registry.example/worker:stable',
  gpu_name: 'RTX_4090',
  num_gpus: 2,
  gpu_util: 83,
  gpu_temp: 71,
  gpu_ram: 24_564,
  gpu_totalram: 49_128,
  vmem_usage: 17.5,
  mem_usage: 15.71815424,
  mem_limit: 62.9,
  cpu_util: 160,
  cpu_cores_effective: 16,
  disk_space: 80,
  disk_usage: 33.2,
  disk_util: 0.415,
  dph_total: 0.42,
  storage_total_cost: 0.002,
  is_bid: false,
  reliability2: 0.9951,
  verification: 'verified',
  start_date: 1_790_000_000.1,
  end_date: 1_799_000_000,
  public_ipaddr: '198.51.100.7\n',
  ssh_host: 'ssh5.vast.ai',
  ssh_port: 21_000,
  geolocation: 'Finland, FI',
  ports: { '22/tcp': [{ HostIp: '0.0.0.0', HostPort: '41022' }] },
  extra_env: [
    ['WORKER_ROLE', 'gpu'],
    ['API_TOKEN', 'env-value-that-is-secret'],
    ['-p 22:22', '1'],
  ],
  onstart: 'export TOKEN=onstart-secret-value; entrypoint.sh',
  jupyter_token: 'jupyter-secret-value',
}

function frame(): FieldContext {
  return { source: 'vast', at: t0, drift: [] }
}

function parse(change: object = {}): { readonly instance: VastInstance; readonly drift: readonly string[] } {
  const context = frame()
  const instance = parseInstance({ ...RUNNING, ...change }, context)
  if (!instance) throw new Error('no instance')
  return { instance, drift: context.drift }
}

function brief(reading: { kind: string; value?: unknown; why?: string }): unknown {
  return reading.kind === 'known' ? reading.value : reading.why
}

describe('a running instance', () => {
  it('is read with every unit put right', () => {
    const { instance, drift } = parse()
    expect(drift).toEqual([])
    expect(instance).toMatchObject({
      id: '9100001',
      machineId: '5501',
      hostId: '77',
      gpuModel: 'RTX 4090',
      gpuCount: 2,
      region: 'Finland, FI',
      publicAddress: '198.51.100.7',
      ports: [{ containerPort: '22/tcp', hostPort: 41_022 }],
      endsAt: new Date(1_799_000_000_000),
      interruptible: false,
    })
    expect(brief(instance.vramUsedMib)).toBe(17_920)
    expect(brief(instance.memoryUsedGib)).toBeCloseTo(14.99, 2)
    expect(brief(instance.cpuPercent)).toBe(10)
    expect(brief(instance.diskUsedShare)).toBe(0.415)
    expect(brief(instance.reliabilityPercent)).toBeCloseTo(99.51)
    expect(brief(instance.probe)).toBe('not_evaluated')
  })

  it('carries no script, token or environment value', () => {
    const text = JSON.stringify(parse().instance)
    expect(text).not.toMatch(/secret/)
    expect(parse().instance.envNames).toEqual(['WORKER_ROLE', 'API_TOKEN'])
  })
})

describe('telemetry', () => {
  it.each<[string, object, Record<string, unknown>]>([
    ['of a real idle GPU stays 0', { gpu_util: 0 }, { gpuUtilPercent: 0, gpuTempC: 71 }],
    [
      'of an all-zero frame is no measurement',
      { gpu_util: 0, gpu_temp: 0, vmem_usage: 0 },
      { gpuUtilPercent: 'sentinel', gpuTempC: 'sentinel', vramUsedMib: 'sentinel' },
    ],
    [
      'of a frame with 0 °C is none, whatever else it says',
      { gpu_util: 44, gpu_temp: 0 },
      { gpuUtilPercent: 'sentinel', vramUsedMib: 'sentinel' },
    ],
    [
      'of a stopped instance is left over',
      { actual_status: 'stopped' },
      { gpuUtilPercent: 'not_evaluated', gpuTempC: 'not_evaluated', vramUsedMib: 'not_evaluated' },
    ],
    [
      'of an instance that is being made is left over',
      { actual_status: null },
      { actual: 'field_null', gpuUtilPercent: 'not_evaluated' },
    ],
    [
      'of null is unknown',
      { gpu_util: null, gpu_temp: null },
      { gpuUtilPercent: 'field_null', gpuTempC: 'field_null' },
    ],
    ['that is absent is unknown', { gpu_temp: undefined }, { gpuTempC: 'field_absent', gpuUtilPercent: 83 }],
    ['above 100 % is no percentage', { gpu_util: 250 }, { gpuUtilPercent: 'sentinel' }],
    ['that is a text is drift', { gpu_util: 'high' }, { gpuUtilPercent: 'schema_mismatch' }],
    ['of the disk with −1 comes from its gigabytes', { disk_util: -1 }, { diskUsedShare: 33.2 / 80 }],
    [
      'of the disk without either is unknown',
      { disk_util: -1, disk_usage: -1 },
      { diskUsedShare: 'sentinel' },
    ],
    ['of the disk that disagrees is unknown', { disk_util: 33.2 }, { diskUsedShare: 'schema_mismatch' }],
    ['of the CPU without cores is unknown', { cpu_cores_effective: null }, { cpuPercent: 'field_absent' }],
    [
      'of the price that is missing is unknown, not free',
      { dph_total: null },
      { dollarsPerHour: 'field_null' },
    ],
  ])('%s', (_name, change, expected) => {
    const { instance } = parse(change)
    const got = Object.fromEntries(
      Object.keys(expected).map((key) => [key, brief(instance[key as 'gpuTempC'])]),
    )
    expect(got).toEqual(expected)
  })

  it('of a wrong type is counted once by field', () => {
    expect(parse({ gpu_util: 'high' }).drift).toEqual(['vast.gpu_util'])
  })

  it.each(Object.keys(RUNNING).filter((key) => key !== 'id'))(
    'with %s nulled, absent or of another type never throws',
    (key) => {
      for (const value of [null, undefined, 'x', -1, {}, [], true, Number.NaN])
        expect(parse({ [key]: value }).instance.id).toBe('9100001')
    },
  )
})

describe('the calls', () => {
  const vast = () => createVast({ http, clock, baseUrl: `${server.url}/`, apiKey: 'test-key-0123456789' })

  it('page sends limit and cursor, and the key in the header only', async () => {
    server.answer(
      json({
        success: true,
        instances_found: 1,
        total_instances: 30,
        next_token: 'n2',
        instances: [RUNNING],
      }),
    )
    const answer = await vast().page({ afterToken: 'n1' })
    expect(answer).toMatchObject({ ok: true, value: { nextToken: 'n2', found: 1, total: 30, unreadable: 0 } })
    const request = server.requests.at(-1)
    expect(request?.path).toBe('/api/v1/instances/?limit=25&after_token=n1')
    expect(request?.headers.authorization).toBe('Bearer test-key-0123456789')
  })

  it('page counts entries that it cannot read instead of dropping them silently', async () => {
    server.answer(
      json({
        success: true,
        instances_found: 3,
        total_instances: 3,
        next_token: null,
        instances: [RUNNING, { label: 'no id' }, 7],
      }),
    )
    const answer = await vast().page({ afterToken: null })
    expect(answer).toMatchObject({ ok: true, value: { unreadable: 2 }, drift: ['vast.instances'] })
  })

  it.each<[string, object | string, number, string]>([
    ['200 with success false', { success: false, error: 'invalid_args', msg: 'No.' }, 200, 'source_error'],
    [
      '200 with an auth error',
      { success: false, error: 'auth_error', msg: 'Invalid user key' },
      200,
      'source_refused',
    ],
    ['429 in plain text', 'API requests too frequent: endpoint threshold=1.0', 429, 'rate_limited'],
    ['429 as JSON', { detail: 'API requests too frequent endpoint threshold=1.0' }, 429, 'rate_limited'],
    ['401', { success: false, error: 'auth_error', msg: 'Invalid user key' }, 401, 'source_refused'],
    ['400 for a cursor', { success: false, error: 'invalid_token', msg: 'bad token' }, 400, 'source_error'],
    ['483', { msg: 'invalid JSON body' }, 483, 'source_error'],
  ])('%s becomes its reason, with the provider’s words', async (_name, body, status, why) => {
    server.answer(typeof body === 'string' ? plain(body, status) : json(body, status))
    const answer = await vast().page({ afterToken: null })
    expect(answer).toMatchObject({ ok: false, why })
    expect(answer.ok ? '' : answer.detail).toMatch(
      /No\.|Invalid user key|too frequent|bad token|invalid JSON/,
    )
  })

  it.each<[string, ReturnType<typeof json>, unknown]>([
    ['null under the plural key is "does not exist"', json({ instances: null }), { ok: true, value: null }],
    [
      '404 with no_such_instance is "does not exist"',
      json({ success: false, error: 'no_such_instance', msg: 'x' }, 404),
      { ok: true, value: null },
    ],
    [
      '404 of an expired session says nothing about it',
      json({ error: 'auth', msg: 'Session expired' }, 404),
      { ok: false },
    ],
    ['404 of a proxy says nothing about it', plain('404 page', 404), { ok: false }],
    ['an object is the instance', json({ instances: RUNNING }), { ok: true, value: { id: '9100001' } }],
  ])('instance: %s', async (_name, handler, expected) => {
    server.answer(handler)
    expect(await vast().instance('9100001')).toMatchObject(expected as object)
  })

  it('credit keeps the money and nothing else', async () => {
    server.answer(
      json({
        credit: 12.5,
        balance: -3,
        email: 'person@example.com',
        ssh_key: 'ssh-rsa AAAA',
        can_pay: true,
      }),
    )
    const answer = await vast().credit()
    expect(answer).toMatchObject({ ok: true, value: { creditDollars: { kind: 'known', value: 12.5 } } })
    expect(JSON.stringify(answer)).not.toMatch(/person@|ssh-rsa/)
  })

  it('"test now" names the missing scope when only the credit is refused', async () => {
    server.answer((request, response, body) => {
      const handler = request.url?.includes('users')
        ? plain('Forbidden', 403)
        : json({
            success: true,
            instances_found: 1,
            total_instances: 1,
            next_token: null,
            instances: [RUNNING],
          })
      handler(request, response, body)
    })
    const verdict = await vast().test()
    expect(verdict).toMatchObject({ ok: false })
    expect(verdict.repair).toContain('user_read')
  })
})
