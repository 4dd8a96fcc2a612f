import { afterAll, describe, expect, it } from 'vitest'
import { type Steered, smallScenario, startWorld, T0_MS } from '../../../simulator/testing'
import { steppedClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import type { Executor, Plan, Planned } from '../executor'
import { kubernetesExecutors, SETTLE_MS } from './kubernetes'
import { SHIPPED_ENV } from './kubernetes-params'
import { kubernetesReads } from './kubernetes-reads'

const worlds: Steered[] = []
const closers: (() => Promise<void>)[] = []
afterAll(async () => {
  await Promise.all(closers.map((close) => close()))
  await Promise.all(worlds.map(({ simulator }) => simulator.close()))
})

const DEPLOYMENT = 'vastai-integration'
const RUN = 'run-0000-0001'
const NEW_KEY = 'brand-new-key-0123456789'
const BOUNDS = {
  namespace: 'production',
  deployments: [DEPLOYMENT],
  secrets: ['vastai-credentials/VASTAI_API_KEY'],
  env: SHIPPED_ENV,
}

type Setup = { readonly timeline?: readonly Record<string, unknown>[]; readonly token?: string }

async function setup({ timeline = [], token = 'simulated-kubernetes-actor' }: Setup = {}) {
  const world = await startWorld(smallScenario({ timeline }))
  worlds.push(world)
  const clock = steppedClock(new Date(T0_MS))
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock })
  closers.push(() => http.close())
  const target = { baseUrl: `${world.url}/kubernetes`, token, http, bounds: BOUNDS }
  const url = `${world.url}/kubernetes/apis/apps/v1/namespaces/production/deployments/${DEPLOYMENT}`
  const headers = { authorization: 'Bearer simulated-kubernetes' }
  return {
    world,
    clock,
    actions: kubernetesExecutors({ ...target, clock }),
    reads: kubernetesReads(target),
    deployment: async (): Promise<DeploymentBody> =>
      (await fetch(url, { headers })).json() as Promise<DeploymentBody>,
    edit: (body: unknown): Promise<Response> =>
      fetch(url, {
        method: 'PATCH',
        headers: { ...headers, 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify(body),
      }),
  }
}

type DeploymentBody = {
  readonly metadata: { readonly generation: number; readonly annotations: Readonly<Record<string, string>> }
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
      readonly spec: {
        readonly containers: readonly {
          readonly image: string
          readonly env: readonly { readonly name: string; readonly value?: string }[]
        }[]
      }
    }
  }
}

const ENV = { deployment: DEPLOYMENT, container: 'app', name: 'RATE_LIMIT_MODE', value: 'queue' }
const LOST = { event: 'source-fault', source: 'kubernetes', fault: 'answer-lost', method: 'PATCH' }

function planOf(planned: Planned): Plan {
  if (planned.kind !== 'plan') throw new Error(JSON.stringify(planned))
  return planned.plan
}

async function ready<Params>(executor: Executor<Params>, params: unknown, runId = RUN): Promise<Plan> {
  const parsed = executor.parse(params)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return planOf(await executor.plan(parsed.params, { runId }))
}

const modeOf = (body: DeploymentBody): string | undefined =>
  body.spec.template.spec.containers[0]?.env.find(({ name }) => name === 'RATE_LIMIT_MODE')?.value

describe('setting a variable', () => {
  it('plans one patch that holds what it expects, the command, the undo and the value before', async () => {
    const { actions } = await setup()
    const plan = await ready(actions.env, ENV)
    expect(plan).toMatchObject({
      executor: 'kubernetes.env',
      subject: `deployment/${DEPLOYMENT}`,
      command: `kubectl -n production set env deployment/${DEPLOYMENT} -c app RATE_LIMIT_MODE=queue`,
      before: { RATE_LIMIT_MODE: 'reject' },
      undo: { executor: 'kubernetes.env', params: { ...ENV, value: 'reject' } },
      expects: { generation: 3 },
    })
    expect(plan.steps).toHaveLength(1)
    expect(JSON.parse(plan.steps[0]?.body ?? '')).toEqual([
      { op: 'test', path: '/metadata/uid', value: plan.expects.uid },
      { op: 'test', path: '/metadata/generation', value: 3 },
      {
        op: 'replace',
        path: '/spec/template/spec/containers/0/env/3',
        value: { name: 'RATE_LIMIT_MODE', value: 'queue' },
      },
      { op: 'add', path: '/metadata/annotations/watchfloor.dev~1runs', value: RUN },
    ])
  })

  it('a dry run changes nothing; the real one changes it, is verified, and its undo takes it back', async () => {
    const { actions, deployment, world, clock } = await setup()
    const plan = await ready(actions.env, ENV)
    expect(await actions.env.dryRun(plan, {})).toMatchObject({ kind: 'would-do' })
    expect(modeOf(await deployment())).toBe('reject')
    expect(await actions.env.execute(plan, {})).toMatchObject({ kind: 'done', marks: { generation: 4 } })
    expect(modeOf(await deployment())).toBe('queue')
    const at = { sentAt: clock.now(), now: clock.now() }
    expect(await actions.env.probe(plan, at)).toMatchObject({ kind: 'applied', effect: 'pending' })
    world.at(120_000)
    expect(await actions.env.probe(plan, at)).toMatchObject({ kind: 'applied', effect: 'reached' })
    const back = await ready(actions.env, plan.undo?.params, 'run-0000-0002')
    expect(await actions.env.execute(back, {})).toMatchObject({ kind: 'done' })
    expect(modeOf(await deployment())).toBe('reject')
    expect(await actions.env.probe(plan, at)).toMatchObject({ kind: 'applied' })
  })

  it('the same plan carried out again changes nothing', async () => {
    const { actions, deployment } = await setup()
    const plan = await ready(actions.env, ENV)
    await actions.env.execute(plan, {})
    const { metadata } = await deployment()
    expect(await actions.env.execute(plan, {})).toMatchObject({ kind: 'already' })
    expect((await deployment()).metadata.generation).toBe(metadata.generation)
  })

  it('a plan survives being stored', async () => {
    const { actions, deployment } = await setup()
    const stored = JSON.parse(JSON.stringify(await ready(actions.env, ENV))) as Plan
    expect(await actions.env.execute(stored, {})).toMatchObject({ kind: 'done' })
    expect(modeOf(await deployment())).toBe('queue')
  })

  it('somebody else’s change since the plan refuses it, before anything is done', async () => {
    const { actions, deployment, edit } = await setup()
    const plan = await ready(actions.env, ENV)
    await edit({ spec: { replicas: 4 } })
    expect(await actions.env.dryRun(plan, {})).toMatchObject({ kind: 'refused', why: 'changed-meanwhile' })
    expect(await actions.env.execute(plan, {})).toMatchObject({ kind: 'refused', why: 'changed-meanwhile' })
    expect(modeOf(await deployment())).toBe('reject')
  })

  it('pods that come and go do not refuse it: only the specification counts', async () => {
    const { actions, world } = await setup({
      timeline: [{ at: '10s', event: 'pods', state: 'CrashLoopBackOff' }],
    })
    const plan = await ready(actions.env, ENV)
    world.at(300_000)
    expect(await actions.env.execute(plan, {})).toMatchObject({ kind: 'done' })
  })

  it.each([
    ['the value it has already', { ...ENV, value: 'reject' }, 'not-needed'],
    ['a container that is not there', { ...ENV, container: 'sidecar' }, 'not-found'],
  ])('%s makes no plan', async (_, params, why) => {
    const { actions } = await setup()
    const parsed = actions.env.parse(params)
    if (!parsed.ok) throw new Error('must parse')
    expect(await actions.env.plan(parsed.params, { runId: RUN })).toMatchObject({ kind: 'refused', why })
  })
})

describe('restart', () => {
  it('replaces the pods as kubectl does, and once', async () => {
    const { actions, deployment } = await setup()
    const plan = await ready(actions.restart, { deployment: DEPLOYMENT })
    expect(await actions.restart.execute(plan, {})).toMatchObject({ kind: 'done' })
    expect((await deployment()).spec.template.metadata.annotations).toEqual({
      'kubectl.kubernetes.io/restartedAt': '2026-11-21T09:00:00Z',
    })
    expect(await actions.restart.execute(plan, {})).toMatchObject({ kind: 'already' })
  })

  it('is refused while the rollout is paused', async () => {
    const { actions, edit } = await setup()
    await edit({ spec: { paused: true } })
    expect(await actions.restart.plan({ deployment: DEPLOYMENT }, { runId: RUN })).toMatchObject({
      kind: 'refused',
      why: 'not-possible',
    })
  })
})

describe('rolling back', () => {
  const IMAGE = 'ghcr.io/example-team/vastai-integration:4.11.0'
  const UNDO = { deployment: DEPLOYMENT, revision: 2, images: [IMAGE] }

  it('brings the recorded revision back, and the undo brings the present one back', async () => {
    const { actions, deployment, reads, world } = await setup()
    const plan = await ready(actions.undo, UNDO)
    expect(plan.undo?.params).toEqual({
      deployment: DEPLOYMENT,
      revision: 3,
      images: ['ghcr.io/example-team/vastai-integration:4.12.0'],
    })
    expect(await actions.undo.dryRun(plan, {})).toMatchObject({ kind: 'would-do' })
    expect(await actions.undo.execute(plan, {})).toMatchObject({ kind: 'done' })
    world.at(120_000)
    expect((await deployment()).spec.template.spec.containers[0]?.image).toBe(IMAGE)
    expect(await reads.status(DEPLOYMENT)).toMatchObject({
      rollout: 'complete',
      revision: 4,
      images: [IMAGE],
    })
    const back = await ready(actions.undo, plan.undo?.params, 'run-0000-0002')
    expect(await actions.undo.execute(back, {})).toMatchObject({ kind: 'done' })
    world.at(240_000)
    expect(await reads.status(DEPLOYMENT)).toMatchObject({ rollout: 'complete', revision: 5 })
  })

  it.each([
    [
      'a number that now has other images',
      { ...UNDO, images: ['ghcr.io/example-team/other:1'] },
      'changed-meanwhile',
    ],
    ['a revision that is gone', { ...UNDO, revision: 77 }, 'not-found'],
    [
      'the revision that runs',
      { ...UNDO, revision: 3, images: ['ghcr.io/example-team/vastai-integration:4.12.0'] },
      'not-needed',
    ],
  ])('%s makes no plan', async (_, params, why) => {
    const { actions } = await setup()
    expect(await actions.undo.plan(params, { runId: RUN })).toMatchObject({ kind: 'refused', why })
  })
})

describe('a secret', () => {
  const SECRET = { secret: 'vastai-credentials', key: 'VASTAI_API_KEY' }

  it('gets its new value once; the value stands in no plan, command or outcome', async () => {
    const { actions, reads, world, clock } = await setup()
    const plan = await ready(actions.secret, SECRET)
    const secrets = { value: NEW_KEY }
    expect(await actions.secret.dryRun(plan, secrets)).toMatchObject({ kind: 'would-do' })
    const outcome = await actions.secret.execute(plan, secrets)
    expect(outcome).toMatchObject({ kind: 'done' })
    expect(await actions.secret.execute(plan, secrets)).toMatchObject({ kind: 'already' })
    expect(await actions.secret.probe(plan, { sentAt: clock.now(), now: clock.now() })).toMatchObject({
      kind: 'applied',
    })
    const text = JSON.stringify([plan, outcome, await reads.presence('vastai-credentials')])
    expect(text).not.toContain(NEW_KEY)
    expect(text).not.toContain(Buffer.from(NEW_KEY).toString('base64'))
    const url = `${world.url}/kubernetes/api/v1/namespaces/production/secrets/vastai-credentials`
    const held = (await (
      await fetch(url, { headers: { authorization: 'Bearer simulated-kubernetes' } })
    ).json()) as { data: Record<string, string> }
    expect(held.data).toEqual({ VASTAI_API_KEY: Buffer.from(NEW_KEY).toString('base64') })
  })

  it('that somebody wrote meanwhile is a conflict', async () => {
    const { actions } = await setup()
    const [first, second] = [
      await ready(actions.secret, SECRET),
      await ready(actions.secret, SECRET, 'run-0000-0002'),
    ]
    await actions.secret.execute(first, { value: NEW_KEY })
    expect(await actions.secret.execute(second, { value: NEW_KEY })).toMatchObject({
      kind: 'refused',
      why: 'changed-meanwhile',
    })
  })

  it.each([
    '',
    'short',
    'has a space in it',
    'line\nbreak-line-break',
    'nul\0nul-nul-nul',
    'ünïcödé-ünïcödé',
    'x'.repeat(5000),
  ])('the value %j is refused before anything is sent', async (value) => {
    const { actions } = await setup()
    const plan = await ready(actions.secret, SECRET)
    expect(await actions.secret.execute(plan, { value })).toMatchObject({ kind: 'refused', why: 'invalid' })
  })

  it('that is not there', async () => {
    const { actions, reads, world } = await setup({
      timeline: [{ at: '1s', event: 'secret', state: 'missing' }],
    })
    world.at(5000)
    expect(await reads.presence('vastai-credentials')).toEqual({ kind: 'presence', present: false })
    expect(await actions.secret.plan(SECRET, { runId: RUN })).toMatchObject({
      kind: 'refused',
      why: 'not-found',
    })
  })
})

describe('an outcome is definite or honestly unknown', () => {
  it('an answer that is lost is unknown; the probe finds the mark; carrying it out again changes nothing', async () => {
    const { actions, deployment, world, clock } = await setup({
      timeline: [{ ...LOST, at: '10s', for: '1m' }],
    })
    const plan = await ready(actions.env, ENV)
    world.at(20_000)
    expect(await actions.env.execute(plan, {})).toMatchObject({ kind: 'unknown' })
    const { generation } = (await deployment()).metadata
    expect(await actions.env.probe(plan, { sentAt: clock.now(), now: clock.now() })).toMatchObject({
      kind: 'applied',
    })
    expect(await actions.env.execute(plan, {})).toMatchObject({ kind: 'already' })
    expect((await deployment()).metadata.generation).toBe(generation)
  })

  it('a request that was never carried out is unknown until a lost one could no longer arrive, then not applied', async () => {
    const fault = { event: 'source-fault', source: 'kubernetes', fault: 'refused', method: 'PATCH' }
    const { actions, world } = await setup({ timeline: [{ ...fault, at: '10s', for: '1m' }] })
    const plan = await ready(actions.env, ENV)
    world.at(20_000)
    expect(await actions.env.execute(plan, {})).toMatchObject({ kind: 'unknown' })
    const sentAt = new Date(T0_MS)
    const soon = { sentAt, now: new Date(T0_MS + SETTLE_MS - 1) }
    const later = { sentAt, now: new Date(T0_MS + SETTLE_MS) }
    expect(await actions.env.probe(plan, soon)).toMatchObject({ kind: 'unknown' })
    expect(await actions.env.probe(plan, later)).toMatchObject({ kind: 'not-applied' })
  })

  it.each([
    ['unauthorized', 'refused', 'forbidden'],
    ['forbidden', 'refused', 'forbidden'],
    ['not-found', 'refused', 'not-found'],
    ['conflict', 'refused', 'changed-meanwhile'],
    ['invalid', 'refused', 'changed-meanwhile'],
    ['rate-limited', 'refused', 'limited'],
    ['server-error', 'unknown', undefined],
    ['html', 'unknown', undefined],
    ['truncated', 'unknown', undefined],
  ])('%s at the write is %s', async (fault, kind, why) => {
    const timeline = [{ at: '10s', event: 'source-fault', source: 'kubernetes', fault, method: 'PATCH' }]
    const { actions, world } = await setup({ timeline })
    const plan = await ready(actions.env, ENV)
    world.at(20_000)
    expect(await actions.env.execute(plan, {})).toMatchObject(why === undefined ? { kind } : { kind, why })
  })

  it('a server that is not there refuses nothing and does nothing', async () => {
    const { actions, world } = await setup()
    const plan = await ready(actions.env, ENV)
    await world.simulator.close()
    expect(await actions.env.execute(plan, {})).toMatchObject({ kind: 'refused', why: 'unreachable' })
  })

  it('a token without the right is told by the dry run', async () => {
    const { actions } = await setup({ token: 'simulated-kubernetes-reader' })
    const plan = await ready(actions.env, ENV)
    expect(await actions.env.dryRun(plan, {})).toMatchObject({ kind: 'refused', why: 'forbidden' })
  })
})

it('logs come pod by pod, within their bounds', async () => {
  const { reads, world } = await setup()
  world.at(60_000)
  const parsed = reads.parse.logs({ deployment: DEPLOYMENT, tailLines: 5 })
  if (!parsed.ok) throw new Error('must parse')
  const read = await reads.logs(parsed.params)
  if (read.kind !== 'logs') throw new Error(read.detail)
  expect(read.pods).toHaveLength(3)
  for (const { text } of read.pods) expect(text.trim().split('\n')).toHaveLength(5)
})
