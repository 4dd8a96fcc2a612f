import { afterAll, describe, expect, test } from 'vitest'
import { type Steered, smallScenario, startWorld } from '../testing'

const worlds: Steered[] = []
afterAll(() => Promise.all(worlds.map(({ simulator }) => simulator.close())))

async function world(...timeline: readonly Record<string, unknown>[]): Promise<Steered> {
  const started = await startWorld(smallScenario({ timeline }))
  worlds.push(started)
  return started
}

const AUTH = { authorization: 'Bearer simulated-kubernetes' }
const APPS = '/kubernetes/apis/apps/v1/namespaces/production'
const CORE = '/kubernetes/api/v1/namespaces/production'
const DEPLOYMENT = `${APPS}/deployments/vastai-integration`
const PODS = `${CORE}/pods?labelSelector=app%3Dvastai-integration`
const SECRET = `${CORE}/secrets/vastai-credentials`

async function get<Body>({ url }: Steered, path: string): Promise<Body> {
  const response = await fetch(url + path, { headers: AUTH })
  return (await response.json()) as Body
}

type Patch = {
  readonly path: string
  readonly body: unknown
  readonly type?: string
  readonly query?: string
}

async function patch({ url }: Steered, { path, body, type = 'strategic-merge-patch', query = '' }: Patch) {
  const response = await fetch(`${url}${path}${query}`, {
    method: 'PATCH',
    headers: { ...AUTH, 'content-type': `application/${type}+json` },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

type Pod = {
  readonly metadata: { readonly name: string; readonly ownerReferences: readonly { readonly name: string }[] }
  readonly status: {
    readonly phase: string
    readonly containerStatuses?: readonly {
      readonly ready: boolean
      readonly restartCount: number
      readonly state: { readonly waiting?: { readonly reason: string }; readonly running?: object }
      readonly lastState: { readonly terminated?: { readonly reason: string; readonly exitCode: number } }
    }[]
  }
}

async function pods(here: Steered): Promise<readonly Pod[]> {
  return (await get<{ items: Pod[] }>(here, PODS)).items
}

async function waiting(here: Steered): Promise<readonly string[]> {
  const list = await pods(here)
  return list.map(({ status }) => status.containerStatuses?.[0]?.state.waiting?.reason ?? status.phase)
}

async function health({ url }: Steered): Promise<number | 'no answer'> {
  try {
    return (await fetch(`${url}/integration/health`)).status
  } catch {
    return 'no answer'
  }
}

async function metric(here: Steered, query: string): Promise<number> {
  const body = await get<{ data: { result: { value: [number, string] }[] } }>(
    here,
    `/prometheus/api/v1/query?query=${encodeURIComponent(query)}`,
  )
  return Number(body.data.result[0]?.value[1] ?? Number.NaN)
}

const env = (name: string, value: string) => ({
  path: DEPLOYMENT,
  body: { spec: { template: { spec: { containers: [{ name: 'app', env: [{ name, value }] }] } } } },
})

/** Goes through the rollout step by step, as a watching person would; the world does not depend on it. */
function settle(here: Steered, fromMs: number): number {
  const toMs = fromMs + 90_000
  here.at(toMs)
  return toMs
}

describe('what befalls pods', () => {
  test.each([
    ['CrashLoopBackOff', 'CrashLoopBackOff', 'Error', 1],
    ['OOMKilled', 'CrashLoopBackOff', 'OOMKilled', 137],
  ])(
    '%s: they restart ever more slowly, with the reason of their last end',
    async (state, reason, ended, exitCode) => {
      const here = await world({ at: '10s', event: 'pods', state })
      here.at(150_000)
      const [first] = await pods(here)
      expect(await waiting(here)).toContain(reason)
      expect(first?.status.containerStatuses?.[0]?.lastState.terminated).toMatchObject({
        reason: ended,
        exitCode,
      })
      const early = first?.status.containerStatuses?.[0]?.restartCount ?? 0
      here.at(1_500_000)
      const late = (await pods(here))[0]?.status.containerStatuses?.[0]?.restartCount ?? 0
      expect(early).toBeGreaterThanOrEqual(3)
      expect(late).toBeGreaterThan(early)
      expect(late - early).toBeLessThan(early * 3)
      expect(await health(here)).toBe('no answer')
      expect(await metric(here, 'up{job="integration"}')).toBe(0)
    },
  )

  test.each([
    ['ImagePullBackOff', /ImagePullBackOff|ErrImagePull/],
    ['Pending', /Pending/],
  ])('%s: they never start', async (state, shown) => {
    const here = await world({ at: '10s', event: 'pods', state })
    here.at(120_000)
    expect(await waiting(here)).toEqual([1, 2, 3].map(() => expect.stringMatching(shown)))
  })

  test('pods that are left alone keep the service up', async () => {
    const here = await world({ at: '10s', event: 'pods', state: 'CrashLoopBackOff', ready: 2 })
    here.at(120_000)
    expect((await waiting(here)).filter((one) => one === 'Running')).toHaveLength(2)
    expect(await health(here)).toBe(200)
  })

  test('a missing secret lets running pods be and keeps new ones from starting', async () => {
    const here = await world({ at: '10s', for: '10m', event: 'secret', state: 'missing', restart: false })
    here.at(60_000)
    expect(await health(here)).toBe(200)
    expect((await get<{ code: number }>(here, SECRET)).code).toBe(404)
    await patch(here, env('LOG_LEVEL', 'debug'))
    here.at(100_000)
    expect(await waiting(here)).toContain('CreateContainerConfigError')
    here.at(750_000)
    expect(await waiting(here)).toEqual(['Running', 'Running', 'Running'])
  })

  test('a node that is lost takes its pods out of service and shows as NotReady', async () => {
    const here = await world({ at: '10s', for: '5m', event: 'node', node: 2 })
    here.at(60_000)
    const unready = (await pods(here)).filter(({ status }) => status.containerStatuses?.[0]?.ready === false)
    expect(unready).toHaveLength(1)
    const node = await get<{ status: { conditions: { type: string; status: string }[] } }>(
      here,
      '/kubernetes/api/v1/nodes/worker-2',
    )
    expect(node.status.conditions.find(({ type }) => type === 'Ready')?.status).toBe('Unknown')
    here.at(400_000)
    expect((await pods(here)).every(({ status }) => status.containerStatuses?.[0]?.ready)).toBe(true)
  })
})

describe('actions change the world', () => {
  test('a restart clears a wedged integration when the scenario says so', async () => {
    const here = await world({ at: '10s', event: 'pods', state: 'Wedged', cure: 'restart' })
    here.at(60_000)
    expect((await waiting(here)).every((one) => one === 'Running')).toBe(true)
    expect(await health(here)).toBe('no answer')
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-11-21T09:01:00Z' }
    await patch(here, { path: DEPLOYMENT, body: { spec: { template: { metadata: { annotations } } } } })
    settle(here, 60_000)
    expect(await health(here)).toBe(200)
  })

  test('a restart does not clear what it can’t', async () => {
    const here = await world({ at: '10s', event: 'pods', state: 'Wedged' })
    here.at(60_000)
    await patch(here, env('LOG_LEVEL', 'debug'))
    settle(here, 60_000)
    expect(await health(here)).toBe('no answer')
  })

  test('a bad rollout shows as errors, and rolling back mends it', async () => {
    const here = await world({
      at: '10s',
      event: 'rollout',
      image: 'ghcr.io/example-team/vastai-integration:4.13.0',
      bad: 'errors',
      share: 0.6,
    })
    here.at(0)
    const before = await get<{ spec: { template: unknown } }>(here, DEPLOYMENT)
    here.at(300_000)
    const errors = 'sum(rate(vastai_errors_total{status="500"}[2m]))'
    expect(await metric(here, errors)).toBeGreaterThan(1)
    const undo = [{ op: 'replace', path: '/spec/template', value: before.spec.template }]
    expect((await patch(here, { path: DEPLOYMENT, body: undo, type: 'json-patch' })).status).toBe(200)
    here.at(700_000)
    expect(await metric(here, errors)).toBeLessThan(0.1)
  })

  test('a wrong address of the control plane breaks it, the right one mends it', async () => {
    const here = await world()
    here.at(10_000)
    await patch(here, env('TEMPORAL_ADDRESS', 'localhost:7233'))
    const broken = settle(here, 10_000)
    expect(await health(here)).toBe(503)
    await patch(here, env('TEMPORAL_ADDRESS', 'temporal.example.com:7233'))
    settle(here, broken)
    expect(await health(here)).toBe(200)
  })

  test('a key that the provider does not know is 401 until the secret holds a good one and the pods have read it', async () => {
    const here = await world({ at: '10s', event: 'secret', state: 'wrong' })
    here.at(300_000)
    const refused = 'sum(rate(vastai_errors_total{status="401"}[2m]))'
    expect(await metric(here, refused)).toBeGreaterThan(1)
    expect(await health(here)).toBe(503)
    const data = { VASTAI_API_KEY: Buffer.from('simulated-key').toString('base64') }
    await patch(here, { path: SECRET, body: { data } })
    here.at(400_000)
    expect(await health(here)).toBe(503)
    await patch(here, env('RESTARTED', '1'))
    here.at(800_000)
    expect(await health(here)).toBe(200)
    expect(await metric(here, refused)).toBeLessThan(0.1)
  })

  test('with the fallback on, an absent provider leaves it degraded', async () => {
    const here = await world({ at: '10s', event: 'provider-unreachable' })
    here.at(60_000)
    expect(await health(here)).toBe(503)
    await patch(here, env('VASTAI_FALLBACK', 'true'))
    settle(here, 60_000)
    expect(await health(here)).toBe(200)
  })

  test('queueing calls takes most of the 429 away', async () => {
    const here = await world({ at: '10s', event: 'provider-errors', status: 429, share: 0.5 })
    here.at(300_000)
    const limited = 'sum(rate(vastai_errors_total{status="429"}[2m]))'
    const before = await metric(here, limited)
    await patch(here, env('RATE_LIMIT_MODE', 'queue'))
    here.at(700_000)
    expect(await metric(here, limited)).toBeLessThan(before / 5)
  })

  test('more memory ends the killing when the scenario says so', async () => {
    const here = await world({ at: '10s', event: 'pods', state: 'OOMKilled', cure: 'limits' })
    const restarts = async (): Promise<number> =>
      (await pods(here)).reduce(
        (sum, { status }) => sum + (status.containerStatuses?.[0]?.restartCount ?? 0),
        0,
      )
    here.at(120_000)
    expect(await restarts()).toBeGreaterThan(3)
    const containers = [{ name: 'app', resources: { limits: { memory: '1Gi' } } }]
    await patch(here, { path: DEPLOYMENT, body: { spec: { template: { spec: { containers } } } } })
    here.at(900_000)
    expect(await restarts()).toBe(0)
    expect(await health(here)).toBe(200)
  })

  test.each([
    ['ingress', 'no answer'],
    ['dns', 503],
    ['egress', 503],
  ])('the network, %s: pods are ready and the service is not', async (kind, expected) => {
    const here = await world({ at: '10s', for: '5m', event: 'cluster-network', kind })
    here.at(60_000)
    expect((await waiting(here)).every((one) => one === 'Running')).toBe(true)
    expect(await health(here)).toBe(expected)
    here.at(400_000)
    expect(await health(here)).toBe(200)
  })
})

describe('writes', () => {
  test('of two that read the same version the second is a conflict', async () => {
    const here = await world()
    const { metadata } = await get<{ metadata: { resourceVersion: string } }>(here, DEPLOYMENT)
    const { resourceVersion } = metadata
    const body = { metadata: { resourceVersion }, spec: { replicas: 4 } }
    expect((await patch(here, { path: DEPLOYMENT, body })).status).toBe(200)
    expect(await patch(here, { path: DEPLOYMENT, body })).toMatchObject({
      status: 409,
      body: { reason: 'Conflict' },
    })
    const test = [{ op: 'test', path: '/metadata/resourceVersion', value: resourceVersion }]
    expect(await patch(here, { path: DEPLOYMENT, body: test, type: 'json-patch' })).toMatchObject({
      status: 422,
      body: { reason: 'Invalid' },
    })
  })

  test.each([
    ['a wrong type', { spec: { replicas: 'many' } }, 400, 'BadRequest'],
    ['a negative count', { spec: { replicas: -1 } }, 422, 'Invalid'],
    ['another selector', { spec: { selector: { matchLabels: { app: 'x' } } } }, 422, 'Invalid'],
    [
      'a variable without a name',
      { spec: { template: { spec: { containers: [{ name: 'app', env: [{ name: '', value: '1' }] }] } } } },
      422,
      'Invalid',
    ],
    [
      'an empty image',
      { spec: { template: { spec: { containers: [{ name: 'app', image: '' }] } } } },
      422,
      'Invalid',
    ],
  ])('%s is refused and changes nothing', async (_, body, status, reason) => {
    const here = await world()
    const before = await get(here, DEPLOYMENT)
    expect(await patch(here, { path: DEPLOYMENT, body })).toMatchObject({
      status,
      body: { kind: 'Status', reason },
    })
    expect(await get(here, DEPLOYMENT)).toEqual(before)
  })

  test('a dry run answers what would be and changes nothing', async () => {
    const here = await world()
    const before = await get(here, DEPLOYMENT)
    const dry = await patch(here, { path: DEPLOYMENT, body: { spec: { replicas: 7 } }, query: '?dryRun=All' })
    expect(dry).toMatchObject({ status: 200, body: { spec: { replicas: 7 } } })
    expect(await get(here, DEPLOYMENT)).toEqual(before)
  })

  test('metadata alone never carries the value of a secret', async () => {
    const here = await world()
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=1'
    const response = await fetch(here.url + SECRET, { headers: { ...AUTH, accept } })
    const text = await response.text()
    expect(text).toContain('PartialObjectMetadata')
    expect(text).not.toContain(Buffer.from('simulated-key').toString('base64'))
  })
})

describe('faults of the server itself', () => {
  test.each([
    ['unauthorized', 401, 'Unauthorized'],
    ['forbidden', 403, 'Forbidden'],
    ['not-found', 404, 'NotFound'],
    ['conflict', 409, 'Conflict'],
    ['invalid', 422, 'Invalid'],
    ['rate-limited', 429, 'TooManyRequests'],
    ['server-error', 500, 'InternalError'],
  ])('%s', async (fault, status, reason) => {
    const here = await world({ at: '10s', for: '1m', event: 'source-fault', source: 'kubernetes', fault })
    here.at(20_000)
    const response = await fetch(here.url + DEPLOYMENT, { headers: AUTH })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ kind: 'Status', status: 'Failure', reason, code: status })
    expect(response.headers.get('retry-after')).toBe(status === 429 ? '5' : null)
    here.at(90_000)
    expect((await fetch(here.url + DEPLOYMENT, { headers: AUTH })).status).toBe(200)
  })

  test('an answer can be lost after the change was made, for writes alone', async () => {
    const here = await world({
      at: '10s',
      for: '1m',
      event: 'source-fault',
      source: 'kubernetes',
      fault: 'answer-lost',
      method: 'PATCH',
    })
    here.at(20_000)
    await expect(patch(here, { path: DEPLOYMENT, body: { spec: { replicas: 5 } } })).rejects.toThrow()
    expect(await get(here, DEPLOYMENT)).toMatchObject({ spec: { replicas: 5 } })
  })

  test('a stale server answers with the cluster of the moment it went stale', async () => {
    const here = await world(
      { at: '60s', event: 'source-fault', source: 'kubernetes', fault: 'stale' },
      { at: '90s', event: 'pods', state: 'CrashLoopBackOff' },
    )
    here.at(55_000)
    const before = await pods(here)
    here.at(300_000)
    expect(await pods(here)).toEqual(before)
  })
})

test('the cluster does not depend on how often it is looked at', async () => {
  const timeline = [
    { at: '10s', for: '4m', event: 'pods', state: 'CrashLoopBackOff', ready: 1 },
    { at: '2m', event: 'rollout', image: 'registry.example/nothing:1' },
    { at: '6m', event: 'secret', state: 'wrong' },
  ]
  const [walked, jumped] = [await world(...timeline), await world(...timeline)]
  for (let atMs = 0; atMs <= 900_000; atMs += 1700) {
    walked.at(atMs)
    walked.simulator.running().world.cluster.advance(atMs)
  }
  for (const path of [PODS, `${APPS}/replicasets`, `${APPS}/deployments`, `${CORE}/events`]) {
    walked.at(1_000_000)
    jumped.at(1_000_000)
    expect(await get(walked, path)).toEqual(await get(jumped, path))
  }
})
