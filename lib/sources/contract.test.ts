import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { steppedClock } from '../platform/clock'
import { createHttp } from '../platform/http'
import type { Http } from '../platform/http-types'
import { FAULTS, json, type LocalServer, plain, startLocalServer } from '../platform/testing/local-server'
import { createAlertmanager } from './alertmanager/alertmanager'
import { createDcgm } from './dcgm/dcgm'
import { createKubernetes } from './kubernetes/kubernetes'
import { createPrometheus } from './prometheus/prometheus'
import type { Answer, TestVerdict } from './source'
import { createStatusPage } from './statuspage/statuspage'
import { createSupervisor } from './supervisor/supervisor'
import { createVast } from './vast/vast'

const t0 = new Date('2026-11-21T10:00:00Z')
const clock = steppedClock(t0)
const SECRET = 'key-that-must-not-leak-0123456789'
type Bounds = { readonly deadlineMs: number }

/** Only silence may use up its time; everything else must end by itself, however busy the machine is. */
const boundsFor = (fault: string): Bounds => ({ deadlineMs: fault === 'silence' ? 300 : 15_000 })
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

type Source = {
  readonly name: string
  readonly call: (bounds: Bounds) => Promise<Answer<unknown>>
  readonly test: () => Promise<TestVerdict>
}

function sources(): readonly Source[] {
  const base = { http, clock, baseUrl: server.url }
  const vast = createVast({ ...base, apiKey: SECRET })
  const prometheus = createPrometheus({ ...base, token: SECRET })
  const alertmanager = createAlertmanager({ http, baseUrl: server.url, token: SECRET })
  const page = (format: 'statuspage' | 'betterstack' | 'instatus') =>
    createStatusPage({ http, url: server.url, format })
  const kubernetes = createKubernetes({
    ...base,
    token: SECRET,
    namespace: 'production',
    deployments: ['integration'],
    secrets: [],
  })
  const supervisor = createSupervisor({ http, clock, url: server.url, user: 'u', password: SECRET })
  return [
    { name: 'vast page', call: (bounds) => vast.page({ afterToken: null }, bounds), test: vast.test },
    { name: 'vast instance', call: (bounds) => vast.instance('1', bounds), test: vast.test },
    { name: 'vast credit', call: (bounds) => vast.credit(bounds), test: vast.test },
    { name: 'prometheus query', call: (bounds) => prometheus.query('up', bounds), test: prometheus.test },
    {
      name: 'prometheus vector',
      call: (bounds) => prometheus.vector('up', bounds),
      test: prometheus.test,
    },
    {
      name: 'prometheus range',
      call: (bounds) => prometheus.queryRange('up', { start: t0, end: t0, stepSeconds: 1 }, bounds),
      test: prometheus.test,
    },
    {
      name: 'prometheus alerts',
      call: (bounds) => prometheus.alerts(bounds),
      test: prometheus.test,
    },
    { name: 'alertmanager alerts', call: (bounds) => alertmanager.alerts(bounds), test: alertmanager.test },
    {
      name: 'alertmanager silences',
      call: (bounds) => alertmanager.silences(bounds),
      test: alertmanager.test,
    },
    {
      name: 'alertmanager status',
      call: (bounds) => alertmanager.startedAt(bounds),
      test: alertmanager.test,
    },
    {
      name: 'dcgm',
      call: (bounds) => createDcgm({ prometheus }).sweep(t0, bounds),
      test: () => createDcgm({ prometheus }).test(t0),
    },
    ...(['statuspage', 'betterstack', 'instatus'] as const).map(
      (format): Source => ({
        name: format,
        call: (bounds) => page(format).look(t0, bounds),
        test: () => page(format).test(t0),
      }),
    ),
    { name: 'kubernetes', call: (bounds) => kubernetes.look(bounds), test: kubernetes.test },
    { name: 'supervisor', call: (bounds) => supervisor.processes(bounds), test: supervisor.test },
  ]
}

/** Faults that are none for a source: credit alone may be absent, pages may move, and metrics may be large. */
const NO_FAULT: Readonly<Record<string, RegExp | undefined>> = {
  'vast page': undefined,
  'vast instance': undefined,
  'vast credit': /empty object/,
  'prometheus query': undefined,
  'prometheus vector': /200 MB/,
  'prometheus range': /200 MB/,
  'prometheus alerts': /200 MB/,
  'alertmanager alerts': /200 MB/,
  'alertmanager silences': /200 MB/,
  'alertmanager status': /200 MB/,
  dcgm: /200 MB/,
  statuspage: /redirect/,
  betterstack: /redirect/,
  instatus: /redirect/,
  kubernetes: undefined,
  supervisor: undefined,
}

describe.each(Object.entries(NO_FAULT))('%s', (name, noFault) => {
  it.each(FAULTS.filter((one) => noFault?.test(one.name) !== true))(
    'answers $name with its reason and never throws',
    async ({ name: fault, handler, why }) => {
      const source = sources().find((one) => one.name === name)
      if (!source) throw new Error(`no source ${name}`)
      server.answer(handler)
      const answer = await source.call(boundsFor(fault))
      expect(answer.ok).toBe(false)
      if (answer.ok) return
      expect(answer.why).toBeOneOf([...why])
      expect(answer.detail.length).toBeLessThanOrEqual(200)
      expect(JSON.stringify(answer)).not.toContain(SECRET)
    },
  )

  it.each(['401', '500', 'a web page with 200', 'a connection cut before the answer'])(
    '"test now" says what to do about %s',
    async (fault) => {
      const source = sources().find((one) => one.name === name)
      server.answer(FAULTS.find((one) => one.name === fault)?.handler ?? json({}))
      const verdict = await source?.test()
      expect(verdict?.ok).toBe(false)
      expect(verdict?.sentence).toMatch(/^[A-Zs].*\.$/)
      expect(verdict?.repair).toMatch(/\.$/)
      expect(JSON.stringify(verdict)).not.toContain(SECRET)
    },
  )
})

it('a key that the server echoes does not reach the detail', async () => {
  server.answer((request, response) => {
    response.writeHead(500).end(`you sent ${request.headers.authorization}`)
  })
  for (const source of sources())
    expect(JSON.stringify(await source.call(boundsFor('')))).not.toContain(SECRET)
})

it('a wait that the source asks for is handed on', async () => {
  server.answer(plain('slow down', 429, { 'retry-after': '20' }))
  const vast = createVast({ http, clock, baseUrl: server.url, apiKey: SECRET })
  expect(await vast.page({ afterToken: null })).toMatchObject({ why: 'rate_limited', retryAfterMs: 20_000 })
})
