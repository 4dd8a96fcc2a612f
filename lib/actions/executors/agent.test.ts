import { chmodSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  makePlace,
  PATIENCE,
  type Place,
  startAgent,
  startSupervisord,
  stopEverything,
  supervisordPath,
} from '../../../agent/agent-run'
import { type Console, setConsole } from '../../console'
import { PLAIN_DOORS } from '../../plain-doors'
import { systemClock } from '../../platform/clock'
import { sha256Hex } from '../../platform/crypto'
import { openPlainDoors } from '../../platform/plain-doors'
import { testConsole } from '../../platform/testing/database'
import type { Plan, Planned } from '../executor'
import { agentExecutors, FRESH_MS } from './agent'
import { createOrderBook } from './order-book'
import { ORDER_HEADER, ordersKeyPlace } from './orders'

vi.setConfig({ testTimeout: 2 * PATIENCE.timeout })

const TOKEN = 'wfa_a-token-of-the-test'
const KEY = 'wfo_canary-Orders-Key-0123456789abcdefXYZabcdef'
const INSTANCE = '7001234'

let console: Console
let server: Server
let url: string
let nowMs = 0

beforeAll(async () => {
  console = { ...(await testConsole()), clock: systemClock }
  setConsole(console)
  openPlainDoors(PLAIN_DOORS)
  server = createServer((_request, response) => response.end('the framework'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  stopEverything()
  nowMs = 0
  await console.db.agentOrder.deleteMany()
  await console.db.agentReport.deleteMany()
  await console.hot.query('DELETE FROM agent_inbox')
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await console.close()
})

async function token(orders: 'on' | 'off', instanceId = INSTANCE): Promise<void> {
  const ordersKey = orders === 'on' ? console.seal.seal(KEY, ordersKeyPlace(instanceId)) : null
  const data = { tokenHash: sha256Hex(TOKEN), issuedAt: new Date(), issuedBy: 'sam', ordersKey }
  await console.db.agentToken.upsert({
    where: { instanceId },
    create: { instanceId, ...data },
    update: data,
  })
}

const REPORT = {
  sequence: 5,
  orders: { last: 0, allow: ['status', 'restart', 'start', 'evidence'], services: ['worker-gpu'] },
}

/** What the collector does with a report: the newest one of an instance is kept. */
async function kept(body: object, ageMs = 0): Promise<void> {
  const data = { receivedAt: new Date(Date.now() - ageMs), body: body as never }
  await console.db.agentReport.upsert({
    where: { instanceId: INSTANCE },
    create: { instanceId: INSTANCE, ...data },
    update: data,
  })
}

function push(body: object): Promise<Response> {
  return fetch(`${url}/api/agent/report`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function setup(pause?: () => Promise<boolean>) {
  const clock = { ...systemClock, now: () => new Date(Date.now() + nowMs) }
  return agentExecutors({
    orders: createOrderBook(console.hot),
    clock,
    bounds: { programs: ['worker-gpu', 'worker-cpu'] },
    ...(pause === undefined ? {} : { pause }),
  })
}
const named = { instance: INSTANCE, program: 'worker-gpu' }
const anyTime = { sentAt: new Date(0), now: new Date(0) }

function planOf(planned: Planned): Plan {
  if (planned.kind !== 'plan') throw new Error(JSON.stringify(planned))
  return planned.plan
}
async function planned(runId: string): Promise<Plan> {
  return planOf(await setup().restart.plan(named, { runId }))
}

describe('parameters', () => {
  it.each([
    ['a program that is not on the list', { ...named, program: 'sshd' }],
    ['a line end in the program', { ...named, program: 'worker-gpu\nkind=evidence' }],
    ['a space in the instance', { ...named, instance: '1 kind=evidence' }],
    ['no program', { instance: INSTANCE }],
    ['one thing more', { ...named, force: true }],
  ])('refuse %s before anything is asked', (_what, params) => {
    expect(setup().restart.parse(params)).toMatchObject({ ok: false })
  })
})

describe('no order is planned', () => {
  it.each([
    ['while orders are off for the instance', 'off', REPORT, 0, 'forbidden'],
    ['for an agent that is silent', 'on', REPORT, FRESH_MS + 1_000, 'unreachable'],
    ['for an agent that takes none', 'on', { sequence: 5 }, 0, 'not-possible'],
    [
      'for a kind that the instance does not allow',
      'on',
      { ...REPORT, orders: { ...REPORT.orders, allow: ['status'] } },
      0,
      'forbidden',
    ],
    [
      'for a program that the instance does not name',
      'on',
      { ...REPORT, orders: { ...REPORT.orders, services: ['llama'] } },
      0,
      'forbidden',
    ],
  ] as const)('%s', async (_what, orders, report, ageMs, why) => {
    await token(orders)
    await kept(report, ageMs)
    expect(await setup().restart.plan(named, { runId: 'run-refused-1' })).toMatchObject({
      kind: 'refused',
      why,
    })
  })
})

describe('an order', () => {
  it('is handed out once (ORD-03), to the instance that it is for, and to no report that takes none', async () => {
    await token('on')
    await kept(REPORT)
    const plan = await planned('run-once-0001')
    const { restart } = setup()
    expect(await restart.dryRun(plan, {})).toMatchObject({ kind: 'would-do' })
    expect(await restart.execute(plan, {})).toMatchObject({ kind: 'unknown' })
    expect(await restart.execute(plan, {})).toMatchObject({ kind: 'already' })
    expect((await push({ sequence: 6 })).headers.get(ORDER_HEADER)).toBeNull()
    const answers = await Promise.all(Array.from({ length: 8 }, () => push({ ...REPORT, sequence: 6 })))
    const lines = answers.map((one) => one.headers.get(ORDER_HEADER)).filter((line) => line !== null)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      /^v=1 id=[0-9a-f-]{36} seq=\d+ instance=7001234 kind=restart name=worker-gpu nonce=[0-9a-f]{32} issued=\d{10} expires=\d{10} sig=[0-9a-f]{64}$/,
    )
    expect(lines[0]).not.toContain('canary')
    expect(await restart.probe(plan, anyTime)).toMatchObject({ kind: 'unknown' })
  })

  it('that the agent did not get (ORD-05), by the report after it, was not carried out', async () => {
    await token('on')
    await kept(REPORT)
    const plan = await planned('run-lost-0001')
    const { restart } = setup()
    await restart.execute(plan, {})
    await push({ ...REPORT, sequence: 6 })
    await kept({ ...REPORT, sequence: 6 })
    expect(await restart.probe(plan, anyTime)).toMatchObject({ kind: 'unknown' })
    await kept({ ...REPORT, sequence: 7 })
    expect(await restart.probe(plan, anyTime)).toMatchObject({ kind: 'not-applied' })
  })

  it('that no report came for in time is void (ORD-05) and is handed out never', async () => {
    await token('on')
    await kept(REPORT)
    const plan = await planned('run-void-0001')
    nowMs = -600_000
    await setup().restart.execute(plan, {})
    expect((await push({ ...REPORT, sequence: 6 })).headers.get(ORDER_HEADER)).toBeNull()
    expect(await setup().restart.probe(plan, anyTime)).toMatchObject({ kind: 'not-applied' })
  })

  it('waits no longer once orders are turned off (ORD-01)', async () => {
    await token('on')
    await kept(REPORT)
    const plan = await planned('run-off-00001')
    await setup().restart.execute(plan, {})
    await token('off')
    expect((await push({ ...REPORT, sequence: 6 })).headers.get(ORDER_HEADER)).toBeNull()
  })

  it('has its result stored once (ORD-06), masked and bounded, and out of the report', async () => {
    await token('on')
    await kept(REPORT)
    const plan = await planned('run-result-001')
    const { restart } = setup()
    await restart.execute(plan, {})
    const line = (await push({ ...REPORT, sequence: 6 })).headers.get(ORDER_HEADER) ?? ''
    const id = /id=([0-9a-f-]{36})/.exec(line)?.[1]
    const output = [`password=hunter2hunter2`, ...Array.from({ length: 300 }, () => 'x'.repeat(600))]
    const order = { id, seq: 1, outcome: 'failed', exitCode: 1, startedAt: '', endedAt: '', output }
    await push({ ...REPORT, sequence: 7, order })
    await push({ ...REPORT, sequence: 8, order: { ...order, outcome: 'done' } })
    expect(await restart.probe(plan, anyTime)).toMatchObject({ kind: 'applied', effect: 'failed' })
    const stored = JSON.stringify(await console.db.agentOrder.findMany(), (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(stored).not.toContain('hunter2')
    expect(stored.length).toBeLessThan(70_000)
    const { rows } = await console.hot.query<{ body: object }>('SELECT body FROM agent_inbox')
    expect(rows.filter(({ body }) => 'order' in body)).toEqual([])
  })

  it('whose result comes while it is waited for is done at once, with its output', async () => {
    await token('on')
    await kept(REPORT)
    let line = ''
    const pause = async (): Promise<boolean> => {
      const order = {
        id: /id=([0-9a-f-]{36})/.exec(line)?.[1],
        seq: 1,
        outcome: 'done',
        exitCode: 0,
        startedAt: '',
        endedAt: '',
        output: ['worker-gpu   RUNNING'],
      }
      const answer = await push({ ...REPORT, sequence: 6, ...(line === '' ? {} : { order }) })
      line ||= answer.headers.get(ORDER_HEADER) ?? ''
      return true
    }
    const { status } = setup(pause)
    const plan = planOf(await status.plan({ instance: INSTANCE }, { runId: 'run-await-0001' }))
    expect(await status.execute(plan, {})).toMatchObject({ kind: 'done', output: 'worker-gpu   RUNNING' })
  })

  it('of another instance can not be answered', async () => {
    await token('on')
    await kept(REPORT)
    const plan = await planned('run-other-0001')
    const { restart } = setup()
    await restart.execute(plan, {})
    const [row] = await console.db.agentOrder.findMany()
    const order = { id: row?.id, seq: 1, outcome: 'done', startedAt: '', endedAt: '', output: [] }
    await push({ ...REPORT, sequence: 6, order })
    expect(await restart.probe(plan, anyTime)).toMatchObject({ kind: 'unknown' })
  })
})

describe.skipIf(!supervisordPath)('the real agent and a real supervisord (needs supervisor)', () => {
  async function collectNewest(): Promise<void> {
    await console.hot.query(`INSERT INTO agent_report (instance_id, received_at, body)
      SELECT instance_id, received_at, body FROM agent_inbox WHERE instance_id = '${INSTANCE}' ORDER BY id DESC LIMIT 1
      ON CONFLICT (instance_id) DO UPDATE SET received_at = excluded.received_at, body = excluded.body`)
  }
  function placeFor(conf: string, place: Place): void {
    const file = place.file(
      'orders.conf',
      `KEY=${KEY}\nALLOW=status restart start evidence\nSERVICES=worker-gpu worker-cpu\n`,
    )
    chmodSync(file, 0o600)
    Object.assign(place.env, {
      WATCHFLOOR_URL: url,
      WATCHFLOOR_TOKEN: TOKEN,
      WATCHFLOOR_ORDERS_FILE: file,
      WATCHFLOOR_SUPERVISOR_CONF: conf,
    })
  }

  it('start a stopped worker on the console’s order, and the look says that it runs', async () => {
    await token('on')
    const place = makePlace()
    const { conf, status, stop } = startSupervisord(
      place,
      '[program:worker-gpu]\ncommand=/bin/sleep 1000\nstartsecs=0\nautostart=false\n',
    )
    placeFor(conf, place)
    await expect.poll(status, PATIENCE).toMatch(/worker-gpu +STOPPED/)
    const agent = startAgent(place)
    const { start } = setup()
    let plan: Plan | undefined
    await expect
      .poll(async () => {
        await collectNewest()
        const answer = await start.plan(named, { runId: 'run-real-00001' })
        plan = answer.kind === 'plan' ? answer.plan : undefined
        return answer.kind
      }, PATIENCE)
      .toBe('plan')
    if (!plan) throw new Error('no plan')
    const ready = plan
    expect(await start.execute(ready, {})).toMatchObject({ kind: 'unknown' })
    await expect
      .poll(() => start.probe(ready, anyTime), PATIENCE)
      .toMatchObject({
        kind: 'applied',
        effect: 'reached',
        detail: expect.stringMatching(/worker-gpu: started/),
      })
    expect(status()).toMatch(/worker-gpu +RUNNING/)
    await agent.stop()
    await stop()
  })
})
