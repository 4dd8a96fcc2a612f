import { afterAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../simulator/kubernetes/testing'
import { type Steered, smallScenario, startWorld, T0_MS } from '../../../simulator/testing'
import { connectCluster } from '../../connect-cluster'
import { steppedClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import { json, startLocalServer } from '../../platform/testing/local-server'
import { SOURCE_SCHEMAS } from '../../settings/sources'
import { createKubernetes } from './kubernetes'
import { errorLinesOf } from './log-lines'
import { quantityOf } from './quantity'
import type { KubernetesLook } from './types'

const worlds: Steered[] = []
const closers: (() => Promise<void>)[] = []
afterAll(async () => {
  await Promise.all(closers.map((close) => close()))
  await Promise.all(worlds.map(({ simulator }) => simulator.close()))
})

const WATCHED = {
  namespace: 'production',
  deployments: ['vastai-integration', 'rag-mcp'],
  secrets: [{ name: 'vastai-credentials', key: 'VASTAI_API_KEY' }],
}

type Setup = { readonly timeline?: readonly Record<string, unknown>[]; readonly token?: string }

async function setup({ timeline = [], token = 'simulated-kubernetes-reader' }: Setup = {}) {
  const world = await startWorld(smallScenario({ timeline }))
  worlds.push(world)
  const clock = steppedClock(new Date(T0_MS))
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock })
  closers.push(() => http.close())
  const kubernetes = createKubernetes({ ...WATCHED, baseUrl: `${world.url}/kubernetes`, token, http, clock })
  let atMs = 0
  return {
    world,
    kubernetes,
    at: (offsetMs: number): void => {
      world.at(offsetMs)
      clock.advanceMs(offsetMs - atMs)
      atMs = offsetMs
    },
  }
}

async function looked(kubernetes: ReturnType<typeof createKubernetes>): Promise<KubernetesLook> {
  const answer = await kubernetes.look()
  if (!answer.ok) throw new Error(answer.detail)
  expect(answer.drift).toEqual([])
  return answer.value
}

function value<T>(reading: { readonly kind: string; readonly value?: T }): T {
  if (reading.kind !== 'known' || reading.value === undefined) throw new Error(JSON.stringify(reading))
  return reading.value
}

describe('a look at a healthy cluster', () => {
  it('gives counts, revisions, digests, use and presence', async () => {
    const { kubernetes, at } = await setup()
    at(60_000)
    const look = await looked(kubernetes)
    const [integration] = value(look.deployments)
    expect(integration).toMatchObject({
      name: 'vastai-integration',
      desired: 3,
      ready: 3,
      updated: 3,
      available: 3,
      revision: 3,
      rollout: 'complete',
      image: 'ghcr.io/example-team/vastai-integration:4.12.0',
    })
    expect(integration?.revisions.map(({ revision, cause }) => [revision, cause])).toEqual([
      [3, 'release 4.12.0'],
      [2, 'release 4.11.0'],
      [1, 'release 4.10.0'],
    ])
    const pods = value(look.pods)
    expect(pods).toHaveLength(5)
    expect(new Set(pods.map(({ deployment }) => deployment))).toEqual(new Set(WATCHED.deployments))
    expect(pods[0]).toMatchObject({
      ready: true,
      waiting: '',
      restarts: 0,
      digest: expect.stringMatching(/^sha256:/),
    })
    expect(
      value(pods.find((pod) => pod.deployment === 'vastai-integration')?.memoryPercent ?? { kind: '' }),
    ).toBeGreaterThan(30)
    expect(value(look.secrets)).toMatchObject([
      { name: 'vastai-credentials', key: 'VASTAI_API_KEY', present: true, isSure: true },
    ])
    expect(value(look.changes)).toEqual([])
    expect(value(look.events)).toEqual([])
    expect(value(look.errorLines)).toEqual([])
  })

  it('never has the value of a secret in what it gives', async () => {
    const { kubernetes, at } = await setup()
    at(60_000)
    const text = JSON.stringify(await looked(kubernetes))
    expect(text).not.toContain('simulated-key')
    expect(text).not.toContain(Buffer.from('simulated-key').toString('base64'))
  })

  it('is told by "test now"', async () => {
    const { kubernetes } = await setup()
    expect(await kubernetes.test()).toMatchObject({ ok: true, sentence: expect.stringContaining('5 pods') })
  })
})

describe('a look at trouble', () => {
  it.each([
    ['CrashLoopBackOff', 'CrashLoopBackOff', 'Error'],
    ['OOMKilled', 'CrashLoopBackOff', 'OOMKilled'],
  ])('%s: the reason, the restarts and the last end with its time', async (state, waiting, reason) => {
    const { kubernetes, at } = await setup({ timeline: [{ at: '10s', event: 'pods', state }] })
    at(200_000)
    const look = await looked(kubernetes)
    const pods = value(look.pods).filter((pod) => pod.deployment === 'vastai-integration')
    expect(pods.some((pod) => pod.waiting === waiting)).toBe(true)
    expect(pods.every((pod) => pod.restarts >= 2 && pod.ended?.reason === reason && pod.ended.at)).toBe(true)
    expect(value(look.events).map((event) => event.reason)).toContain('BackOff')
  })

  it('a rollout is a change with its image and its cause, and so is a rollback', async () => {
    const image = 'ghcr.io/example-team/vastai-integration:4.13.0'
    const { kubernetes, at } = await setup({
      timeline: [{ at: '60s', event: 'rollout', image, cause: 'release 4.13.0' }],
    })
    at(200_000)
    const look = await looked(kubernetes)
    expect(value(look.changes)[0]).toMatchObject({
      kind: 'rollout',
      subject: 'vastai-integration',
      version: image,
      by: 'release 4.13.0',
    })
    expect(value(look.deployments)[0]).toMatchObject({ revision: 4, image })
  })

  it('a rotation is a change with its time', async () => {
    const timeline = [{ at: '60s', event: 'secret-rotated', name: 'vastai-credentials' }]
    const { kubernetes, at } = await setup({ timeline })
    at(120_000)
    const look = await looked(kubernetes)
    expect(value(look.changes)).toEqual([
      { at: new Date(T0_MS + 60_000), kind: 'rotation', subject: 'vastai-credentials' },
    ])
  })

  it('a missing secret and the pods that wait for it', async () => {
    const { kubernetes, at } = await setup({ timeline: [{ at: '10s', event: 'secret', state: 'missing' }] })
    at(60_000)
    const look = await looked(kubernetes)
    expect(value(look.secrets)).toMatchObject([{ present: false }])
    expect(value(look.pods).map((pod) => pod.waiting)).toContain('CreateContainerConfigError')
  })

  it('a key that is missing inside a secret that is there, by name and without a value', async () => {
    const { kubernetes, at, world } = await setup()
    at(60_000)
    const path = '/kubernetes/api/v1/namespaces/production/secrets/vastai-credentials'
    await fetch(`${world.url}${path}`, {
      method: 'PATCH',
      headers: {
        authorization: 'Bearer simulated-kubernetes-actor',
        'content-type': 'application/merge-patch+json',
      },
      body: JSON.stringify({ data: { VASTAI_API_KEY: null, OTHER_KEY: 'YQ==' } }),
    })
    const look = await looked(kubernetes)
    expect(value(look.secrets)).toMatchObject([{ present: false, isSure: true }])
    expect(value(look.pods).every(({ waiting }) => waiting === '')).toBe(true)
  })

  it('a rollout that is stuck, and one that is past its deadline', async () => {
    const timeline = [{ at: '10s', event: 'rollout', bad: 'not-ready' }]
    const { kubernetes, at } = await setup({ timeline })
    at(60_000)
    expect(value((await looked(kubernetes)).deployments)[0]?.rollout).toBe('progressing')
    at(900_000)
    expect(value((await looked(kubernetes)).deployments)[0]?.rollout).toBe('deadline-exceeded')
  })

  it('error lines of the integration, newest first', async () => {
    const { kubernetes, at } = await setup({ timeline: [{ at: '10s', event: 'key-revoked' }] })
    at(200_000)
    const lines = value((await looked(kubernetes)).errorLines)
    expect(lines).toHaveLength(20)
    expect(lines[0]).toContain('"status":401')
    expect(lines).toEqual([...lines].sort().reverse())
  })
})

describe('what can’t be seen is unknown', () => {
  it('a deployment that is not there', async () => {
    const { world } = await setup()
    const clock = steppedClock(new Date(T0_MS))
    const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock })
    closers.push(() => http.close())
    const kubernetes = createKubernetes({
      ...WATCHED,
      deployments: ['nobody'],
      baseUrl: `${world.url}/kubernetes`,
      token: 'simulated-kubernetes',
      http,
      clock,
    })
    expect(await kubernetes.look()).toMatchObject({
      ok: true,
      drift: ['no deployment named nobody'],
      value: { deployments: { kind: 'unknown', why: 'field_absent' } },
    })
    expect(await kubernetes.test()).toMatchObject({ ok: false, sentence: expect.stringContaining('nobody') })
  })

  it.each([
    ['/apis/metrics.k8s.io', 'memoryPercent'],
    ['/api/v1/namespaces/production/events', 'events'],
    ['/api/v1/namespaces/production/secrets', 'secrets'],
    ['/api/v1/namespaces/production/pods', 'pods'],
  ])('a part that is refused leaves the others known: %s', async (path, part) => {
    const fault = { at: '10s', event: 'source-fault', source: 'kubernetes', fault: 'forbidden', path }
    const { kubernetes, at } = await setup({ timeline: [fault] })
    at(60_000)
    const look = await looked(kubernetes)
    expect(look.deployments.kind).toBe('known')
    const seen = part === 'memoryPercent' ? value(look.pods)[0]?.memoryPercent : look[part as 'events']
    expect(seen).toMatchObject({ kind: 'unknown', why: 'source_refused' })
  })

  it.each([
    ['unauthorized', 'source_refused'],
    ['rate-limited', 'rate_limited'],
    ['server-error', 'source_error'],
    ['html', 'schema_mismatch'],
    ['truncated', 'source_unreachable'],
    ['wrong-types', 'schema_mismatch'],
  ])('the whole server: %s', async (fault, why) => {
    const { kubernetes, at } = await setup({
      timeline: [{ at: '10s', event: 'source-fault', source: 'kubernetes', fault }],
    })
    at(60_000)
    expect(await kubernetes.look()).toMatchObject({ ok: false, why })
  })
})

it('an address that nobody configured is not called', async () => {
  const server = await startLocalServer(json({}))
  closers.push(server.close)
  const clock = steppedClock(new Date(T0_MS))
  const http = createHttp({ allow: [], clock })
  closers.push(() => http.close())
  const kubernetes = createKubernetes({ ...WATCHED, baseUrl: server.url, token: 'secret-token', http, clock })
  expect(await kubernetes.look()).toMatchObject({ ok: false, why: 'not_evaluated' })
  expect(server.requests).toEqual([])
})

describe('a cluster with an authority of its own', () => {
  it('is trusted by its certificate and by no other', async () => {
    const here = await startCluster(smallScenario())
    closers.push(here.close)
    const caData = Buffer.from(here.certificate).toString('base64')
    const config = SOURCE_SCHEMAS.kubernetes.parse({
      url: here.address,
      namespace: 'production',
      deployments: ['vastai-integration'],
      caData,
    })
    const clock = steppedClock(new Date(T0_MS))
    const allow = [{ cidr: '127.0.0.0/8' }]
    const http = createHttp({ allow, clock })
    closers.push(() => http.close())
    const look = async (kubernetes: typeof config) => {
      const cluster = connectCluster(
        { kubernetes: { ...kubernetes, token: 'simulated-kubernetes-reader' } },
        { http, allow, clock },
      )
      closers.push(async () => cluster?.close())
      return cluster?.look()
    }
    expect(await look(config)).toMatchObject({ ok: true })
    expect(await look({ ...config, caData: undefined })).toMatchObject({
      ok: false,
      why: 'source_unreachable',
    })
  })
})

it.each([
  ['names no key at all', [{ manager: 'kubectl', fieldsV1: {} }], true, false],
  ['keeps no fields', undefined, true, false],
  ['names the key', [{ fieldsV1: { 'f:data': { '.': {}, 'f:VASTAI_API_KEY': {} } } }], true, true],
  ['names another key', [{ fieldsV1: { 'f:data': { '.': {}, 'f:OTHER': {} } } }], false, true],
])('a secret whose metadata %s: present and sure', async (_case, managedFields, present, isSure) => {
  const server = await startLocalServer(json({ kind: 'Secret', metadata: { managedFields }, items: [] }))
  closers.push(server.close)
  const clock = steppedClock(new Date(T0_MS))
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock })
  closers.push(() => http.close())
  const kubernetes = createKubernetes({ ...WATCHED, baseUrl: server.url, token: 'secret-token', http, clock })
  const answer = await kubernetes.look()
  expect(answer).toMatchObject({ ok: true, value: { secrets: { value: [{ present, isSure }] } } })
})

it('the one reader asks the cluster once an interval, however many ask it', async () => {
  const server = await startLocalServer(json({ kind: 'Status' }))
  closers.push(server.close)
  const clock = steppedClock(new Date(T0_MS))
  const allow = [{ cidr: '127.0.0.0/8' }]
  const http = createHttp({ allow, clock })
  closers.push(() => http.close())
  const kubernetes = {
    ...SOURCE_SCHEMAS.kubernetes.parse({ url: server.url, deployments: ['a'] }),
    token: 'secret-token',
  }
  const cluster = connectCluster({ kubernetes }, { http, allow, clock })
  await Promise.all(Array.from({ length: 50 }, () => cluster?.look()))
  const once = server.requests.length
  await cluster?.port.look()
  expect(server.requests).toHaveLength(once)
  clock.advanceMs(15_000)
  await cluster?.look()
  expect(server.requests).toHaveLength(once * 2)
})

it.each([
  ['250m', 0.25],
  ['1', 1],
  ['512Mi', 536_870_912],
  ['1.5Gi', 1_610_612_736],
  ['123456789n', 0.123456789],
  ['2k', 2000],
  ['', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  [null, undefined],
])('the quantity %s is %s', (text, expected) => {
  const read = quantityOf(text)
  if (expected === undefined) expect(read).toBeUndefined()
  else expect(read).toBeCloseTo(expected, 9)
})

it('error lines are those that say so, at most twenty, cut', () => {
  const log = [
    '2026-11-21T09:00:00Z {"level":"info","msg":"all is well"}',
    '2026-11-21T09:00:02Z ERROR it broke',
    `2026-11-21T09:00:01Z {"level":"error","msg":"${'x'.repeat(500)}"}`,
    ...Array.from({ length: 30 }, (_, index) => `2026-11-21T08:00:${String(index).padStart(2, '0')}Z FATAL`),
  ].join('\n')
  const lines = errorLinesOf([log])
  expect(lines).toHaveLength(20)
  expect(lines[0]).toContain('it broke')
  expect(lines[1]).toHaveLength(300)
})
