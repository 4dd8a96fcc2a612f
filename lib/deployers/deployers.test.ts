import { afterAll, describe, expect, it } from 'vitest'
import { RELEASED } from '../../simulator/releases/catalogue'
import { smallScenario, startWorld } from '../../simulator/testing'
import { systemClock } from '../platform/clock'
import { createHttp } from '../platform/http'
import type { Deployer, Desired } from './deployer'
import { openFlyDeployer } from './fly/deployer'
import { openKubernetesDeployer } from './kubernetes/deployer'
import { extraCopies, sharePercent } from './share'
import { openVastDeployer } from './vast/deployer'

const closers: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closers) await close()
})

function versionsOf(id: string) {
  const service = RELEASED.find((one) => one.id === id)
  const [next] = service?.after ?? []
  if (!service || !next) throw new Error(`the simulated world has no ${id}`)
  return { image: service.image, stable: service.stable, fresh: next }
}

async function setup(kind: 'kubernetes' | 'fly' | 'vast') {
  const world = await startWorld(smallScenario())
  const http = createHttp({
    allow: [{ host: '127.0.0.1', port: Number(new URL(world.url).port) }],
    clock: systemClock,
  })
  closers.push(
    () => http.close(),
    () => world.simulator.close(),
  )
  world.at(60_000)
  const deployer = { kubernetes, fly, vast }[kind](
    world.url,
    http,
    world.simulator.running().world.fleet.instances.map(({ id }) => String(id)),
  )
  let seconds = 60
  return {
    deployer,
    changes: () =>
      world.simulator
        .running()
        .world.ledger.list()
        .filter(({ source }) => source === kind)
        .map(({ what }) => what),
    wait: (by: number): void => {
      seconds += by
      world.at(seconds * 1_000)
      world.simulator.running().world.cluster.advance(seconds * 1_000)
    },
  }
}

type Http = ReturnType<typeof createHttp>

function kubernetes(url: string, http: Http): Deployer {
  const { image, stable, fresh } = versionsOf('vastai-integration')
  return openKubernetesDeployer({
    baseUrl: `${url}/kubernetes`,
    token: 'simulated-kubernetes-actor',
    namespace: 'production',
    http,
    deployment: 'vastai-integration',
    canaryDeployment: 'vastai-integration-canary',
    container: 'app',
    fresh: { image, digest: fresh.digest, tag: fresh.version },
    stable: { image, digest: stable.digest, tag: stable.version },
    mark: 'test',
  })
}

function fly(url: string, http: Http): Deployer {
  const { image, stable, fresh } = versionsOf('rag-mcp')
  const of = (digest: string) => ({ image: `${image}@${digest}`, digest })
  return openFlyDeployer({
    baseUrl: `${url}/fly`,
    token: 'simulated-fly-token',
    app: 'rag-mcp',
    http,
    fresh: of(fresh.digest),
    stable: of(stable.digest),
  })
}

function vast(url: string, http: Http, instances: readonly string[]): Deployer {
  const { image, stable, fresh } = versionsOf('gpu-workers')
  return openVastDeployer({
    baseUrl: `${url}/vast`,
    apiKey: 'simulated-key',
    http,
    instances: instances.slice(0, 2),
    image,
    fresh: fresh.digest,
    stable: stable.digest,
    isInPlace: false,
  })
}

const HALF: Desired = { do: 'expose', percent: 50 }

describe.each(['kubernetes', 'fly', 'vast'] as const)('the adapter of %s', (kind) => {
  it('R-ENG-01 finds nothing to do for what was asked before, so that a request after a crash has no second effect', async () => {
    const { deployer, changes, wait } = await setup(kind)
    const before = await deployer.look(HALF)
    expect(before).toMatchObject({ kind: 'seen', reached: false, isOldEverywhere: true, exposurePercent: 0 })
    expect(await deployer.apply(HALF)).toMatchObject({ kind: 'sent' })
    const once = changes()
    expect(once.length).toBeGreaterThan(0)
    expect(await deployer.apply(HALF)).toMatchObject({ kind: 'sent' })
    expect(changes()).toEqual(once)
    wait(120)
    expect(await deployer.look(HALF)).toMatchObject({ kind: 'seen', reached: true, exposurePercent: 50 })
  })

  it('R-ENG-02 brings the recorded version back everywhere', async () => {
    const { deployer, wait } = await setup(kind)
    await deployer.apply(HALF)
    wait(120)
    expect(await deployer.apply({ do: 'redeploy' })).toMatchObject({ kind: 'sent' })
    wait(120)
    expect(await deployer.look({ do: 'redeploy' })).toMatchObject({
      kind: 'seen',
      reached: true,
      isOldEverywhere: true,
    })
  })
})

describe('a share on few copies', () => {
  it.each([
    [1, 10, 50],
    [3, 10, 25],
    [9, 10, 10],
    [3, 50, 50],
  ])('of %i stable ones at %i %% is %i %% in truth', (stable, percent, actual) => {
    const extra = extraCopies(stable, percent)
    expect(sharePercent(extra, stable + extra)).toBe(actual)
  })
})
