import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { smallScenario, startWorld, T0_MS } from '../../simulator/testing'
import { imageDigest } from '../../simulator/world/images'
import { somebodyIn } from '../access/testing/somebody'
import { promote } from '../deployers/oci/promote'
import { loadDeployRules } from '../deployments/load-rules'
import type { Plan } from '../deployments/model'
import { takeLease } from '../jobs/lease'
import { sqlOf } from '../platform/sql'
import { testConsole } from '../platform/testing/database'
import { leads, ROLLOUTS_LEASE, type RolloutEngine, startRollouts } from './advance'
import { beginCore } from './begin'
import { followsFrom, newDenies } from './follow-dispatch'
import { RUNGS } from './model'
import { ROLLOUT_POLICY } from './policy'
import { promoteDue } from './promote-dispatch'
import { insertRollout, type RolloutRow, rolloutOf } from './rollout-store'
import { standOf } from './stand'

const shipped = ROLLOUT_POLICY.parse(parse(readFileSync('runbooks/policy/rollouts.yaml', 'utf8')))
/** The shipped policy with everything five to ten times as fast, so that a whole rollout is thirty ticks. */
const policy = {
  ...shipped,
  triggers: shipped.triggers.map((rule) => ({ ...rule, holdSeconds: rule.holdSeconds / 5, minSamples: 0 })),
  gate: { ...shipped.gate, windowSeconds: 30, minSamples: 5 },
  bakeMinutes: 1,
  lagSeconds: 0,
  back: { ...shipped.back, confirmSeconds: 30 },
}
const IMAGE = 'ghcr.io/example-team/vastai-integration'
const closers: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

function planOf(tag: string, more: Partial<Plan> = {}): Plan {
  return {
    service: 'vastai-integration',
    environment: 'production',
    provider: 'kubernetes',
    targets: [
      {
        provider: 'kubernetes',
        name: 'production',
        namespace: 'production',
        deployment: 'vastai-integration',
        canaryDeployment: 'vastai-integration-canary',
        container: 'app',
        share: 'replicas',
      },
    ],
    artifacts: [{ image: IMAGE, digest: imageDigest(`${IMAGE}:${tag}`), tag }],
    config: {},
    configHash: '',
    steps: [
      { percent: 10, minutes: 2 },
      { percent: 50, minutes: 1 },
      { percent: 100, minutes: 1 },
    ],
    isAtOnce: false,
    bakeMinutes: 15,
    baseline: null,
    rollback: { digest: imageDigest(`${IMAGE}:4.12.0`), tag: '4.12.0', revision: '3', keepWarm: true },
    migrations: [],
    window: { startAt: '', endAt: '' },
    policyVersion: '',
    kind: 'release',
    about: { title: tag },
    ...more,
  }
}

/** A world, a console and an engine in which time stands still until a test moves it. */
async function setup(tag: string, more: Partial<Plan> = {}, weights: 'none' | 'gateway' = 'none') {
  const world = await startWorld(smallScenario({ world: { kubernetes: { weights } } }))
  closers.push(() => world.simulator.close())
  const app = await testConsole({
    KUBERNETES_URL: `${world.url}/kubernetes`,
    KUBERNETES_TOKEN: 'simulated-kubernetes-actor',
    KUBERNETES_NAMESPACE: 'production',
    KUBERNETES_DEPLOYMENTS: 'vastai-integration',
    PROMETHEUS_URL: `${world.url}/prometheus`,
    REGISTRY_URL: `${world.url}/registry`,
    FLY_API_URL: `${world.url}/fly`,
    FLY_API_TOKEN: 'simulated-fly-token',
  })
  closers.push(() => app.close())
  const at = (seconds: number): void => {
    app.clock.set(new Date(T0_MS + seconds * 1_000))
    world.at(seconds * 1_000)
  }
  at(600)
  const ana = await somebodyIn(app, ['responder'])
  const ben = await somebodyIn(app, ['responder', 'manager'])
  const plan = planOf(tag, more)
  const number = 7
  const made = await app.db.deployment.create({
    data: {
      id: randomUUID(),
      number,
      service: plan.service,
      environment: plan.environment,
      provider: plan.provider,
      title: `${plan.service} ${tag}`,
      plan: JSON.parse(JSON.stringify(plan)),
      planHash: 'hash',
      state: 'progressing',
      requesterId: ana.id,
      requester: ana.handle,
      plannedStartAt: app.clock.now(),
      windowEndAt: app.clock.now(),
      plannedMinutes: 40,
      createdAt: app.clock.now(),
    },
  })
  const row = await app.db.$transaction((tx) =>
    insertRollout(tx, {
      number,
      deploymentId: made.id,
      service: plan.service,
      environment: plan.environment,
      provider: plan.provider,
      title: made.title,
      plan,
      policy,
      core: beginCore({
        steps: plan.steps,
        environment: 'production',
        rungs: RUNGS,
        policy,
        nowMs: app.clock.now().getTime(),
      }),
      requesterId: ana.id,
      requester: ana.handle,
      announcedAt: null,
      isDrill: false,
      now: app.clock.now(),
    }),
  )
  const deploying = await app.deployers()
  const sql = sqlOf(app.hot)
  const engineOf = async (): Promise<RolloutEngine> => {
    const epoch = (await takeLease(app.hot, ROLLOUTS_LEASE, randomUUID())) ?? 0
    const engine = startRollouts({
      db: app.db,
      sql,
      clock: app.clock,
      log: app.log,
      epoch,
      held: () => true,
      targets: deploying.targets,
      eyes: deploying.eyes,
      denies: async (one, now) => newDenies(sql, one, { rules: await loadDeployRules(app, now), now }),
      begin: async () => undefined,
      changed: (tx, one, decision, now) => followsFrom(tx, one, { decision, now }),
      after: (_, now) =>
        promoteDue({
          db: app.db,
          promoting: { registry: deploying.registry, promote },
          mayWrite: (tx) => leads(tx, epoch),
          hint: async () => undefined,
          now,
        }),
    })
    closers.push(() => engine.stop())
    return engine
  }
  const engine = await engineOf()
  let seconds = 600
  return {
    app,
    world,
    ana,
    ben,
    row,
    number,
    /** play moves everything on in steps of fifteen seconds until the rollout is as wanted. */
    play: async (isDone: (row: RolloutRow) => boolean, minutes = 15): Promise<RolloutRow> => {
      for (const endAt = seconds + minutes * 60; seconds < endAt; seconds += 15) {
        at(seconds)
        await engine.settled()
        const now = await rolloutOf(app.db, number)
        if (now && isDone(now)) return now
      }
      const last = await rolloutOf(app.db, number)
      throw new Error(
        `not reached: ${last?.state} ${last?.core.back?.cause.words} ${JSON.stringify(last?.core.steps[last.core.at])} ${JSON.stringify(last?.look)}`,
      )
    },
    jump: (by: number) => {
      seconds += by
      at(seconds)
    },
  }
}

describe('a rollout on the simulated cluster', () => {
  it('R-ENG-01 a good version goes through every step, and :stable names it afterwards', async () => {
    const made = await setup('4.13.0')
    const done = await made.play(({ state }) => state === 'succeeded')
    expect(done.core.steps.map(({ state }) => state)).toEqual([
      'passed',
      'passed',
      'passed',
      'passed',
      'passed',
    ])
    expect(done.core.steps[0]?.achievablePercent).toBe(25)
    const changes = made.world.simulator
      .running()
      .world.ledger.list()
      .filter(({ source }) => source === 'kubernetes')
    expect(changes).toHaveLength(4)
    const promotion = await made.app.db.imagePromotion.findFirstOrThrow()
    expect(promotion).toMatchObject({
      toTag: 'stable',
      state: 'done',
      toDigest: imageDigest(`${IMAGE}:4.13.0`),
    })
    const entry = await made.app.db.reliabilityEntry.findFirstOrThrow()
    expect(entry).toMatchObject({ number: 7, outcome: 'succeeded' })
    const answer = await made.ben.asks('rollouts.one', { number: 7 })
    expect(answer?.notices.map(({ kind }) => kind)).toContain('final')
    const decision = answer?.decisions.find(({ verb }) => verb === 'pass')
    expect(await made.ben.asks('rollouts.recompute', { number: 7, seq: decision?.seq ?? 0 })).toMatchObject({
      isSame: true,
      isSameHash: true,
    })
  }, 120_000)

  it('R-ENG-02 a version that fails at 10 % goes back by itself, its digest is held, and the deployment says so', async () => {
    const made = await setup('4.14.0')
    const done = await made.play(({ state }) => state === 'rolled_back')
    expect(done.core.back).toMatchObject({ cause: { kind: 'trigger' }, fromPercent: 25, isByFigures: true })
    expect((done.core.back?.doneMs ?? 0) - (done.core.back?.decidedMs ?? 0)).toBeLessThan(300_000)
    expect(await made.app.db.serviceHold.count({ where: { liftedAt: null } })).toBe(1)
    expect(await made.app.db.deployment.findFirstOrThrow()).toMatchObject({ state: 'rolled_back' })
    const pods = made.world.simulator.running().world.cluster.podsOf('vastai-integration-canary')
    expect(pods.filter(({ ready }) => ready)).toHaveLength(0)
  }, 120_000)

  it('R-WGT-01 R-WGT-02 by the weight of an HTTPRoute exactly 10 % meet a bad version, and its way back begins with the route', async () => {
    const targets = planOf('4.14.0').targets.map((target) =>
      target.provider === 'kubernetes'
        ? { ...target, share: 'gateway' as const, route: 'vastai-integration' }
        : target,
    )
    const made = await setup('4.14.0', { targets }, 'gateway')
    const done = await made.play(({ state }) => state === 'rolled_back')
    expect(done.core.steps[0]).toMatchObject({ attempt: 2, achievablePercent: 10 })
    expect(done.core.back).toMatchObject({ cause: { kind: 'trigger' }, fromPercent: 10, isByFigures: true })
    const sent = made.world.simulator
      .running()
      .world.ledger.list()
      .flatMap(({ source, what }) => (source === 'kubernetes' ? [what.split('/').slice(-2).join('/')] : []))
    expect(sent).toEqual([
      'deployments/vastai-integration-canary',
      'httproutes/vastai-integration',
      'httproutes/vastai-integration',
      'deployments/vastai-integration-canary',
    ])
  }, 120_000)

  it('R-ORD-01 people pause, resume and go back; the requester may not resume what a rule stopped', async () => {
    const made = await setup('4.13.0')
    const watched = await made.play(({ core }) => core.steps[0]?.state === 'observing')
    const reason = 'a look at the logs first'
    const running = standOf(watched.core)
    await made.ana.does('rollouts.pause', { number: 7, reason })
    const paused = standOf((await rolloutOf(made.app.db, 7))?.core ?? watched.core)
    await made.ana.does('rollouts.resume', { number: 7, reason, seen: paused })
    await expect(
      made.ben.does('rollouts.promote', { number: 7, reason, seen: { ...running, at: 1 } }),
    ).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('it was at step 2, and is at step 1 now'),
    })
    await made.ben.does('rollouts.roll-back', { number: 7, reason })
    const done = await made.play(({ state }) => state === 'rolled_back')
    expect(done.core.back?.cause).toMatchObject({ kind: 'person', by: made.ben.handle })
    await expect(made.ben.does('rollouts.pause', { number: 7, reason })).rejects.toMatchObject({
      code: 'conflict',
    })
  }, 120_000)
})
