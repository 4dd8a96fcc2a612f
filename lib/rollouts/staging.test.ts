import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { smallScenario, startWorld } from '../../simulator/testing'
import { imageDigest } from '../../simulator/world/images'
import { somebodyIn } from '../access/testing/somebody'
import type { Deployer } from '../deployers/deployer'
import { together } from '../deployers/together'
import { testConsole } from '../platform/testing/database'
import { rungsFor } from './begin'
import { RUNGS } from './model'

const IMAGE = 'ghcr.io/example-team/rag-mcp'
const WEDNESDAY = new Date('2026-11-18T17:00:00Z')
const SATURDAY = new Date('2026-11-21T17:00:00Z')
const closers: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

async function planned() {
  const world = await startWorld(smallScenario())
  closers.push(() => world.simulator.close())
  const app = await testConsole({
    FLY_API_URL: `${world.url}/fly`,
    FLY_API_TOKEN: 'simulated-fly-token',
    REGISTRY_URL: `${world.url}/registry`,
  })
  closers.push(() => app.close())
  app.clock.set(WEDNESDAY)
  const ana = await somebodyIn(app, ['responder'])
  const before = { digest: imageDigest(`${IMAGE}:1.8.2`), tag: '1.8.2' }
  const made = await ana.does('deployments.plan', {
    service: 'rag-mcp',
    environment: 'staging',
    tag: '1.9.0',
    digest: imageDigest(`${IMAGE}:1.9.0`),
    baseline: before,
    rollback: before,
    keepWarm: true,
  })
  return { app, ana, number: made.number, digest: imageDigest(`${IMAGE}:1.9.0`) }
}

it('R-ENG-03 the way back has the rungs that its target offers, in order, and all while it is not connected', () => {
  expect(rungsFor({ rungs: ['zero', 'restart', 'redeploy'] })).toEqual(['redeploy', 'restart', 'zero'])
  expect(rungsFor({ missing: 'Fly is not connected' })).toEqual(RUNGS)
  const hand = (...rungs: Deployer['rungs']) => ({ rungs }) as Deployer
  expect(together([hand('redeploy', 'restart'), hand('route', 'redeploy')])?.rungs).toEqual([
    'route',
    'redeploy',
    'restart',
  ])
})

describe('R-STG-01 staging is started by hand, through the gate of every start', () => {
  it('starts without approvals, holds the place, and starts once', async () => {
    const { app, ana, number } = await planned()
    await ana.does('rollouts.start-staging', { number })
    expect(await app.db.rollout.findUniqueOrThrow({ where: { number } })).toMatchObject({
      environment: 'staging',
      state: 'progressing',
      plan: { artifacts: [{ tag: '1.9.0' }] },
      // R-ENG-03: Fly has nothing to isolate, so the ladder has no such rung.
      core: { rungs: ['route', 'redeploy', 'restart', 'zero'] },
    })
    expect(await app.db.deployment.findUniqueOrThrow({ where: { number } })).toMatchObject({
      state: 'progressing',
    })
    await expect(ana.does('rollouts.start-staging', { number })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is under way'),
    })
  })

  it('does not start outside of its hours, nor over a digest on hold, and says which', async () => {
    const { app, ana, number, digest } = await planned()
    app.clock.set(SATURDAY)
    await expect(ana.does('rollouts.start-staging', { number })).rejects.toMatchObject({
      code: 'conflict',
      current: { unmet: expect.arrayContaining(['no-window']) },
    })
    app.clock.set(WEDNESDAY)
    await app.db.serviceHold.create({
      data: {
        id: randomUUID(),
        service: 'rag-mcp',
        environment: 'staging',
        digest,
        reason: 'it lost jobs',
        at: WEDNESDAY,
        by: 'ana',
      },
    })
    await expect(ana.does('rollouts.start-staging', { number })).rejects.toMatchObject({
      message: expect.stringContaining('it was rolled back: it lost jobs'),
    })
    expect(await app.db.rollout.count()).toBe(0)
  })
})
