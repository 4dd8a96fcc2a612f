import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isInstalled, type RealPrometheus, startPrometheus, untilAnswer } from './real-prometheus'
import { Storage } from './series/storage'
import { type Steered, smallScenario, startWorld, T0_MS } from './testing'

const hasPrometheus = isInstalled('prometheus') && isInstalled('promtool')
const TIMELINE = [
  { at: '0s', event: 'gpu-xid', code: 31, target: { instances: [1], gpu: 0 } },
  { at: '3m', event: 'gpu-thermal', celsius: 93, target: { instances: [2], gpu: 0 } },
  { at: '5m', for: '5m', event: 'provider-errors', status: 503, share: 0.4 },
  { at: '8m', event: 'provider-errors', status: 429, share: 0.2, routes: ['instances'] },
  { at: '2m', event: 'latency', p95Ms: 900, p99Ms: 6000 },
]

type Answer = { status: string; errorType?: string; data: { resultType: string; result: unknown } }
type Row = { metric: Record<string, string>; value: [number, string] }

async function ask(base: string, query: string, timeMs: number): Promise<Answer> {
  const body = new URLSearchParams({ query, time: String(timeMs / 1000) })
  return (await fetch(`${base}/api/v1/query`, { method: 'POST', body })).json()
}

function isVector(answer: Answer): answer is Answer & { data: { result: Row[] } } {
  return answer.data?.resultType === 'vector'
}

function table(answer: Answer): Record<string, number> {
  if (!isVector(answer)) throw new Error(`not a vector: ${JSON.stringify(answer).slice(0, 200)}`)
  const sorted = (metric: Record<string, string>): string =>
    Object.entries(metric)
      .map(([label, value]) => `${label}=${value}`)
      .sort()
      .join(',')
  return Object.fromEntries(
    answer.data.result
      .map((row) => [sorted(row.metric), Number(row.value[1].replace('Inf', 'Infinity'))] as const)
      .sort(),
  )
}

function expectEqual(ours: Answer, theirs: Answer): void {
  expect(ours.status).toBe(theirs.status)
  const [left, right] = [table(ours), table(theirs)]
  expect(Object.keys(left)).toEqual(Object.keys(right))
  for (const [key, value] of Object.entries(right)) {
    if (Number.isFinite(value) && value !== 0)
      expect((left[key] ?? Number.NaN) / value, key).toBeCloseTo(1, 9)
    else expect(left[key], key).toBe(value)
  }
}

/** The samples that the simulated Prometheus claims to hold, as OpenMetrics text. */
function openMetrics(world: Steered, fromMs: number, toMs: number): string {
  const storage = new Storage(world.simulator.running().world)
  const matchers = [{ label: '__name__', meets: (name: string) => name !== '' }]
  const lines = storage.range(matchers, fromMs, toMs).flatMap((series) => {
    const labels = Object.entries(series.labels).map(([label, value]) => `${label}="${value}"`)
    return series.times.map(
      (timeMs, index) => `${series.name}{${labels.join(',')}} ${series.values[index]} ${timeMs / 1000}`,
    )
  })
  return `${lines.join('\n')}\n# EOF\n`
}

const UTIL = 'DCGM_FI_DEV_GPU_UTIL'
const QUERIES = [
  UTIL,
  `${UTIL}{gpu="0"}`,
  `${UTIL}{gpu!="0"}`,
  `${UTIL}{modelName=~".*(4090|L40S).*"}`,
  `${UTIL}{modelName!~".*4090.*"}`,
  `{__name__=~"DCGM_FI_DEV_(GPU_UTIL|GPU_TEMP)"}`,
  `${UTIL} offset 5m`,
  `absent(nothing_at_all{a="b"})`,
  `absent(${UTIL})`,
  `timestamp(${UTIL})`,
  `sum(${UTIL})`,
  `sum by (modelName) (${UTIL})`,
  `avg without (gpu, UUID, device, pci_bus_id) (${UTIL})`,
  `min by (instance) (${UTIL})`,
  `count by (__name__, job) ({__name__=~"DCGM.*"})`,
  `max by (__name__, UUID) ({__name__=~"DCGM_FI_DEV_GPU_UTIL|DCGM_FI_DEV_FB_USED"})`,
  `quantile by (hostname) (0.9, ${UTIL})`,
  `topk(3, DCGM_FI_DEV_FB_USED)`,
  `bottomk by (hostname) (1, DCGM_FI_DEV_POWER_USAGE)`,
  `${UTIL} > 70`,
  `${UTIL} > bool 70`,
  `50 < ${UTIL}`,
  `-${UTIL}`,
  `${UTIL} * 2 + 1`,
  `${UTIL} % 7 ^ 2`,
  'DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE)',
  'DCGM_FI_DEV_FB_USED / on (UUID) DCGM_FI_DEV_FB_FREE',
  'DCGM_FI_DEV_FB_USED / ignoring (gpu) DCGM_FI_DEV_FB_FREE',
  `${UTIL} * on (instance) group_left (job) up{job="dcgm"}`,
  `up{job="dcgm"} * on (instance) group_right () ${UTIL}`,
  `${UTIL} and on (UUID) (DCGM_FI_DEV_GPU_TEMP > 60)`,
  `${UTIL} unless on (UUID) (DCGM_FI_DEV_GPU_TEMP > 60)`,
  `(${UTIL} > 90) or (${UTIL} < 60)`,
  'rate(vastai_requests_total[5m])',
  'increase(vastai_errors_total[10m])',
  'irate(vastai_errors_total[2m])',
  'sum by (status) (rate(vastai_errors_total[5m]))',
  'sum(rate(vastai_errors_total{status=~"5.."}[1m])) * 60',
  'changes(DCGM_FI_DEV_XID_ERRORS[30m])',
  'delta(DCGM_FI_DEV_GPU_TEMP[5m])',
  'max_over_time(DCGM_FI_DEV_GPU_TEMP[10m])',
  'min_over_time(DCGM_FI_DEV_POWER_USAGE[10m])',
  'avg_over_time(DCGM_FI_DEV_GPU_UTIL[10m])',
  'count_over_time(DCGM_FI_DEV_GPU_UTIL[10m])',
  'last_over_time(DCGM_FI_DEV_GPU_UTIL[10m])',
  'rate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION[5m] offset 2m)',
  'histogram_quantile(0.95, sum by (le) (rate(vastai_request_duration_seconds_bucket[5m])))',
  'histogram_quantile(0.99, sum by (le, route) (rate(vastai_request_duration_seconds_bucket[5m])))',
  'histogram_quantile(0.5, vastai_request_duration_seconds_bucket)',
  'clamp_max(clamp_min(DCGM_FI_DEV_GPU_UTIL, 60), 80)',
  'abs(DCGM_FI_DEV_GPU_UTIL - 70)',
  'label_replace(up, "host", "$1", "instance", "([^:]+):.*")',
  'vector(scalar(sum(up)))',
  'vector(time())',
  '(1 + 2) * vector(3)',
]
const INSTANTS = [T0_MS + 900_000, T0_MS + 907_300, T0_MS + 391_001]

describe.runIf(hasPrometheus)(
  'the evaluator answers as a real Prometheus over the same samples (needs prometheus)',
  () => {
    let world: Steered
    let real: RealPrometheus
    beforeAll(async () => {
      world = await startWorld(smallScenario({ timeline: TIMELINE }))
      const samples = openMetrics(world, T0_MS - 1_800_000, T0_MS + 1_200_000)
      real = await startPrometheus({ config: 'global: {}\n', openMetrics: samples })
    })
    afterAll(async () => {
      await real?.close()
      await world?.simulator.close()
    })

    test.each(QUERIES)('%s', async (query) => {
      for (const timeMs of INSTANTS) {
        const ours = await ask(`${world.url}/prometheus`, query, timeMs)
        expectEqual(ours, await ask(real.url, query, timeMs))
      }
    })

    test.each([
      'sum(',
      'rate(up)',
      'up{',
      'nonsense(up)',
      'up +',
      '1 == 1',
      'sum(up, up)',
      '{a=""}',
      'up{a=~"("}',
    ])('refuses %s with the same kind of error', async (query) => {
      const [ours, theirs] = [
        await ask(`${world.url}/prometheus`, query, T0_MS),
        await ask(real.url, query, T0_MS),
      ]
      expect([ours.status, ours.errorType]).toEqual([theirs.status, theirs.errorType])
    })

    test('a range query gives the same points', async () => {
      const parameters = new URLSearchParams({
        query: 'sum by (status) (rate(vastai_errors_total[5m]))',
        start: String(T0_MS / 1000),
        end: String(T0_MS / 1000 + 900),
        step: '60',
      })
      const points = async (base: string): Promise<unknown> => {
        const answer = await (await fetch(`${base}/api/v1/query_range?${parameters}`)).json()
        return answer.data.result
          .map((row: { metric: object; values: [number, string][] }) => ({
            metric: JSON.stringify(row.metric),
            values: row.values.map(([at, value]) => [at, Number(Number(value).toFixed(9))]),
          }))
          .sort((a: { metric: string }, b: { metric: string }) => a.metric.localeCompare(b.metric))
      }
      expect(await points(`${world.url}/prometheus`)).toEqual(await points(real.url))
    })
  },
)

describe.runIf(hasPrometheus)('the exporters (needs prometheus)', () => {
  test('promtool finds nothing to say about the integration and only the vendor’s own names about DCGM', async () => {
    const world = await startWorld(smallScenario({ timeline: TIMELINE, world: { optionalDcgmFields: true } }))
    world.at(700_000)
    const complaints = async (path: string): Promise<string[]> => {
      const input = await (await fetch(world.url + path)).text()
      try {
        execFileSync('promtool', ['check', 'metrics'], { input, stdio: ['pipe', 'pipe', 'pipe'] })
        return []
      } catch (error) {
        return String((error as { stderr?: Buffer }).stderr)
          .trim()
          .split('\n')
      }
    }
    const dcgm = await complaints('/metrics/dcgm')
    expect(await complaints('/metrics/integration')).toEqual([])
    expect(
      dcgm.filter(
        (line) =>
          !/^DCGM_FI_DEV_\w+ (counter metrics should have "_total" suffix|label names should be written in 'snake_case' not 'camelCase'|metric name should not include type 'counter')$/.test(
            line,
          ),
      ),
    ).toEqual([])
    await world.simulator.close()
  })

  test('a real Prometheus scrapes them and reads what the simulated one says', async () => {
    const world = await startWorld(smallScenario())
    world.at(120_000)
    const port = new URL(world.url).port
    const jobs = world.simulator
      .running()
      .world.fleet.instances.map(
        ({ id }) =>
          `  - {job_name: dcgm-${id}, metrics_path: /metrics/dcgm, params: {instance: ['${id}']}, static_configs: [{targets: ['127.0.0.1:${port}'], labels: {instance: 'C.${id}:9400', job: dcgm}}]}`,
      )
    const real = await startPrometheus({
      config: `global: {scrape_interval: 1s}\nscrape_configs:\n${jobs.join('\n')}\n  - {job_name: integration, metrics_path: /metrics/integration, static_configs: [{targets: ['127.0.0.1:${port}'], labels: {instance: 'integration:8080'}}]}\n`,
    })
    const query = '{__name__=~"DCGM_.*|vastai_.*|process_.*"}'
    const theirs = async (): Promise<Answer> =>
      (await fetch(`${real.url}/api/v1/query?query=${encodeURIComponent(query)}`)).json()
    const ours = await ask(`${world.url}/prometheus`, query, T0_MS + 120_000)
    const wanted = Object.keys(table(ours)).length
    await untilAnswer(async () => Object.keys(table(await theirs())).length === wanted)
    expect(table(await theirs())).toEqual(table(ours))
    await real.close()
    await world.simulator.close()
  })
})

describe('alerts', () => {
  test('the watchdog fires always and a fault fires with the instant it began', async () => {
    const world = await startWorld(smallScenario({ timeline: TIMELINE }))
    const alerts = async (
      offsetMs: number,
    ): Promise<{ labels: Record<string, string>; activeAt: string }[]> => {
      world.at(offsetMs)
      return (await (await fetch(`${world.url}/prometheus/api/v1/alerts`)).json()).data.alerts
    }
    const early = await alerts(120_000)
    expect(early.map((alert) => alert.labels.alertname)).toEqual(['Watchdog', 'GpuXidErrors'])
    const late = await alerts(3_600_000)
    for (const name of ['Watchdog', 'GpuXidErrors']) {
      const at = (list: typeof early): string | undefined =>
        list.find((alert) => alert.labels.alertname === name)?.activeAt
      expect(at(late)).toBe(at(early))
    }
    await world.simulator.close()
  })
})
