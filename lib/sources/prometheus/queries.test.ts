import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { steppedClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import { createDcgm } from '../dcgm/dcgm'
import type { DcgmGpu } from '../dcgm/types'
import { hasProgram } from '../testing/programs'
import { type RealServer, startPrometheus } from '../testing/real-prometheus'
import { createPrometheus } from './prometheus'
import { API_QUERIES, allQueries, dcgmQueries, gpuHistoryQuery, SERIES_QUERIES } from './queries'

const t0 = new Date('2026-11-20T10:00:00Z')
const STEP_S = 15
const STEPS = 120
const hasPrometheus = hasProgram('prometheus') && hasProgram('promtool')

type Series = {
  readonly labels: string
  /** at gives the value `ago` steps before t0; undefined where there is no sample. */
  readonly at: (ago: number) => number | undefined
}

/** Counters grow by `perStep` and stood at `start` half an hour ago. */
const counter =
  (perStep: number, start = 1000) =>
  (ago: number) =>
    start + (STEPS - ago) * perStep
const constant = (value: number) => () => value
const since = (steps: number, value: number) => (ago: number) => (ago <= steps ? value : undefined)

const INTEGRATION = 'job="integration",instance="integration:8080"'
const bucket = (le: string, share: number): Series => ({
  labels: `${INTEGRATION},route="/x",le="${le}"`,
  at: counter(100 * share, 10_000 * share),
})

function gpu(labels: string, at: Series['at']): Series {
  return {
    labels: `job="dcgm",modelName="NVIDIA H100 80GB HBM3",pci_bus_id="00000000:01:00.0",${labels}`,
    at,
  }
}

const GPU_A = 'UUID="GPU-a",gpu="0",hostname="C.9100001",instance="C.9100001:9400"'
const GPU_B = 'UUID="GPU-b",gpu="1",hostname="C.9100001",instance="C.9100001:9400"'
const GPU_C = 'UUID="GPU-c",gpu="0",Hostname="C.9100002",instance="C.9100002:9400"'
const GPU_D = 'UUID="GPU-d",gpu="3",hostname="node-7",vast_instance_id="777",instance="node-7:9400"'
const late = (value: number) => (ago: number) => (ago >= 4 ? value : undefined)

const FAMILIES: Readonly<Record<string, readonly Series[]>> = {
  up: [
    { labels: INTEGRATION, at: constant(1) },
    { labels: 'job="dcgm",instance="C.9100001:9400"', at: constant(1) },
    { labels: 'job="dcgm",instance="C.9100009:9400"', at: constant(0) },
  ],
  vastai_errors_total: [
    { labels: `${INTEGRATION},status="500"`, at: counter(5) },
    { labels: `${INTEGRATION},status="429"`, at: constant(7) },
    { labels: `${INTEGRATION},status="401"`, at: since(2, 3) },
  ],
  vastai_request_duration_seconds_count: [{ labels: `${INTEGRATION},route="/x"`, at: counter(100, 10_000) }],
  vastai_request_duration_seconds_bucket: [
    bucket('0.1', 0.5),
    bucket('0.5', 0.9),
    bucket('1', 0.98),
    bucket('5', 1),
    bucket('+Inf', 1),
  ],
  process_resident_memory_bytes: [{ labels: INTEGRATION, at: constant(300e6) }],
  process_memory_limit_bytes: [{ labels: INTEGRATION, at: constant(400e6) }],
  process_cpu_seconds_total: [{ labels: INTEGRATION, at: counter(6) }],
  DCGM_FI_DEV_GPU_UTIL: [
    gpu(GPU_A, constant(70)),
    gpu(GPU_B, constant(0)),
    gpu(GPU_C, late(40)),
    gpu(GPU_D, constant(99)),
  ],
  DCGM_FI_DEV_GPU_TEMP: [
    gpu(GPU_A, constant(61)),
    gpu(GPU_B, constant(30)),
    gpu(GPU_C, late(55)),
    gpu(GPU_D, constant(88)),
  ],
  DCGM_FI_DEV_FB_USED: [gpu(GPU_A, constant(51_000)), gpu(GPU_B, constant(3)), gpu(GPU_D, constant(9.2e18))],
  DCGM_FI_DEV_FB_FREE: [gpu(GPU_A, constant(30_000))],
  DCGM_FI_DEV_XID_ERRORS: [
    gpu(GPU_A, constant(0)),
    gpu(GPU_B, (ago) => (ago > 40 ? 0 : 79)),
    gpu(GPU_C, late(31)),
  ],
  DCGM_FI_DEV_ROW_REMAP_FAILURE: [gpu(GPU_A, constant(1))],
  DCGM_FI_DEV_CLOCK_THROTTLE_REASONS: [gpu(GPU_A, constant(0x44))],
  DCGM_FI_DEV_MEMORY_TEMP: [gpu(GPU_A, constant(77)), gpu(GPU_B, constant(0))],
}

function openMetrics(): string {
  const lines: string[] = []
  for (const [name, series] of Object.entries(FAMILIES)) {
    lines.push(`# TYPE ${name} unknown`)
    for (const { labels, at } of series)
      for (let ago = STEPS; ago >= 0; ago -= 1) {
        const value = at(ago)
        if (value !== undefined)
          lines.push(`${name}{${labels}} ${value} ${t0.getTime() / 1000 - ago * STEP_S}`)
      }
  }
  return `${lines.join('\n')}\n# EOF\n`
}

describe.runIf(hasPrometheus)('against a real Prometheus (needs prometheus)', () => {
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: steppedClock(t0) })
  let server: RealServer
  const prometheus = (): ReturnType<typeof createPrometheus> =>
    createPrometheus({ http, clock: steppedClock(t0), baseUrl: server.url })

  beforeAll(async () => {
    server = await startPrometheus(openMetrics())
  })
  afterAll(async () => {
    await http.close()
    await server.stop()
  })

  it.each<[keyof typeof API_QUERIES, number]>([
    ['serverErrorsPerMinute', 20],
    ['authErrorsPerMinute', 1.5],
    ['rateLimitedPerMinute', 0],
    ['errorRatioPercent', 5],
    ['latencyMsP95', 812.5],
    ['latencyMsP99', 3000],
    ['requestsPerMinute', 400],
    ['memorySharePercent', 75],
    ['cpuPercent', 40],
  ])('%s is %d', async (name, expected) => {
    const answer = await prometheus().value(API_QUERIES[name].expr, { at: t0, unit: API_QUERIES[name].unit })
    if (!answer.ok || answer.value.kind !== 'known') throw new Error(JSON.stringify(answer))
    expect(answer.value.value).toBeCloseTo(expected, 6)
  })

  it('every number of the API has its own expected value here', () => {
    expect(Object.keys(API_QUERIES)).toHaveLength(9)
  })

  it.each(Object.keys(API_QUERIES))('%s is absent, not zero, while nothing is scraped', async (name) => {
    const query = API_QUERIES[name as keyof typeof API_QUERIES]
    const answer = await prometheus().value(query.expr, { at: new Date(t0.getTime() + 86_400_000) })
    expect(answer).toMatchObject({ ok: true, value: { kind: 'unknown', why: 'field_absent' } })
  })

  it('a first 401 counts as soon as its series is born', async () => {
    const { expr } = API_QUERIES.authErrorsPerMinute
    const at = async (offsetS: number): Promise<unknown> => {
      const answer = await prometheus().value(expr, { at: new Date(t0.getTime() + offsetS * 1000) })
      return answer.ok && answer.value.kind === 'known' ? answer.value.value : answer
    }
    expect(await at(-45)).toBe(0)
    expect(await at(-30)).toBe(1.5)
  })

  it('errors by status are one series each', async () => {
    const answer = await prometheus().query(SERIES_QUERIES.errorsByStatus.expr, { at: t0 })
    const found =
      answer.ok &&
      answer.value.map(({ labels, value }) => [
        labels.status,
        value.kind === 'known' && Math.round(value.value),
      ])
    expect(found).toEqual(
      expect.arrayContaining([
        ['500', 20],
        ['429', 0],
      ]),
    )
  })

  it('up lists every target with its answer', async () => {
    const answer = await prometheus().query(SERIES_QUERIES.up.expr, { at: t0 })
    expect(answer.ok && answer.value).toHaveLength(3)
  })

  it('a new XID is the one that changed, not the one that stands', async () => {
    const answer = await prometheus().query(dcgmQueries().newXid.expr, { at: t0 })
    expect(answer.ok && answer.value.map(({ labels }) => labels.UUID)).toEqual(['GPU-b'])
  })

  it('sample times are the samples’ own, also of a host whose exporter fell silent', async () => {
    const answer = await prometheus().query(dcgmQueries().sampleTimes.expr, { at: t0 })
    const times = answer.ok
      ? answer.value.map(({ labels, value }) => [
          labels.vast_instance_id ?? labels.hostname ?? labels.Hostname,
          value.kind === 'known' && value.value - t0.getTime() / 1000,
        ])
      : []
    expect(times).toEqual(
      expect.arrayContaining([
        ['C.9100001', 0],
        ['C.9100002', -60],
        ['777', 0],
      ]),
    )
  })

  it('the history of one GPU is a line per metric, without the others', async () => {
    const range = { start: new Date(t0.getTime() - 60_000), end: t0, stepSeconds: 15 }
    const answer = await prometheus().queryRange(gpuHistoryQuery('GPU-a').expr, range)
    const lines = answer.ok
      ? answer.value.map(({ labels, points }) => [labels.__name__, points.length, points[0]?.value])
      : []
    expect(lines).toEqual(
      expect.arrayContaining([
        ['DCGM_FI_DEV_GPU_UTIL', 5, 70],
        ['DCGM_FI_DEV_GPU_TEMP', 5, 61],
        ['DCGM_FI_DEV_FB_USED', 5, 51_000],
      ]),
    )
  })

  it('every shipped expression is understood', async () => {
    for (const { name, expr } of allQueries()) {
      const answer = await prometheus().query(expr, { at: t0 })
      expect({ name, ok: answer.ok }).toEqual({ name, ok: true })
    }
  })

  it('a wrong expression and a wrong label are answers, not throws', async () => {
    expect(await prometheus().query('sum(', { at: t0 })).toMatchObject({
      ok: false,
      why: 'source_error',
      status: 400,
    })
    expect(await prometheus().query('sum(1, 2', { at: t0 })).toMatchObject({
      detail: expect.stringContaining('bad_data'),
    })
    const tooMany = await prometheus().queryRange('up', { start: new Date(0), end: t0, stepSeconds: 1 })
    expect(tooMany).toMatchObject({ ok: false, why: 'source_error' })
  })

  it('alerts, rules and targets of an empty server are empty lists', async () => {
    const [alerts, rules, targets] = await Promise.all([
      prometheus().alerts(),
      prometheus().rules(),
      prometheus().targets(),
    ])
    expect([alerts, rules, targets].map((answer) => answer.ok && answer.value)).toEqual([[], [], []])
  })

  it('a sweep puts every GPU on its instance with honest readings', async () => {
    const real = prometheus()
    const then = {
      ...real,
      column: (expr: string, label: string, options = {}) => real.column(expr, label, { ...options, at: t0 }),
      vector: (expr: string, options = {}) => real.vector(expr, { ...options, at: t0 }),
    }
    const answer = await createDcgm({ prometheus: then }).sweep(t0)
    if (!answer.ok) throw new Error(answer.detail)
    const gpus = new Map(answer.value.gpus.map((one): [string, DcgmGpu] => [one.uuid, one]))
    const brief = (
      uuid: string,
      field:
        | 'utilPercent'
        | 'vramUsedMib'
        | 'vramTotalMib'
        | 'xid'
        | 'memoryTempC'
        | 'throttle'
        | 'remapFailed'
        | 'powerW',
    ): unknown => {
      const reading = gpus.get(uuid)?.[field]
      return reading?.kind === 'known' ? reading.value : reading?.why
    }
    expect([...gpus].map(([uuid, one]) => [uuid, one.instanceId, one.index])).toEqual(
      expect.arrayContaining([
        ['GPU-a', '9100001', 0],
        ['GPU-b', '9100001', 1],
        ['GPU-c', '9100002', 0],
        ['GPU-d', '777', 3],
      ]),
    )
    expect(brief('GPU-a', 'vramTotalMib')).toBe(81_000)
    expect(brief('GPU-a', 'throttle')).toEqual(['power-cap', 'hw-thermal'])
    expect(brief('GPU-a', 'remapFailed')).toBe(true)
    expect(brief('GPU-b', 'utilPercent')).toBe(0)
    expect(brief('GPU-b', 'xid')).toBe(79)
    expect(brief('GPU-b', 'memoryTempC')).toBe('not_supported')
    expect(brief('GPU-c', 'vramUsedMib')).toBe('not_supported')
    expect(brief('GPU-d', 'vramUsedMib')).toBe('sentinel')
    expect(brief('GPU-a', 'powerW')).toBe('not_supported')
    expect(gpus.get('GPU-c')?.utilPercent).toMatchObject({ sampleAt: new Date(t0.getTime() - 60_000) })
    expect(gpus.get('GPU-b')?.xidSince).toBeUndefined()
  })
})

describe('the catalogue', () => {
  it('has one name, unit and meaning for each expression', () => {
    const queries = allQueries()
    expect(new Set(queries.map(({ name }) => name)).size).toBe(queries.length)
    for (const { meaning } of queries) expect(meaning).toMatch(/^[A-Z].*\.$/)
  })

  it('refuses a UUID that could change the expression', () => {
    expect(() => gpuHistoryQuery('GPU-1"} or up{a="')).toThrow('Not a GPU UUID')
  })
})
