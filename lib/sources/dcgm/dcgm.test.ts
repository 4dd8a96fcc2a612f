import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import type { Http } from '../../platform/http-types'
import { type LocalServer, plain, startLocalServer } from '../../platform/testing/local-server'
import { createPrometheus } from '../prometheus/prometheus'
import { createDcgm } from './dcgm'
import { instanceIdOf } from './inventory'
import type { Dcgm, DcgmSweep } from './types'

const t0 = new Date('2026-11-21T10:00:00Z')
const later = (seconds: number): Date => new Date(t0.getTime() + seconds * 1000)
let server: LocalServer
let http: Http

beforeAll(async () => {
  server = await startLocalServer()
  http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: systemClock })
})
afterAll(async () => {
  await http.close()
  await server.close()
})

type Card = {
  readonly uuid: string
  readonly host: string
  readonly index: number
  readonly values: Readonly<Record<string, number>>
}

/** Speaks as Prometheus does: instant vectors with values as text. */
function serve(
  cards: readonly Card[],
  options: { readonly without?: string } = {},
): { readonly asked: string[] } {
  const asked: string[] = []
  server.answer((request, response, body) => {
    const query = new URLSearchParams(body).get('query') ?? ''
    asked.push(query.slice(0, 12))
    const result = resultOf(query, cards)
    const text = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } })
    if (options.without !== undefined && query.includes(options.without))
      plain('broken', 500)(request, response, body)
    else response.writeHead(200, { 'content-type': 'application/json' }).end(text)
  })
  return { asked }
}

function resultOf(query: string, cards: readonly Card[]): unknown[] {
  const at = t0.getTime() / 1000
  if (query.includes('timestamp('))
    return [...new Set(cards.map(({ host }) => host))].map((hostname) => ({
      metric: { hostname },
      value: [at, String(at - 7)],
    }))
  if (query.includes('modelName'))
    return cards.map(({ uuid, host, index }) => ({
      metric: { UUID: uuid, gpu: String(index), hostname: host, modelName: 'NVIDIA L40S' },
      value: [at, '1'],
    }))
  return cards.flatMap(({ uuid, values }) =>
    Object.entries(values)
      .filter(([name]) => query.includes(name))
      .map(([name, value]) => ({ metric: { UUID: uuid, __name__: name }, value: [at, String(value)] })),
  )
}

const GOOD = {
  DCGM_FI_DEV_GPU_UTIL: 70,
  DCGM_FI_DEV_GPU_TEMP: 61,
  DCGM_FI_DEV_FB_USED: 20_000,
  DCGM_FI_DEV_FB_FREE: 25_000,
  DCGM_FI_DEV_POWER_USAGE: 250,
  DCGM_FI_DEV_XID_ERRORS: 0,
}
const card = (uuid: string, change: object = {}, host = 'C.9100001'): Card => ({
  uuid,
  host,
  index: 0,
  values: { ...GOOD, ...change },
})

function adapter(): Dcgm {
  return createDcgm({ prometheus: createPrometheus({ http, clock: systemClock, baseUrl: server.url }) })
}

async function sweep(dcgm: Dcgm, now: Date): Promise<DcgmSweep> {
  const answer = await dcgm.sweep(now)
  if (!answer.ok) throw new Error(answer.detail)
  return answer.value
}

describe('a sweep', () => {
  it('asks once for each hot metric and keeps the inventory for a minute', async () => {
    const { asked } = serve([card('a')])
    const dcgm = adapter()
    await sweep(dcgm, t0)
    expect(asked).toHaveLength(9)
    await sweep(dcgm, later(15))
    await sweep(dcgm, later(45))
    expect(asked).toHaveLength(23)
    await sweep(dcgm, later(60))
    expect(asked).toHaveLength(32)
  })

  it('looks at once where a GPU sits that it has not seen before', async () => {
    serve([card('a')])
    const dcgm = adapter()
    await sweep(dcgm, t0)
    serve([card('a'), card('b', {}, 'C.42')])
    const { gpus } = await sweep(dcgm, later(5))
    expect(gpus.map(({ uuid, instanceId }) => [uuid, instanceId])).toEqual([
      ['a', '9100001'],
      ['b', '42'],
    ])
  })

  it('does not look again at every sweep for a GPU that no label places', async () => {
    const { asked } = serve([card('a'), card('x', {}, 'some-node')])
    const dcgm = adapter()
    const first = await sweep(dcgm, t0)
    await sweep(dcgm, later(5))
    await sweep(dcgm, later(10))
    expect(first.unplaced).toBe(1)
    expect(asked).toHaveLength(23)
  })

  it('carries the sample’s own time', async () => {
    serve([card('a')])
    const { gpus, sampledAt } = await sweep(adapter(), t0)
    expect(sampledAt.get('9100001')).toEqual(later(-7))
    expect(gpus[0]?.tempC).toMatchObject({ observedAt: t0, sampleAt: later(-7) })
  })

  it('lists a silent GPU as missing, and forgets it after a quarter of an hour', async () => {
    serve([card('a'), card('b')])
    const dcgm = adapter()
    await sweep(dcgm, t0)
    serve([card('a')])
    const soon = await sweep(dcgm, later(15))
    expect(soon.gpus.map(({ uuid }) => uuid)).toEqual(['a'])
    expect(soon.missing).toEqual([{ instanceId: '9100001', index: 0, uuid: 'b', lastSeenAt: t0 }])
    await sweep(dcgm, later(901))
    expect((await sweep(dcgm, later(916))).missing).toEqual([])
  })

  it('keeps the last value of a single series that vanishes, with its time', async () => {
    serve([card('a')])
    const dcgm = adapter()
    await sweep(dcgm, t0)
    serve([{ ...card('a'), values: { DCGM_FI_DEV_XID_ERRORS: 79 } }])
    await sweep(dcgm, later(15))
    const { gpus } = await sweep(dcgm, later(30))
    expect(gpus[0]?.tempC).toMatchObject({
      kind: 'unknown',
      why: 'field_absent',
      since: t0,
      last: { value: 61, observedAt: t0 },
    })
    expect(gpus[0]?.xid).toMatchObject({ kind: 'known', value: 79 })
  })

  it.each([
    ['inventory', 'modelName', true],
    ['sample times', 'timestamp(', true],
    ['hot set', 'DCGM_FI_DEV_GPU_UTIL', false],
  ])('without the %s: known GPUs go on = %s', async (_name, without, goesOn) => {
    serve([card('a')])
    const dcgm = adapter()
    await sweep(dcgm, t0)
    serve([card('a')], { without })
    const answer = await dcgm.sweep(later(60))
    expect(answer.ok).toBe(goesOn)
    if (answer.ok) expect(answer.drift).toHaveLength(1)
  })
})

describe('the XID gauge', () => {
  it('has no time for a code that stood there at the first look', async () => {
    serve([card('a', { DCGM_FI_DEV_XID_ERRORS: 31 })])
    expect((await sweep(adapter(), t0)).gpus[0]?.xidSince).toBeUndefined()
  })

  it('has the time of the first sweep that saw a code appear or change', async () => {
    const dcgm = adapter()
    const since: (Date | undefined)[] = []
    for (const [seconds, code] of [
      [0, 0],
      [15, 31],
      [30, 31],
      [45, 79],
      [60, 0],
      [75, 79],
    ] as const) {
      serve([card('a', { DCGM_FI_DEV_XID_ERRORS: code })])
      since.push((await sweep(dcgm, later(seconds))).gpus[0]?.xidSince)
    }
    expect(since).toEqual([undefined, later(15), later(15), later(45), undefined, later(75)])
  })
})

describe('a value', () => {
  it.each<[string, object, 'tempC' | 'utilPercent' | 'vramUsedMib' | 'powerW' | 'xid', unknown]>([
    ['of 0 % is zero', { DCGM_FI_DEV_GPU_UTIL: 0 }, 'utilPercent', 0],
    ['of 0 °C is a sensor that was not read', { DCGM_FI_DEV_GPU_TEMP: 0 }, 'tempC', 'sentinel'],
    [
      'that is the blank of an old exporter is none',
      { DCGM_FI_DEV_FB_USED: 9.2e18 },
      'vramUsedMib',
      'sentinel',
    ],
    ['of NaN is absent', { DCGM_FI_DEV_POWER_USAGE: Number.NaN }, 'powerW', 'not_supported'],
    ['that is infinite is none', { DCGM_FI_DEV_POWER_USAGE: Number.POSITIVE_INFINITY }, 'powerW', 'sentinel'],
    ['below zero is none', { DCGM_FI_DEV_GPU_UTIL: -1 }, 'utilPercent', 'sentinel'],
  ])('%s', async (_name, change, field, expected) => {
    serve([card('a', change)])
    const reading = (await sweep(adapter(), t0)).gpus[0]?.[field]
    expect(reading?.kind === 'known' ? reading.value : reading?.why).toBe(expected)
  })
})

describe('the instance', () => {
  it.each<[Record<string, string>, string | undefined, string | undefined]>([
    [{ hostname: 'C.123' }, undefined, '123'],
    [{ Hostname: 'C.123' }, undefined, '123'],
    [{ vast_instance_id: '55', hostname: 'C.123' }, undefined, '55'],
    [{ hostname: 'node-1' }, undefined, undefined],
    [{ hostname: 'node-1', rental: 'abc' }, 'rental', 'abc'],
    [{ hostname: 'C.123', rental: '' }, 'rental', '123'],
    [{ hostname: 'C.123x' }, undefined, undefined],
    [{ vast_instance_id: 'DROP' }, undefined, undefined],
    [{}, undefined, undefined],
  ])('of labels %j with %s is %s', (labels, label, expected) => {
    expect(instanceIdOf(labels, label)).toBe(expected)
  })
})

it('a sweep of 10,000 GPUs is read whole', async () => {
  const cards = Array.from(
    { length: 10_000 },
    (_, number): Card => ({
      uuid: `GPU-${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`,
      host: `C.${9_100_000 + Math.floor(number / 5)}`,
      index: number % 5,
      values: GOOD,
    }),
  )
  serve(cards)
  const dcgm = adapter()
  await sweep(dcgm, t0)
  const hot = new Map(
    Object.keys(GOOD).map((name) => [
      name,
      Buffer.from(
        JSON.stringify({
          status: 'success',
          data: { resultType: 'vector', result: resultOf(`(${name})`, cards) },
        }),
      ),
    ]),
  )
  const times = Buffer.from(
    JSON.stringify({
      status: 'success',
      data: { resultType: 'vector', result: resultOf('timestamp(', cards) },
    }),
  )
  server.answer((_request, response, body) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(
        body.includes('timestamp')
          ? times
          : hot.get(/\((DCGM_\w+)\)/.exec(decodeURIComponent(body))?.[1] ?? ''),
      )
  })
  const costs: number[] = []
  for (let round = 1; round <= 5; round += 1) {
    const before = process.cpuUsage()
    const { gpus } = await sweep(dcgm, later(round * 5))
    const { user, system } = process.cpuUsage(before)
    costs.push((user + system) / 1000)
    expect(gpus).toHaveLength(10_000)
  }
  const best = Math.min(...costs)
  process.stdout.write(
    `10,000 GPUs, ${([...hot.values()].reduce((sum, each) => sum + each.length, 0) / 1e6).toFixed(1)} MB: ${costs.map((ms) => ms.toFixed(0)).join(', ')} ms CPU a sweep, server's share included\n`,
  )
  // A bound against a mistake of order, not a benchmark: machines and their load differ.
  expect(best).toBeLessThan(2000)
})
