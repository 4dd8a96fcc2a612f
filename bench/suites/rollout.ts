import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Plan, Target } from '../../lib/deployments/model'
import { beginCore } from '../../lib/rollouts/begin'
import { RUNGS } from '../../lib/rollouts/model'
import { ROLLOUT_POLICY } from '../../lib/rollouts/policy'
import { root } from '../../scripts/lib/checkout.mjs'
import { RELEASED } from '../../simulator/releases/catalogue'
import { pause, progress, until } from '../clock'
import { atDesk, type Desk, ledgerOf, startChild } from '../desk'
import { logTail } from '../processes'
import { atLeast, atMost } from '../report'
import type { Measured, Suite } from '../suite'

const CHILD = new URL('../rollouts-child.ts', import.meta.url)
const POINTS = ['before-commit', 'after-intent', 'after-apply'] as const
const PROVIDERS = ['kubernetes', 'fly', 'vast', 'registry'] as const
const SERVICES = {
  kubernetes: 'vastai-integration',
  fly: 'rag-mcp',
  vast: 'gpu-workers',
  registry: 'vastai-integration',
} as const
const RESUME_LIMIT_MS = 15_000
const WATCH_MS = { quick: 2_000, full: 14_000 } as const

type Provider = (typeof PROVIDERS)[number]
type Round = {
  readonly provider: Provider
  readonly point: string
  readonly effects: number
  readonly expected: number
  readonly resumedMs: number
}

/** rollout kills the worker around the first request of a rollout, and around the promotion after one, and counts what was really changed (bar E4). */
export const rollout: Suite = {
  name: 'rollout',
  workload:
    'a rollout of each provider against the simulated Kubernetes, Fly and Vast.ai, and the promotion of an image in the simulated registry, while the worker that carries it out gets kill -9 before its intent is committed, after it, and after the request; a second worker goes on, and what was really changed is counted by the simulator’s own ledger',
  run: ({ quick }) => atDesk((desk) => measure(desk, quick)),
}

async function measure(desk: Desk, quick: boolean): Promise<Measured> {
  // What the demo planned would start beside it.
  await desk.app.db.deployment.updateMany({ data: { state: 'cancelled' } })
  const rounds: Round[] = []
  for (const [index, provider] of PROVIDERS.entries())
    for (const [turn, point] of (quick ? POINTS.slice(1, 2) : POINTS).entries()) {
      const round = await killOnce(desk, {
        provider,
        point,
        number: 9_000 + index * 10 + turn,
        turn,
        watchMs: WATCH_MS[quick ? 'quick' : 'full'],
      })
      rounds.push(round)
      progress(
        `${provider} killed ${point}: ${round.effects} changes of ${round.expected}, resumed after ${Math.round(round.resumedMs)} ms`,
      )
    }
  return reported(desk.database.version, rounds)
}

type Kill = {
  readonly watchMs: number
  readonly provider: Provider
  readonly point: string
  readonly number: number
  readonly turn: number
}

/** Work is what a killed worker leaves to the next one. */
type Work = {
  readonly failpoint: string
  readonly isTakenUp: () => Promise<boolean>
  readonly bringBack: () => Promise<void>
}

async function killOnce(desk: Desk, kill: Kill): Promise<Round> {
  const { provider, point } = kill
  const expected = expectedOf(provider)
  const before = changesOf(desk, provider)
  const work = provider === 'registry' ? await oweTag(desk, kill) : await beginRollout(desk, kill, provider)
  const first = startChild(desk, CHILD, { FAILPOINT: `${work.failpoint}.${point}:1:kill` })
  await until('the worker works', () => first.ended || logTail(first).includes('job started'), 60_000)
  const second = startChild(desk, CHILD, {})
  await until('the worker dies', () => first.ended, 60_000)
  const startedMs = performance.now()
  await until(
    'the work is taken up again',
    async () => {
      if (second.ended) throw new Error(`the second worker ended\n${logTail(second)}`)
      return changesOf(desk, provider) - before >= expected && (await work.isTakenUp())
    },
    60_000,
    50,
  )
  const resumedMs = performance.now() - startedMs
  // Whoever would ask twice has had the time to.
  await pause(kill.watchMs)
  await desk.programs.stop(second)
  const effects = changesOf(desk, provider) - before
  await work.bringBack()
  return { provider, point, effects, expected, resumedMs }
}

/** A deployment has succeeded, and its tag is owed. */
async function oweTag({ app }: Desk, { turn }: Kill): Promise<Work> {
  const service = RELEASED.find(({ id }) => id === SERVICES.registry)
  const fresh = service?.after[turn]
  if (!service || !fresh) throw new Error('the simulated registry has no such version')
  const { id } = await app.db.imagePromotion.create({
    data: {
      id: randomUUID(),
      image: service.image,
      toTag: 'stable',
      toDigest: fresh.digest,
      state: 'due',
      by: 'bench',
      at: new Date(),
    },
  })
  return {
    failpoint: 'promotions',
    isTakenUp: async () => {
      const row = await app.db.imagePromotion.findUniqueOrThrow({ where: { id } })
      return row.state === 'done' || row.state === 'already'
    },
    bringBack: async () => undefined,
  }
}

/** The next round begins where this one began; its way back is not among what is counted. */
async function bringBack({ app }: Desk, id: string): Promise<void> {
  const row = await app.db.rollout.update({ where: { id }, data: { state: 'cancelled' } })
  const hand = await (await app.deployers()).targets({
    rolloutId: id,
    service: row.service,
    environment: 'production',
    plan: row.plan as unknown as Plan,
    queries: {},
  })
  if ('missing' in hand) throw new Error(hand.missing)
  await hand.apply({ do: 'redeploy' })
  await until(
    'the old version is back',
    async () => {
      const look = await hand.look({ do: 'redeploy' })
      return look.kind === 'seen' && look.reached
    },
    120_000,
    1_000,
  )
}

/** One patch, one update of a machine, one tag, or a template with its recycle. */
function expectedOf(provider: Provider): number {
  return provider === 'vast' ? 2 : 1
}

function changesOf(desk: Desk, provider: Provider): number {
  return ledgerOf(desk).filter(({ source }) => source === provider).length
}

async function isBegun({ app }: Desk, id: string): Promise<boolean> {
  const row = await app.db.rollout.findUnique({ where: { id } })
  const core = row?.core as { readonly steps?: readonly { readonly state: string }[] } | undefined
  return core?.steps?.[0]?.state !== 'pending'
}

/** Each round of a provider goes to another version or share, so that there is something to change. */
async function beginRollout(
  desk: Desk,
  { number, turn }: Kill,
  provider: Exclude<Provider, 'registry'>,
): Promise<Work> {
  const { app, world } = desk
  const service = RELEASED.find(({ id }) => id === SERVICES[provider])
  const fresh = service?.after[turn]
  if (!service || !fresh) throw new Error(`the simulated world has no ${provider}`)
  const shipped = ROLLOUT_POLICY.parse(
    parse(readFileSync(join(root, 'runbooks/policy/rollouts.yaml'), 'utf8')),
  )
  const now = new Date()
  const instances = world.running().world.fleet.instances.map(({ id }) => String(id))
  const target: Target = {
    kubernetes: {
      provider: 'kubernetes' as const,
      name: 'production',
      namespace: world.running().world.cluster.namespace,
      deployment: 'vastai-integration',
      canaryDeployment: 'vastai-integration-canary',
      container: 'app',
      share: 'replicas' as const,
    },
    fly: { provider: 'fly' as const, name: 'production', app: 'rag-mcp' },
    vast: {
      provider: 'vast' as const,
      name: 'production',
      instances: instances.slice(turn * 2, turn * 2 + 2),
      mode: 'second-instance' as const,
      image: 'by-digest' as const,
    },
  }[provider]
  const plan = {
    service: service.id,
    environment: 'production',
    provider,
    targets: [target],
    artifacts: [{ image: service.image, digest: fresh.digest, tag: fresh.version }],
    steps: [{ percent: 25, minutes: 60 }],
    isAtOnce: false,
    bakeMinutes: 15,
    rollback: { digest: service.stable.digest, tag: service.stable.version, revision: '', keepWarm: true },
    about: { title: 'faults' },
    kind: 'release',
  }
  const made = await app.db.deployment.create({
    data: {
      id: randomUUID(),
      number,
      service: `${service.id}-${number}`,
      environment: 'production',
      provider,
      title: 'faults',
      plan: JSON.parse(JSON.stringify(plan)),
      planHash: '',
      state: 'progressing',
      requesterId: '',
      requester: 'bench',
      plannedStartAt: now,
      windowEndAt: now,
      plannedMinutes: 60,
      createdAt: now,
    },
  })
  const core = beginCore({
    steps: plan.steps,
    environment: 'production',
    rungs: RUNGS,
    policy: shipped,
    nowMs: now.getTime(),
  })
  const row = await app.db.rollout.create({
    data: {
      id: randomUUID(),
      number,
      deploymentId: made.id,
      service: made.service,
      environment: 'production',
      provider,
      title: 'faults',
      plan: JSON.parse(JSON.stringify(plan)),
      policy: JSON.parse(JSON.stringify(shipped)),
      policyVersion: 'faults',
      state: core.state,
      core: JSON.parse(JSON.stringify(core)),
      requesterId: '',
      requester: 'bench',
      startedAt: now,
    },
  })
  return {
    failpoint: 'rollouts',
    isTakenUp: () => isBegun(desk, row.id),
    bringBack: () => bringBack(desk, row.id),
  }
}

function reported(postgres: string, rounds: readonly Round[]): Measured {
  const slowest = Math.max(...rounds.map(({ resumedMs }) => resumedMs))
  return {
    postgres,
    figures: { rounds },
    bars: [
      atLeast({ id: 'E4.a', figure: 'kills', value: rounds.length, limit: 3, unit: 'kills' }),
      atMost({
        id: 'E4.b',
        figure: 'rollouts with another number of effects than one',
        value: rounds.filter(({ effects, expected }) => effects !== expected).length,
        limit: 0,
        unit: 'rollouts',
      }),
      atMost({
        id: 'E4.c',
        figure: 'slowest resume after a kill',
        value: slowest,
        limit: RESUME_LIMIT_MS,
        unit: 'ms',
      }),
    ],
  }
}
