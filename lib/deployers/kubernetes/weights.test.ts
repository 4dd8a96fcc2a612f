import { afterAll, describe, expect, it } from 'vitest'
import { RELEASED } from '../../../simulator/releases/catalogue'
import { smallScenario, startWorld } from '../../../simulator/testing'
import { systemClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import type { Http } from '../../platform/http-types'
import { openKubernetesDeployer } from './deployer'

const NAME = 'vastai-integration'
const CANARY = `${NAME}-canary`
const ADMIN = { authorization: 'Bearer simulated-kubernetes', 'content-type': 'application/json-patch+json' }
const closers: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closers) await close()
})

type Share = 'gateway' | 'ingress'
type Setup = {
  readonly route?: string
  readonly canaryService?: string
  readonly isSplit?: boolean
  /** between runs after the object was read and before it is changed. */
  readonly between?: (url: string) => Promise<unknown>
}

const ROUTES = {
  gateway: { path: 'gateway.networking.k8s.io/v1/namespaces/production/httproutes', name: NAME },
  ingress: { path: 'networking.k8s.io/v1/namespaces/production/ingresses', name: CANARY },
}

async function setup(share: Share, { route, canaryService = CANARY, isSplit = true, between }: Setup = {}) {
  const weights = isSplit ? share : 'none'
  const world = await startWorld(smallScenario({ world: { kubernetes: { weights } } }))
  const http = createHttp({
    allow: [{ host: '127.0.0.1', port: Number(new URL(world.url).port) }],
    clock: systemClock,
  })
  closers.push(
    () => http.close(),
    () => world.simulator.close(),
  )
  world.at(60_000)
  const { path, name } = ROUTES[share]
  const url = `${world.url}/kubernetes/apis/${path}/${name}`
  const disturbed: Http = {
    ...http,
    request: async (request) => {
      if (request.method === 'PATCH' && request.url.includes(path)) await between?.(url)
      return http.request(request)
    },
  }
  const service = RELEASED.find(({ id }) => id === NAME)
  const [fresh] = service?.after ?? []
  if (!service || !fresh) throw new Error('the simulated world has no such service')
  const { image, stable } = service
  const deployer = openKubernetesDeployer({
    baseUrl: `${world.url}/kubernetes`,
    token: 'simulated-kubernetes-actor',
    namespace: 'production',
    http: disturbed,
    deployment: NAME,
    canaryDeployment: CANARY,
    weighting: { share, route: route ?? name, canaryService },
    container: 'app',
    fresh: { image, digest: fresh.digest, tag: fresh.version },
    stable: { image, digest: stable.digest, tag: stable.version },
    mark: 'test',
  })
  let seconds = 60
  return {
    deployer,
    changes: () => world.simulator.running().world.ledger.list().length,
    canary: () => world.simulator.running().world.cluster.deployment(CANARY)?.spec.replicas,
    object: async () => JSON.stringify(await (await fetch(url, { headers: ADMIN })).json()),
    wait: (by: number): void => {
      seconds += by
      world.at(seconds * 1_000)
      world.simulator.running().world.cluster.advance(seconds * 1_000)
    },
  }
}

const expose = (percent: number) => ({ do: 'expose', percent }) as const

async function exposed(share: Share, percent: number) {
  const made = await setup(share)
  await made.deployer.apply(expose(percent))
  made.wait(120)
  await made.deployer.apply(expose(percent))
  return made
}

const STANDS = {
  gateway: (percent: number) => `"weight":${percent}}`,
  ingress: (percent: number) => `canary-weight":"${percent}"`,
}

describe.each(['gateway', 'ingress'] as const)('a share by weight (%s)', (share) => {
  it('R-WGT-01 comes once the canary can carry it, is exact, and is asked for once', async () => {
    const { deployer, changes, wait, object, canary } = await setup(share)
    expect(deployer.reach).toBe('weights')
    expect(deployer.rungs[0]).toBe('route')
    expect(await deployer.apply(expose(10))).toEqual({ kind: 'sent', detail: CANARY })
    expect(await object()).toContain(STANDS[share](0))
    const before = await deployer.look(expose(10))
    expect(before).toMatchObject({ reached: false, exposurePercent: 0, achievablePercent: 10 })
    expect(before).not.toHaveProperty('next')
    wait(120)
    expect(await deployer.look(expose(10))).toMatchObject({
      reached: false,
      exposurePercent: 0,
      next: expect.stringContaining('can give it 10 %'),
    })
    expect(await deployer.apply(expose(10))).toMatchObject({ kind: 'sent' })
    expect(await object()).toContain(STANDS[share](10))
    const once = changes()
    expect(await deployer.apply(expose(10))).toEqual({ kind: 'sent', detail: 'nothing was missing' })
    expect(changes()).toBe(once)
    expect(await deployer.look(expose(10))).toMatchObject({
      reached: true,
      exposurePercent: 10,
      achievablePercent: 10,
    })
    expect(canary()).toBe(1)
    await deployer.apply(expose(50))
    expect(canary()).toBe(2)
    expect(await object()).toContain(STANDS[share](10))
  })

  it('R-WGT-02 is taken back to 0 before anything else, and the way back ends with the canary empty', async () => {
    const { deployer, object, wait, canary } = await exposed(share, 50)
    expect(await deployer.look(expose(50))).toMatchObject({ reached: true, exposurePercent: 50 })
    expect(await deployer.apply({ do: 'route' })).toMatchObject({ kind: 'sent' })
    expect(await object()).toContain(STANDS[share](0))
    expect(await deployer.look({ do: 'route' })).toMatchObject({
      reached: true,
      exposurePercent: 0,
      isOldEverywhere: false,
    })
    expect(canary()).toBe(2)
    await deployer.apply({ do: 'isolate' })
    wait(120)
    expect(await deployer.look({ do: 'isolate' })).toMatchObject({ reached: true, isOldEverywhere: true })
  })

  it('R-WGT-03 ends at 0 with an empty canary when the new version is the stable one', async () => {
    const { deployer, object, wait, canary } = await exposed(share, 50)
    await deployer.apply(expose(100))
    wait(240)
    expect(await deployer.look(expose(100))).toMatchObject({ reached: true, exposurePercent: 100 })
    await deployer.apply({ do: 'finish' })
    wait(120)
    expect(await object()).toContain(STANDS[share](0))
    expect(canary()).toBe(0)
    expect(await deployer.look({ do: 'finish' })).toMatchObject({ reached: true, exposurePercent: 100 })
  })

  it('R-WGT-04 changed by somebody else between look and request is a conflict (409), and theirs stands', async () => {
    const between = (url: string) =>
      fetch(url, {
        method: 'PATCH',
        headers: ADMIN,
        body: JSON.stringify([{ op: 'add', path: '/metadata/labels', value: { by: 'somebody' } }]),
      })
    const { deployer, wait, object } = await setup(share, { between })
    await deployer.apply(expose(10))
    wait(120)
    expect(await deployer.apply(expose(10))).toMatchObject({
      kind: 'refused',
      why: 'conflict',
      detail: expect.stringContaining(ROUTES[share].name),
    })
    const stands = await object()
    expect(stands).toContain('somebody')
    expect(stands).toContain(STANDS[share](0))
  })

  it('R-WGT-05 of an object that is not there is refused in words, and the way back does without it', async () => {
    const { deployer, wait, canary } = await setup(share, { isSplit: false })
    expect(await deployer.look(expose(10))).toMatchObject({
      foreign: expect.stringMatching(/^(HTTPRoute|canary Ingress) \S+ is not there$/),
    })
    expect(await deployer.apply(expose(10))).toMatchObject({ kind: 'refused', why: 'absent' })
    expect(canary()).toBe(0)
    expect(await deployer.apply({ do: 'redeploy' })).toMatchObject({ kind: 'sent' })
    wait(60)
    expect(await deployer.look({ do: 'redeploy' })).toMatchObject({ reached: true, isOldEverywhere: true })
  })
})

it('R-DRI-01 a weight above that of the step was set by somebody else, and is said', async () => {
  const { deployer } = await exposed('gateway', 50)
  expect(await deployer.look(expose(50))).toMatchObject({ foreign: null })
  expect(await deployer.look(expose(10))).toMatchObject({
    foreign: 'HTTPRoute vastai-integration gives the canary 50 %',
  })
})

it.each([
  ['gateway', { canaryService: 'elsewhere' }, 'has no backend elsewhere'],
  ['ingress', { route: NAME }, 'is no canary'],
] as const)('R-WGT-05 one that cannot split (%s) is refused in words', async (share, options, words) => {
  const { deployer, canary } = await setup(share, options)
  expect(await deployer.apply(expose(10))).toMatchObject({
    kind: 'refused',
    why: 'not-possible',
    detail: expect.stringContaining(words),
  })
  expect(canary()).toBe(0)
})
