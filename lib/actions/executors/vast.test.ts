import { afterAll, describe, expect, it } from 'vitest'
import { type Steered, smallScenario, startWorld, T0_MS } from '../../../simulator/testing'
import { steppedClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import type { AnyExecutor, Plan } from '../executor'
import { type Erased, VAST_SETTLE_MS, vastExecutors } from './vast'

const worlds: Steered[] = []
const closers: (() => Promise<void>)[] = []
afterAll(async () => {
  await Promise.all(closers.map((close) => close()))
  await Promise.all(worlds.map(({ simulator }) => simulator.close()))
})

const RUN = 'run-0000-0001'
const LOST = { event: 'source-fault', source: 'vast', fault: 'answer-lost', method: 'PUT' }

async function setup({
  timeline = [],
  key = 'simulated-key',
  rateLimitFactor = 0,
  erased = async () => [],
}: Setup = {}) {
  const world = await startWorld(smallScenario({ timeline, world: { rateLimitFactor } }))
  worlds.push(world)
  const clock = steppedClock(new Date(T0_MS))
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock })
  closers.push(() => http.close())
  const all = vastExecutors({ baseUrl: `${world.url}/vast`, apiKey: key, http, clock, erased })
  const named = (id: string): AnyExecutor => {
    const found = all.find((it) => it.id === id)
    if (!found) throw new Error(`no executor ${id}`)
    return found
  }
  return {
    world,
    all,
    named,
    ledger: () => world.simulator.running().world.ledger.list(),
    probe: (id: string, plan: Plan, seconds: number, isApplied = false) =>
      named(id).probe(plan, {
        sentAt: new Date(T0_MS),
        now: new Date(T0_MS + seconds * 1_000),
        isApplied,
      }),
  }
}

type Setup = {
  readonly timeline?: readonly Record<string, unknown>[]
  readonly key?: string
  readonly rateLimitFactor?: number
  readonly erased?: Erased
}

async function planned(executor: AnyExecutor, params: unknown): Promise<Plan> {
  const answer = await executor.plan(params, { runId: RUN })
  if (answer.kind !== 'plan') throw new Error(JSON.stringify(answer))
  return answer.plan
}

const ONE = { instance: '9100001' }

it('ACT-VER-03: whatever changes an instance is looked at within one share of the provider’s allowance', async () => {
  const { all } = await setup()
  const changing = all.filter(({ risk }) => risk !== 'look')
  expect(changing).toHaveLength(4)
  expect(changing.map(({ looks }) => looks)).toEqual(changing.map(() => ({ of: 'vast', everyMs: 4_400 })))
})

describe('a reboot', () => {
  it('is one request that keeps the GPU, pending while it reboots and reached when it runs again', async () => {
    const { world, named, ledger, probe } = await setup()
    const plan = await planned(named('vast.reboot'), ONE)
    expect(plan).toMatchObject({
      subject: 'instance/9100001',
      command: 'vastai reboot instance 9100001',
      expects: { actual: 'running', intended: 'running', allocation: 'running' },
      steps: [{ method: 'PUT', path: '/api/v0/instances/reboot/9100001/', body: '{}' }],
    })
    expect(await named('vast.reboot').execute(plan, {})).toMatchObject({ kind: 'done' })
    expect(await probe('vast.reboot', plan, 2, true)).toMatchObject({ kind: 'applied', effect: 'pending' })
    world.at(25_000)
    expect(await probe('vast.reboot', plan, 25, true)).toMatchObject({ kind: 'applied', effect: 'reached' })
    expect(ledger()).toMatchObject([{ source: 'vast', what: 'PUT /api/v0/instances/reboot/9100001/' }])
  })

  it('ACT-VAS-03 whose answer was lost is found by its state, and stays unknown where the state can’t tell', async () => {
    const { world, named, probe } = await setup({ timeline: [{ at: '0s', for: '10s', ...LOST }] })
    const plan = await planned(named('vast.reboot'), ONE)
    expect(await named('vast.reboot').execute(plan, {})).toMatchObject({ kind: 'unknown' })
    expect(await probe('vast.reboot', plan, 2)).toMatchObject({ kind: 'applied', effect: 'pending' })
    world.at(60_000)
    expect(await probe('vast.reboot', plan, 60)).toMatchObject({ kind: 'unknown' })
  })

  it.each([
    [
      'a stopped instance',
      { at: '0s', event: 'instance-stranded', target: { instances: [1] } },
      'holds no GPU',
    ],
    ['a lost host', { at: '0s', event: 'host-loss', target: { instances: [1] } }, 'host is offline'],
  ])('is refused for %s', async (_name, event, words) => {
    const { named } = await setup({ timeline: [event] })
    expect(await named('vast.reboot').plan(ONE, { runId: RUN })).toMatchObject({
      kind: 'refused',
      why: 'not-possible',
      detail: expect.stringContaining(words),
    })
  })

  it('is refused when the instance changed since it was planned', async () => {
    const { named, world, ledger } = await setup({
      timeline: [{ at: '30s', event: 'instance-status', status: 'exited', target: { instances: [1] } }],
    })
    const plan = await planned(named('vast.reboot'), ONE)
    world.at(31_000)
    expect(await named('vast.reboot').execute(plan, {})).toMatchObject({
      kind: 'refused',
      why: 'changed-meanwhile',
    })
    expect(ledger()).toEqual([])
  })
})

describe('starting', () => {
  const stranded = { at: '0s', event: 'instance-stranded', target: { instances: [1] } }
  const STOPPED = {
    at: '0s',
    for: '5s',
    event: 'instance-status',
    status: 'stopped',
    intended: 'stopped',
    target: { instances: [1] },
  }

  it('ACT-VAS-02 what the provider says to have queued is unknown, and not applied once the states show so', async () => {
    const { named, probe } = await setup({ timeline: [stranded] })
    const plan = await planned(named('vast.start'), ONE)
    expect(await named('vast.start').execute(plan, {})).toMatchObject({
      kind: 'unknown',
      detail: expect.stringContaining('queued'),
    })
    expect(await probe('vast.start', plan, 1)).toMatchObject({ kind: 'unknown' })
    expect(await probe('vast.start', plan, VAST_SETTLE_MS / 1_000)).toMatchObject({ kind: 'not-applied' })
  })

  it('a stopped instance shows in all three states', async () => {
    const { named, world, probe } = await setup({ timeline: [STOPPED] })
    const plan = await planned(named('vast.start'), ONE)
    expect(await named('vast.start').execute(plan, {})).toMatchObject({ kind: 'done' })
    world.at(25_000)
    expect(await probe('vast.start', plan, 25, true)).toMatchObject({ kind: 'applied', effect: 'reached' })
  })

  it('what runs already is not needed', async () => {
    const { named } = await setup()
    expect(await named('vast.start').plan(ONE, { runId: RUN })).toMatchObject({ why: 'not-needed' })
  })

  it('without credit is a definite no at HTTP 200', async () => {
    const { named } = await setup({ timeline: [{ at: '0s', event: 'credit', usd: 0 }, STOPPED] })
    const plan = await planned(named('vast.start'), ONE)
    expect(await named('vast.start').execute(plan, {})).toMatchObject({
      kind: 'refused',
      why: 'not-possible',
      detail: expect.stringContaining('missing_billing'),
    })
  })
})

describe('a label', () => {
  it('is set, found again after a lost answer, and taken back', async () => {
    const { named, probe } = await setup({ timeline: [{ at: '0s', for: '10s', ...LOST }] })
    const params = { ...ONE, label: 'draining 14:31' }
    const plan = await planned(named('vast.label'), params)
    expect(plan.undo).toMatchObject({ executor: 'vast.label', params: { instance: '9100001' } })
    expect(await named('vast.label').execute(plan, {})).toMatchObject({ kind: 'unknown' })
    expect(await probe('vast.label', plan, 1)).toMatchObject({ kind: 'applied', effect: 'reached' })
  })

  it.each([["spare'; reboot"], ['$(id)'], ['two\nlines'], ['\u202Eabc'], ['x'.repeat(101)]])(
    'refuses %j before anything is asked',
    async (label) => {
      const { named, ledger } = await setup()
      expect(named('vast.label').parse({ ...ONE, label })).toMatchObject({ ok: false })
      expect(await named('vast.label').plan({ ...ONE, label }, { runId: RUN })).toMatchObject({
        kind: 'refused',
        why: 'invalid',
      })
      expect(ledger()).toEqual([])
    },
  )
})

describe('recycling', () => {
  it('makes the container anew: what filled its disk is gone', async () => {
    const { named, world } = await setup({
      timeline: [{ at: '0s', event: 'instance-disk', share: 0.99, target: { instances: [1] } }],
    })
    const plan = await planned(named('vast.recycle'), ONE)
    expect(named('vast.recycle').risk).toBe('dangerous')
    expect(await named('vast.recycle').execute(plan, {})).toMatchObject({ kind: 'done' })
    world.at(40_000)
    const { world: inside } = world.simulator.running()
    const instance = inside.instance(9100001)
    if (!instance) throw new Error('the instance is gone')
    expect(inside.instanceAt(instance, 40_000).diskShare).toBeLessThan(0.9)
  })
})

describe('reading logs and keeping evidence', () => {
  it('is bounded in lines', async () => {
    const { named } = await setup()
    expect(named('vast.logs').parse({ ...ONE, tail: 2_001 })).toMatchObject({ ok: false })
  })

  it('reads a log once it has appeared, and changes nothing', async () => {
    const { named, world, ledger } = await setup()
    const plan = await planned(named('vast.logs'), { ...ONE, tail: 20 })
    const reading = named('vast.logs').execute(plan, {})
    const moving = setInterval(() => world.at(1_000), 50)
    const done = await reading
    clearInterval(moving)
    expect(done).toMatchObject({ kind: 'done', detail: '20 lines' })
    expect(ledger()).toEqual([])
  })
})

describe('what the provider refuses', () => {
  it.each([
    ['a key that may only read', 'simulated-read', 'forbidden'],
    ['no key', 'nobody', 'forbidden'],
  ])('%s', async (_name, key, why) => {
    const { named } = await setup({ key })
    const answer = await named('vast.reboot').plan(ONE, { runId: RUN })
    if (answer.kind === 'plan')
      expect(await named('vast.reboot').execute(answer.plan, {})).toMatchObject({ kind: 'refused', why })
    else expect(answer).toMatchObject({ kind: 'refused', why })
  })

  it('ACT-VAS-02 429 in plain text is a definite no: nothing was done', async () => {
    const { named, ledger } = await setup({ rateLimitFactor: 600 })
    const first = await named('vast.reboot').plan(ONE, { runId: RUN })
    expect(first.kind).toBe('plan')
    if (first.kind !== 'plan') return
    expect(await named('vast.reboot').execute(first.plan, {})).toMatchObject({
      kind: 'refused',
      why: 'limited',
    })
    expect(ledger()).toEqual([])
  })

  it('ACT-VAS-01 there is no way to stop an instance', async () => {
    const { all } = await setup()
    expect(all.map((it) => it.id).sort()).toEqual([
      'vast.label',
      'vast.logs',
      'vast.reboot',
      'vast.recycle',
      'vast.start',
    ])
  })
})
