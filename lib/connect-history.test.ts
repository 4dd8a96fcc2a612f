import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { gpuHistoryOf } from './connect-history'
import { testEnv } from './platform/testing/database'
import type { SourceConfigs } from './settings/sources'

const now = new Date('2026-11-18T02:30:00Z')
const end = now.getTime() / 1000
let server: Server | undefined

afterEach(() => {
  server?.close()
  server = undefined
})

async function prometheusSaying(
  answers: Readonly<Record<string, { readonly status?: number; readonly data?: unknown }>>,
): Promise<{ readonly configs: SourceConfigs; readonly asked: URLSearchParams[] }> {
  const asked: URLSearchParams[] = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      asked.push(new URLSearchParams(body))
      const { status = 200, data } = answers[request.url ?? ''] ?? { status: 404 }
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ status: 'success', data }))
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { configs: { prometheus: { url, intervalMs: 15_000, dcgmIntervalMs: 15_000 } }, asked }
}

function series(name: string, values: readonly [number, string][]) {
  return { metric: { __name__: name }, values: values.map(([before, value]) => [end - before, value]) }
}

const span = { instanceId: '9100001', index: 1, minutes: 1, now }
const env = testEnv('postgresql://nowhere')
const found = { data: { resultType: 'vector', result: [{ metric: { UUID: 'GPU-a' }, value: [end, '1'] }] } }

test('the past of one GPU comes as columns on one grid, and what was not scraped is a gap', async () => {
  const { configs, asked } = await prometheusSaying({
    '/api/v1/query': found,
    '/api/v1/query_range': {
      data: {
        resultType: 'matrix',
        result: [
          series('DCGM_FI_DEV_GPU_TEMP', [
            [60, '61'],
            [45, '62'],
            [0, '64'],
          ]),
          series('DCGM_FI_DEV_GPU_UTIL', [[0, '97']]),
          series('DCGM_FI_DEV_FB_USED', [
            [15, '30000'],
            [0, '30000'],
          ]),
          series('DCGM_FI_DEV_FB_FREE', [[0, '10000']]),
        ],
      },
    },
  })
  expect(await gpuHistoryOf(configs, span, env)).toEqual({
    ok: true,
    stepSeconds: 15,
    t: [end - 60, end - 45, end - 30, end - 15, end],
    temp: [61, 62, null, null, 64],
    util: [null, null, null, null, 97],
    vram: [null, null, null, null, 75],
  })
  expect(asked[0]?.get('query')).toContain('gpu="1"')
  expect(asked[1]?.get('query')).toContain('UUID="GPU-a"')
})

test.each([
  [
    'a GPU that Prometheus never saw',
    { '/api/v1/query': { data: { resultType: 'vector', result: [] } } },
    /no series/,
  ],
  ['a Prometheus that fails', { '/api/v1/query': { status: 503 } }, /503/],
  ['a range that is refused', { '/api/v1/query': found, '/api/v1/query_range': { status: 422 } }, /422/],
])('%s is told as the reason, never as an empty line', async (_name, answers, sentence) => {
  const { configs } = await prometheusSaying(answers)
  expect(await gpuHistoryOf(configs, span, env)).toMatchObject({
    ok: false,
    sentence: expect.stringMatching(sentence),
  })
})

test('without a Prometheus nobody is asked', async () => {
  expect(await gpuHistoryOf({}, span, env)).toBeUndefined()
})
