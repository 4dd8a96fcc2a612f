import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { type Steered, smallScenario, startWorld, T0_MS } from '../simulator/testing'
import { openProber } from './connect-deployments'
import type { Console } from './console'
import { judgeItem } from './deployments/judge'
import { loadDeployRules } from './deployments/load-rules'
import type { Plan, ServiceDefinition } from './deployments/model'
import { WANTED } from './deployments/testing/planned'
import { testConsole } from './platform/testing/database'

const closers: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closers) await close()
})

const HEADERS = { authorization: 'Bearer simulated-kubernetes' }
const OF_INTEGRATION = 'example-team/vastai-integration'

type Setup = {
  /** kubernetes is where the cluster is asked; the simulated one where none is given. */
  readonly kubernetes?: string
  readonly timeline?: readonly Record<string, unknown>[]
  readonly change?: (service: ServiceDefinition) => ServiceDefinition
}

async function setup({ timeline = [], change = (it) => it, kubernetes }: Setup = {}) {
  const world = await startWorld(smallScenario({ timeline, world: { kubernetes: { staging: '4.13.0' } } }))
  closers.push(() => world.simulator.close())
  const app = await testConsole({
    WATCHFLOOR_RUNBOOKS: './runbooks',
    REGISTRY_URL: `${world.url}/registry`,
    KUBERNETES_URL: kubernetes ?? `${world.url}/kubernetes`,
    KUBERNETES_TOKEN: 'simulated-kubernetes-actor',
    KUBERNETES_NAMESPACE: 'production',
    KUBERNETES_DEPLOYMENTS: 'vastai-integration',
    KUBERNETES_SECRETS: 'vastai-credentials/VASTAI_API_KEY',
    PROMETHEUS_URL: `${world.url}/prometheus`,
    HEALTH_URLS: JSON.stringify({ integration: `${world.url}/integration/health` }),
  })
  closers.push(() => app.close())
  app.clock.set(new Date(T0_MS + 600_000))
  world.at(600_000)
  const prober = await openProber(app)
  closers.push(() => prober.close())
  const { services } = await loadDeployRules(app, app.clock.now())
  const shipped = services.get('vastai-integration')
  if (!shipped) throw new Error('the shipped definition is gone')
  return { app, world, prober, service: change(shipped) }
}

type Made = Awaited<ReturnType<typeof setup>>

/** One address before several simulated clusters of one namespace each, as one cluster with several has it. */
async function clusterOf(find: (path: string) => string | undefined) {
  let rest = ''
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const { authorization = '', accept = '' } = request.headers
    fetch(`${find(path) ?? rest}${path}`, { headers: { authorization, accept } })
      .then(async (answer) => {
        const type = answer.headers.get('content-type') ?? 'application/json'
        response.writeHead(answer.status, { 'content-type': type }).end(await answer.text())
      })
      .catch(() => response.destroy())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  closers.push(() => new Promise((closed) => server.close(closed)))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/kubernetes`,
    others: (url: string) => {
      rest = url
    },
  }
}

async function digests({ prober, service, app }: Pick<Made, 'prober' | 'service'> & { app: Console }) {
  const of = async (tag: string): Promise<string> => {
    const seen = await prober.digestOf(service.image, tag, app.clock.now())
    return seen.kind === 'known' ? (seen.value ?? '') : ''
  }
  return { old: await of('4.12.0'), next: await of('4.13.0') }
}

async function lookAt(made: Made) {
  const { old, next } = await digests(made)
  const { service, prober, app } = made
  return prober.look(
    {
      service,
      environment: 'production',
      images: [{ image: service.image, digest: next }],
      rollback: { image: service.image, digest: old },
    },
    app.clock.now(),
  )
}

async function found(
  item: string,
  given: Setup & { readonly before?: (world: Steered) => Promise<unknown> } = {},
) {
  const made = await setup(given)
  await given.before?.(made.world)
  const looks = await lookAt(made)
  return judgeItem(item, { plan: PLAN, service: made.service, looks, overdueSecrets: [] })
}

const PLAN = {
  environment: 'production',
  artifacts: [{ image: 'x', digest: 'y', tag: WANTED.tag }],
  about: { title: '', notes: WANTED.notes },
} as unknown as Plan

function patchStaging(world: Steered): Promise<Response> {
  const path = '/kubernetes/apis/apps/v1/namespaces/production/deployments/vastai-integration-staging'
  return fetch(`${world.url}${path}`, {
    method: 'PATCH',
    headers: { ...HEADERS, 'content-type': 'application/strategic-merge-patch+json' },
    body: JSON.stringify({
      spec: {
        template: {
          spec: { containers: [{ name: 'app', resources: { limits: { cpu: '1', memory: '256Mi' } } }] },
        },
      },
    }),
  })
}

describe('the checklist looks at the simulated world', () => {
  test.each([
    ['infra.health', 'vastai: healthy'],
    ['infra.size', '1 CPU, 512 MB'],
    ['deps.database', 'healthy'],
    ['deps.secrets', '1 of 1 set'],
    ['deps.limits', '100 % free'],
    ['before.rules', '4 of 4 rules'],
    ['app.name', 'vastai-integration-staging'],
  ])('%s is met with its evidence (D-CHK)', async (item, words) => {
    const { state, words: said, evidence } = await found(item)
    expect([state, said]).toEqual(['passed', expect.stringContaining(words)])
    expect(evidence).toMatchObject({ source: expect.any(String), at: expect.any(String) })
  })

  test('D-EXP-4 a route that the definition names and the cluster does not have is said when the plan is made', async () => {
    const change = (service: ServiceDefinition): ServiceDefinition => {
      const { production } = service.environments
      const targets = production.targets.map((it) =>
        it.provider === 'kubernetes' ? { ...it, share: 'gateway' as const, route: 'integration' } : it,
      )
      return { ...service, environments: { ...service.environments, production: { ...production, targets } } }
    }
    const { place } = await lookAt(await setup({ change }))
    expect(place).toMatchObject({
      value: { unweighted: { production: 'production: HTTPRoute integration is not there' } },
    })
  })

  test('a health endpoint that tells nothing of the provider or the database fails both', async () => {
    const made = await setup()
    const url = `${made.world.url}/services/rag-mcp/health`
    const { environments } = made.service
    const service = {
      ...made.service,
      environments: { ...environments, production: { ...environments.production, healthUrl: url } },
    }
    const looks = await lookAt({ ...made, service })
    for (const item of ['infra.health', 'deps.database'])
      expect(judgeItem(item, { plan: PLAN, service, looks, overdueSecrets: [] }).state).toBe('failed')
  })

  test('a database that the service calls unhealthy fails, and one whose service does not answer is unknown', async () => {
    const sick = [{ at: '0s', event: 'own-health', database: 'unhealthy' }]
    expect(await found('deps.database', { timeline: sick })).toMatchObject({
      state: 'failed',
      words: 'it is unhealthy',
    })
    const silent = [{ at: '0s', event: 'own-health', unreachable: true }]
    expect((await found('deps.database', { timeline: silent })).state).toBe('unknown')
  })

  test('a secret that is not there fails by name', async () => {
    const timeline = [{ at: '0s', event: 'secret', state: 'missing', restart: false }]
    expect(await found('deps.secrets', { timeline })).toMatchObject({
      state: 'failed',
      words: 'not set: VASTAI_API_KEY',
    })
  })

  test('a key that is missing inside a secret that is there fails by name', async () => {
    const before = (world: Steered) =>
      fetch(`${world.url}/kubernetes/api/v1/namespaces/production/secrets/vastai-credentials`, {
        method: 'PATCH',
        headers: {
          authorization: 'Bearer simulated-kubernetes-actor',
          'content-type': 'application/merge-patch+json',
        },
        body: JSON.stringify({ data: { VASTAI_API_KEY: null, OTHER_KEY: 'YQ==' } }),
      })
    expect(await found('deps.secrets', { before })).toMatchObject({
      state: 'failed',
      words: 'not set: VASTAI_API_KEY',
    })
  })

  test('secrets that nobody may read are unknown, and so is everything that a cluster refuses', async () => {
    const path = '/api/v1/namespaces/production/secrets'
    const fault = { at: '0s', event: 'source-fault', source: 'kubernetes', fault: 'forbidden', path }
    expect((await found('deps.secrets', { timeline: [fault] })).state).toBe('unknown')
    expect((await found('infra.size', { timeline: [fault] })).state).toBe('passed')
  })

  test('staging that is smaller than production fails with both sizes', async () => {
    expect(await found('infra.size', { before: patchStaging })).toMatchObject({
      state: 'failed',
      words: 'production 1 CPU, 512 MB; staging 1 CPU, 256 MB',
    })
  })

  test('calls that the provider refuses for their number leave no room', async () => {
    const timeline = [{ at: '0s', event: 'provider-errors', status: 429, share: 0.5 }]
    expect((await found('deps.limits', { timeline })).state).toBe('failed')
  })

  test('a rule that Prometheus does not have is named', async () => {
    const change = (service: ServiceDefinition) => ({ ...service, rules: [...service.rules, 'DiskFull'] })
    expect(await found('before.rules', { change })).toMatchObject({
      state: 'failed',
      words: 'missing: DiskFull',
    })
  })

  test('a staging that runs under production’s name fails', async () => {
    const change = (service: ServiceDefinition): ServiceDefinition => ({
      ...service,
      environments: {
        ...service.environments,
        staging: { ...service.environments.staging, targets: service.environments.production.targets },
      },
    })
    expect((await found('app.name', { change })).state).toBe('failed')
  })

  test('the image and the way back are found by digest, with their size; one that is deleted is absent', async () => {
    const made = await setup()
    const before = await lookAt(made)
    expect(before.images[0]?.look).toMatchObject({ kind: 'known', value: { isThere: true, sizeMb: 406 } })
    expect(before.place).toMatchObject({ kind: 'known', value: { units: 3 } })
    const { old, next } = await digests(made)
    expect(before.staging).toMatchObject({ kind: 'known', value: { digests: [next] } })
    await fetch(`${made.world.url}/registry/v2/${OF_INTEGRATION}/manifests/${old}`, { method: 'DELETE' })
    const ask = {
      service: made.service,
      environment: 'production' as const,
      images: [{ image: made.service.image, digest: next }],
      rollback: { image: made.service.image, digest: old },
    }
    const after = await made.prober.look(ask, made.app.clock.now())
    expect(after.rollback).toMatchObject({ kind: 'known', value: { isThere: false } })
  })

  test('each target is read in its own namespace: units, sizes and secrets are those of all', async () => {
    const edge = await startWorld(smallScenario({ world: { kubernetes: { namespace: 'edge' } } }))
    closers.push(() => edge.simulator.close())
    edge.at(600_000)
    const deployment = `${edge.url}/kubernetes/apis/apps/v1/namespaces/edge/deployments/vastai-integration`
    const limits = { cpu: '1', memory: '1Gi' }
    await fetch(deployment, {
      method: 'PATCH',
      headers: { ...HEADERS, 'content-type': 'application/strategic-merge-patch+json' },
      body: JSON.stringify({
        spec: { replicas: 7, template: { spec: { containers: [{ name: 'app', resources: { limits } }] } } },
      }),
    })
    const second = { provider: 'kubernetes', name: 'edge', namespace: 'edge' } as const
    const change: Setup['change'] = (service) => {
      const { production } = service.environments
      const [first] = production.targets
      if (first?.provider !== 'kubernetes') throw new Error('the integration runs in Kubernetes')
      const targets = [first, { ...first, ...second }]
      return { ...service, environments: { ...service.environments, production: { ...production, targets } } }
    }
    const kubernetes = await clusterOf((path) => (path.includes('/namespaces/edge/') ? edge.url : undefined))
    const made = await setup({ change, kubernetes: kubernetes.url })
    kubernetes.others(made.world.url)
    const { place, secrets } = await lookAt(made)
    expect(place).toMatchObject({
      kind: 'known',
      value: {
        units: 10,
        unitsByTarget: { edge: 7 },
        size: { cpus: 1, memoryMb: 512 },
        differing: '1 CPU, 512 MB and 1 CPU, 1024 MB',
      },
    })
    expect(secrets).toMatchObject({ kind: 'known', value: ['VASTAI_API_KEY'] })
    const secret = `${edge.url}/kubernetes/api/v1/namespaces/edge/secrets/vastai-credentials`
    await fetch(secret, {
      method: 'PATCH',
      headers: {
        authorization: 'Bearer simulated-kubernetes-actor',
        'content-type': 'application/merge-patch+json',
      },
      body: JSON.stringify({ data: { VASTAI_API_KEY: null, OTHER_KEY: 'YQ==' } }),
    })
    expect((await lookAt(made)).secrets).toMatchObject({ kind: 'known', value: [] })
  })

  test.each([
    ['code.version', { artifacts: [{ image: 'x', digest: 'y', tag: 'latest' }] }],
    ['code.notes', { about: { title: '', notes: 'short' } }],
  ])('%s fails where the plan does not show it', (item, over) => {
    const plan = { ...PLAN, ...over } as unknown as Plan
    const judged = { plan, service: {} as ServiceDefinition, looks: {} as never, overdueSecrets: [] }
    expect(judgeItem(item, judged).state).toBe('failed')
    expect(judgeItem(item, { ...judged, plan: PLAN }).state).toBe('passed')
  })

  test('a secret that is overdue in the ledger fails by name', () => {
    const judged = { plan: PLAN, service: {} as ServiceDefinition, looks: {} as never }
    expect(judgeItem('app.rotation', { ...judged, overdueSecrets: ['api-key'] })).toMatchObject({
      state: 'failed',
      words: 'overdue: api-key',
    })
    expect(judgeItem('app.rotation', { ...judged, overdueSecrets: [] }).state).toBe('passed')
  })
})
