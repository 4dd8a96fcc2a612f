import { afterAll, describe, expect, test } from 'vitest'
import { RELEASED, versionsOf as releasesOf } from '../simulator/releases/catalogue'
import { KEY, type Steered, smallScenario, startWorld, T0_MS } from '../simulator/testing'
import { openProber } from './connect-deployments'
import { ITEMS, standingOf } from './deployments/checklist'
import { judgeItem } from './deployments/judge'
import { loadDeployRules } from './deployments/load-rules'
import type { Plan, ServiceDefinition } from './deployments/model'
import { refusalsOf } from './deployments/refusals'
import { writeRecords } from './health/store'
import { createHttp } from './platform/http'
import { testConsole } from './platform/testing/database'
import { createVast } from './sources/vast/vast'

const closers: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closers) await close()
})

type Change = (service: ServiceDefinition) => ServiceDefinition
type Made = Awaited<ReturnType<typeof setup>>

type Given = {
  readonly change?: Change
  readonly env?: object
  readonly timeline?: readonly Record<string, unknown>[]
}

async function setup(id: string, { change = (it) => it, env = {}, timeline = [] }: Given = {}) {
  const world = await startWorld(smallScenario({ timeline }))
  closers.push(() => world.simulator.close())
  const app = await testConsole({
    WATCHFLOOR_RUNBOOKS: './runbooks',
    REGISTRY_URL: `${world.url}/registry`,
    FLY_API_URL: `${world.url}/fly`,
    FLY_API_TOKEN: 'simulated-fly',
    VAST_API_KEY: 'simulated-key',
    VAST_API_URL: `${world.url}/vast`,
    PROMETHEUS_URL: `${world.url}/prometheus`,
    HEALTH_URLS: JSON.stringify({
      'rag-mcp': `${world.url}/services/rag-mcp/health`,
      integration: `${world.url}/integration/health`,
    }),
    ...env,
  })
  closers.push(() => app.close())
  world.at(600_000)
  app.clock.set(new Date(T0_MS + 600_000))
  const prober = await openProber(app)
  closers.push(() => prober.close())
  const shipped = (await loadDeployRules(app, app.clock.now())).services.get(id)
  const released = RELEASED.find((it) => it.id === id)
  if (!shipped || !released) throw new Error(`${id} is gone`)
  const [old, next] = releasesOf(released).map(({ digest, version }) => ({ digest, tag: version }))
  if (!old || !next) throw new Error('there are no versions')
  return { world, app, prober, service: change(shipped), old, next }
}

function planOf({ service, old, next }: Made): Plan {
  const { image } = service
  return {
    environment: 'production',
    targets: service.environments.production.targets,
    artifacts: [{ image, ...next }],
    rollback: { ...old, revision: '', keepWarm: false },
    steps: service.steps,
    isAtOnce: false,
    kind: 'release',
    about: { title: '', notes: 'Retries with backoff on 429.' },
  } as unknown as Plan
}

async function looked(made: Made, old = made.old.digest) {
  const { service, prober, app, next } = made
  return prober.look(
    {
      service,
      environment: 'production',
      images: [{ image: service.image, digest: next.digest }],
      rollback: { image: service.image, digest: old },
    },
    app.clock.now(),
  )
}

async function found(item: string, made: Made) {
  return judgeItem(item, {
    plan: planOf(made),
    service: made.service,
    looks: await looked(made),
    overdueSecrets: [],
  })
}

function atProduction(over: Partial<ServiceDefinition['environments']['production']>): Change {
  return (service) => ({
    ...service,
    environments: { ...service.environments, production: { ...service.environments.production, ...over } },
  })
}

type FlyMachine = { readonly id: string; readonly config: Record<string, unknown> }

async function flyMachines(world: Steered, app: string): Promise<readonly FlyMachine[]> {
  return (await fetch(`${world.url}/fly/v1/apps/${app}/machines`)).json()
}

/** resized gives machines of an app another size, as a person with the platform's own tool would. */
async function resized(world: Steered, app: string, count: number): Promise<void> {
  for (const { id, config } of (await flyMachines(world, app)).slice(0, count)) {
    const url = `${world.url}/fly/v1/apps/${app}/machines/${id}`
    const lease = await fetch(`${url}/lease`, { method: 'POST', body: '{}' })
    const { data } = (await lease.json()) as { data: { nonce: string } }
    const guest = { cpu_kind: 'shared', cpus: 1, memory_mb: 256 }
    const headers = { 'fly-machine-lease-nonce': data.nonce }
    await fetch(url, { method: 'POST', headers, body: JSON.stringify({ config: { ...config, guest } }) })
  }
}

function unsetOnFly(world: Steered, app: string, name: string): Promise<Response> {
  return fetch(`${world.url}/fly/v1/apps/${app}/secrets/${name}`, { method: 'DELETE' })
}

describe('a plan on Fly', () => {
  test.each([
    ['infra.size', '1 CPU, 512 MB'],
    ['deps.secrets', '2 of 2 set'],
    ['app.name', 'rag-mcp-staging and rag-mcp'],
    ['before.rules', '1 of 1 rules'],
    ['deps.limits', '100 % free'],
    ['code.version', '1.9.0'],
    ['code.notes', 'written in the plan'],
  ])('%s is met, with its evidence (D-CHK-11)', async (item, words) => {
    const { state, words: said } = await found(item, await setup('rag-mcp'))
    expect([state, said]).toEqual(['passed', expect.stringContaining(words)])
  })

  test('its health endpoint is asked: one that tells of provider and database passes, a bare one fails both', async () => {
    const made = await setup('rag-mcp', { change: atProduction({ healthService: 'integration' }) })
    expect((await found('infra.health', made)).words).toBe('vastai: healthy')
    expect((await found('deps.database', made)).state).toBe('passed')
    const bare = await setup('rag-mcp')
    expect((await found('infra.health', bare)).state).toBe('failed')
    expect((await found('deps.database', bare)).state).toBe('failed')
  })

  test('a secret that is not set fails by name', async () => {
    const made = await setup('rag-mcp')
    await unsetOnFly(made.world, 'rag-mcp', 'DATABASE_URL')
    expect(await found('deps.secrets', made)).toMatchObject({
      state: 'failed',
      words: 'not set: DATABASE_URL',
    })
  })

  test('staging of another size fails with both, and machines that differ among themselves are told', async () => {
    const made = await setup('rag-mcp')
    await resized(made.world, 'rag-mcp-staging', 2)
    expect(await found('infra.size', made)).toMatchObject({
      state: 'failed',
      words: 'production 1 CPU, 512 MB; staging 1 CPU, 256 MB',
    })
    const mixed = await setup('rag-mcp')
    await resized(mixed.world, 'rag-mcp', 1)
    expect((await found('infra.size', mixed)).words).toContain('production differs in itself')
  })

  test('staging under production’s name fails, and an app that Fly does not have is unknown', async () => {
    const named =
      (app: string): Change =>
      (service) => ({
        ...service,
        environments: {
          ...service.environments,
          staging: { ...service.environments.staging, targets: [{ provider: 'fly', name: 'staging', app }] },
        },
      })
    expect((await found('app.name', await setup('rag-mcp', { change: named('rag-mcp') }))).words).toBe(
      'staging runs as rag-mcp',
    )
    const gone = await setup('rag-mcp', { change: named('nobody-staging') })
    expect(await found('app.name', gone)).toMatchObject({
      state: 'unknown',
      words: expect.stringContaining('nobody-staging'),
    })
  })

  test('rules that Prometheus lacks are named, and calls refused for their number leave no room', async () => {
    const rules = await setup('rag-mcp', { change: (it) => ({ ...it, rules: ['DiskFull'] }) })
    expect((await found('before.rules', rules)).words).toBe('missing: DiskFull')
    const timeline = [{ at: '0s', event: 'provider-errors', status: 429, share: 0.5 }]
    expect((await found('deps.limits', await setup('rag-mcp', { timeline }))).state).toBe('failed')
  })

  test('without a token everything of the platform is unknown, and says which variable is missing', async () => {
    const made = await setup('rag-mcp', { env: { FLY_API_TOKEN: undefined } })
    for (const item of ['infra.size', 'deps.secrets', 'app.name'])
      expect(await found(item, made)).toMatchObject({
        state: 'unknown',
        words: expect.stringContaining('FLY_API_TOKEN'),
      })
  })

  test('machines are counted, and what serves in staging is seen by digest once it serves', async () => {
    const made = await setup('rag-mcp')
    expect(await looked(made)).toMatchObject({
      place: { kind: 'known', value: { units: 4, digests: [made.old.digest] } },
      staging: { kind: 'known', value: { units: 2, digests: [made.old.digest] } },
    })
    await resized(made.world, 'rag-mcp-staging', 2)
    expect(await looked(made)).toMatchObject({ staging: { kind: 'known', value: { digests: [] } } })
  })

  test('image and way back are found by digest; what the registry lost is said at submit, and so is one machine', async () => {
    const made = await setup('rag-mcp')
    const about = {
      plan: planOf(made),
      service: made.service,
      requesterId: 'ana',
      people: [
        { id: 'li', handle: 'li', roles: ['responder'], isActive: true },
        { id: 'raj', handle: 'raj', roles: ['manager'], isActive: true },
      ],
    }
    expect(refusalsOf({ ...about, looks: await looked(made) })).toEqual([])
    const path = `${made.world.url}/registry/v2/example-team/rag-mcp/manifests`
    await fetch(`${path}/${made.old.digest}`, { method: 'DELETE' })
    await fetch(`${path}/${made.next.digest}`, { method: 'DELETE' })
    const looks = await looked(made)
    const place = {
      ...looks.place,
      value: { names: ['rag-mcp'], units: 1, digests: [] },
    } as typeof looks.place
    const refusals = refusalsOf({ ...about, looks: { ...looks, place } })
    expect(refusals.map(({ path: field }) => field)).toEqual(['digest', 'rollback.digest', 'steps'])
    expect(refusals.at(-1)?.message).toContain('rag-mcp has 1 machine: one is everything')
  })
})

/** labelled gives instances another label at the provider and keeps the list as the collector does. */
async function labelled(made: Made, labels: readonly string[]): Promise<readonly string[]> {
  const { world, app } = made
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: app.clock })
  closers.push(() => http.close())
  const vast = createVast({ baseUrl: `${world.url}/vast`, apiKey: 'simulated-key', http, clock: app.clock })
  const first = await vast.page({ afterToken: null })
  const ids = first.ok ? first.value.instances.map(({ id }) => id) : []
  for (const [at, label] of labels.entries())
    await fetch(`${world.url}/vast/api/v0/instances/${ids[at]}/`, {
      ...KEY,
      method: 'PUT',
      body: JSON.stringify({ label }),
    })
  await swept(made)
  return ids
}

async function swept({ world, app }: Made): Promise<void> {
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: app.clock })
  closers.push(() => http.close())
  const vast = createVast({ baseUrl: `${world.url}/vast`, apiKey: 'simulated-key', http, clock: app.clock })
  const page = await vast.page({ afterToken: null })
  if (!page.ok) throw new Error(page.detail)
  await app.hot.query(
    "INSERT INTO lease (name, epoch, owner, expires_at) VALUES ('collector', 1, 'test', now() + interval '1 hour') ON CONFLICT DO NOTHING",
  )
  const at = app.clock.now()
  await writeRecords(app.hot, { epoch: 1, listed: page.value.instances, gone: [], at })
}

const BOTH = ['gpu-workers', 'gpu-workers-staging']

describe('a plan on Vast.ai', () => {
  test.each([
    ['deps.secrets', '2 of 2 set'],
    ['app.name', 'gpu-workers-staging and gpu-workers'],
    ['before.rules', '1 of 1 rules'],
    ['deps.limits', '100 % free'],
  ])('%s is met, with its evidence (D-CHK-11)', async (item, words) => {
    const made = await setup('gpu-workers')
    await labelled(made, BOTH)
    const { state, words: said } = await found(item, made)
    expect([state, said]).toEqual(['passed', expect.stringContaining(words)])
  })

  test('a variable that an instance lacks fails by name; values are never kept', async () => {
    const made = await setup('gpu-workers', {
      change: atProduction({ secrets: ['TEMPORAL_ADDRESS', 'HF_TOKEN'] }),
    })
    await labelled(made, BOTH)
    expect(await found('deps.secrets', made)).toMatchObject({ state: 'failed', words: 'not set: HF_TOKEN' })
    const { rows } = await made.app.hot.query<{ text: string }>(
      'SELECT listed::text AS text FROM instance_record',
    )
    expect(rows.some(({ text }) => text.includes('temporal.example.com'))).toBe(false)
  })

  test('sizes match when nothing is smaller than staging and its hardware was tried (D-CHK-12)', async () => {
    const made = await setup('gpu-workers')
    await labelled(made, BOTH)
    const size = (cpus: number, memoryMb: number, gpus: readonly string[]) => ({ cpus, memoryMb, gpus })
    const looks = await looked(made)
    expect(looks.place).toMatchObject({
      value: {
        size: { cpus: expect.any(Number), memoryMb: 257_024, gpus: [expect.stringMatching(/^\d × \w/)] },
      },
    })
    const judged = (here: ReturnType<typeof size>, there: ReturnType<typeof size>) => {
      const of = (it: typeof here) => ({
        kind: 'known' as const,
        value: { names: [], units: 1, digests: [], size: it },
        source: 'vast',
        atMs: 0,
      })
      const over = { ...looks, place: of(here), staging: of(there) }
      return judgeItem('infra.size', {
        plan: planOf(made),
        service: made.service,
        looks: over,
        overdueSecrets: [],
      })
    }
    const staging = size(16, 65_536, ['1 × RTX 4090'])
    expect(judged(size(32, 131_072, ['1 × RTX 4090']), staging).state).toBe('passed')
    expect(judged(size(8, 131_072, ['1 × RTX 4090']), staging).words).toContain('smaller than staging')
    expect(judged(size(32, 131_072, ['1 × RTX 4090', '2 × H100']), staging).words).toContain(
      'staging did not try 2 × H100',
    )
  })

  test('a staging that runs under production’s label fails, and a label that nobody carries is unknown', async () => {
    const made = await setup('gpu-workers')
    await labelled(made, ['gpu-workers'])
    expect(await found('app.name', made)).toMatchObject({
      state: 'unknown',
      words: 'the newest list holds no instance that carries the label gpu-workers-staging',
    })
    const { environments } = made.service
    const wrong = {
      ...environments,
      staging: { ...environments.staging, targets: environments.production.targets },
    }
    const service = { ...made.service, environments: wrong }
    expect((await found('app.name', { ...made, service })).state).toBe('failed')
  })

  test('a list that is old, or no key at all, makes everything of the provider unknown', async () => {
    const made = await setup('gpu-workers')
    await labelled(made, BOTH)
    made.app.clock.advanceMs(16 * 60_000)
    expect(await found('deps.secrets', made)).toMatchObject({
      state: 'unknown',
      words: 'its instances were listed last 16 minutes ago',
    })
    const bare = await setup('gpu-workers', { env: { VAST_API_KEY: undefined } })
    expect((await found('infra.size', bare)).words).toBe('Vast.ai is not connected')
  })

  test('what an instance runs is seen by digest after a recycle; one instance beside nothing has no canary', async () => {
    const made = await setup('gpu-workers')
    const [id] = await labelled(made, BOTH)
    const image = `${made.service.image}@${made.next.digest}`
    const put = (path: string, body: unknown) =>
      fetch(`${made.world.url}/vast/api/v0/instances/${path}/${id}/`, {
        ...KEY,
        method: 'PUT',
        body: JSON.stringify(body),
      })
    await put('update_template', { id: Number(id), image })
    await put('recycle', {})
    await swept(made)
    expect(await looked(made)).toMatchObject({ place: { value: { units: 1, digests: [] } } })
    made.world.at(900_000)
    made.app.clock.set(new Date(T0_MS + 900_000))
    await swept(made)
    const looks = await looked(made)
    expect(looks.place).toMatchObject({ value: { digests: [made.next.digest] } })
    const refusals = refusalsOf({
      plan: planOf(made),
      service: made.service,
      looks,
      people: [],
      requesterId: 'ana',
    })
    expect(refusals.find(({ path }) => path === 'steps')?.message).toContain(
      'a second one has to run beside it',
    )
  })
})

test('what a probe found expires after its quarter of an hour, and counts for its image only (D-CHK-4)', () => {
  const item = ITEMS.find(({ id }) => id === 'infra.size')
  if (!item) throw new Error('the item is gone')
  const row = {
    item: item.id,
    state: 'passed',
    kind: 'probe',
    words: '1 CPU, 512 MB',
    link: '',
    by: 'probe',
    atMs: 0,
    freshUntilMs: item.freshHours * 3_600_000,
    digest: 'a',
    isOfThisPlan: true,
  } as const
  expect(standingOf(item, [row], { digest: 'a', nowMs: 899_999 }).state).toBe('passed')
  expect(standingOf(item, [row], { digest: 'a', nowMs: 900_000 }).state).toBe('stale')
  expect(standingOf(item, [row], { digest: 'b', nowMs: 1 }).state).toBe('open')
})
