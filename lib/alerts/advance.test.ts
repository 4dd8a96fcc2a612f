import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Console } from '../console'
import { EMPTY_BOARD } from '../health/publisher'
import type { Board } from '../health/wire'
import type { SteppedClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import { type AlertWatch, createAlertWatch } from './advance'
import { createInboxDrain } from './advance-inbox'
import { hookIntake, takeHook } from './hooks-collect'
import { alertsPolicySchema } from './policy'
import type { AlertPorts } from './ports'
import { alertmanagerBody, hookRequest, hookSecretsEnv, SECRETS } from './testing/deliveries'

let console: Console & { readonly clock: SteppedClock }

const policy = alertsPolicySchema.parse({
  rules: [
    {
      id: 'api.down',
      name: 'API down',
      level: 'P1',
      holdSeconds: 30,
      signal: { kind: 'api', figure: 'serverErrors', above: 10 },
      sentence: 'Server errors at {value}, limit {limit}.',
    },
  ],
})

beforeAll(async () => {
  console = await testConsole({ WATCHFLOOR_HOOK_SECRETS: hookSecretsEnv })
})

beforeEach(async () => {
  await console.hot.query('TRUNCATE alert, alert_memory, alert_notice, lease, live_hint, hook_inbox')
  await console.hot.query(
    "INSERT INTO lease (name, epoch, owner, expires_at) VALUES ('alerts', 7, 'test', now() + interval '1 hour')",
  )
})

afterAll(async () => {
  await hookIntake(console).flush()
  await console.close()
})

function boardWith(value: number | null): Board {
  const serverErrors = {
    value,
    unit: '/min',
    rating: value === null ? 'unknown' : 'clear',
    at: 1,
    source: 'p',
  }
  return { ...EMPTY_BOARD, api: { ...EMPTY_BOARD.api, serverErrors: serverErrors as Board['api']['p95'] } }
}

function watchWith(
  options: { board?: () => Board | undefined; ports?: AlertPorts; epoch?: number } = {},
): AlertWatch {
  return createAlertWatch(console, {
    policy: () => policy,
    hashOf: () => 'rule-hash',
    ports: () => options.ports ?? {},
    board: async () => options.board?.(),
    hosts: async () => [],
    epoch: options.epoch ?? 7,
    onChange: () => undefined,
  })
}

async function ticks(watch: AlertWatch, count: number): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) {
    console.clock.advanceMs(15_000)
    await watch.tick(console.clock.now())
  }
}

type Row = {
  readonly name: string
  readonly status: string
  readonly level: string
  readonly policy_hash: string | null
  readonly annotations: Record<string, string>
}

async function own(): Promise<Row[]> {
  const { rows } = await console.hot.query<Row>(
    "SELECT name, status, level, policy_hash, annotations FROM alert WHERE source = 'watchfloor' ORDER BY starts_at",
  )
  return rows
}

describe('the alerts job', () => {
  it('A-JOB-01 our own rule begins an episode that keeps its hash, and another process goes on where it stopped', async () => {
    let value: number | null = 42
    const board = (): Board => boardWith(value)
    await ticks(watchWith({ board }), 2)
    expect(await own()).toEqual([])
    await ticks(watchWith({ board }), 1)
    expect(await own()).toMatchObject([
      {
        name: 'API down',
        status: 'firing',
        level: 'P1',
        policy_hash: 'rule-hash',
        annotations: { summary: 'Server errors at 42 /min, limit 10.' },
      },
    ])
    value = null
    await ticks(watchWith({ board }), 3)
    expect(await own()).toMatchObject([{ status: 'firing' }])
    value = 0
    await ticks(watchWith({ board }), 2)
    expect(await own()).toMatchObject([{ status: 'resolved' }])
  })

  it('A-JOB-02 a process that is no longer the leader writes nothing', async () => {
    const stale = watchWith({ board: () => boardWith(42), epoch: 6 })
    await expect(ticks(stale, 1)).rejects.toThrow('lease')
    const { rows } = await console.hot.query('SELECT * FROM alert_memory')
    expect(rows).toEqual([])
    expect(await own()).toEqual([])
  })

  it('A-BEA-01 the absence of a delivered heartbeat raises "our eyes are shut", its return ends it', async () => {
    const drain = createInboxDrain(console, { policy: () => policy })
    const startsAt = console.clock.now().toISOString()
    const beat = async (): Promise<void> => {
      const body = alertmanagerBody([{ labels: { alertname: 'Watchdog', severity: 'none' }, startsAt }])
      const signing = {
        sender: 'alertmanager' as const,
        secret: SECRETS.alertmanager[0],
        body,
        now: console.clock.now(),
      }
      await takeHook(console, hookRequest(signing), { sender: 'alertmanager' })
      await drain.drain()
    }
    const watch = watchWith()
    await ticks(watch, 40)
    expect(await own()).toEqual([])
    await beat()
    await ticks(watch, 8)
    expect(await own()).toEqual([])
    await ticks(watch, 1)
    expect(await own()).toMatchObject([{ name: 'Our eyes are shut', status: 'firing', level: 'P2' }])
    await beat()
    await ticks(watch, 1)
    expect(await own()).toMatchObject([{ name: 'Our eyes are shut', status: 'resolved' }])
  })

  it('A-JOB-03 a list that can not be read twice in a row is said, and closes nothing', async () => {
    const failed = { ok: false, why: 'source_unreachable', detail: 'no answer' } as const
    let isBroken = true
    const ports: AlertPorts = {
      alertmanager: {
        alerts: async () => (isBroken ? failed : { ok: true, value: [], latencyMs: 1, drift: [] }),
        silences: async () => failed,
        startedAt: async () => failed,
      },
    }
    const notices = async (): Promise<string[]> => {
      const { rows } = await console.hot.query<{ id: string }>('SELECT id FROM alert_notice')
      return rows.map((row) => row.id)
    }
    const watch = watchWith({ ports })
    await watch.poll(console.clock.now())
    expect(await notices()).toEqual([])
    await watch.poll(console.clock.now())
    expect(await notices()).toEqual(['poll-failed:alertmanager'])
    isBroken = false
    await watch.poll(console.clock.now())
    expect(await notices()).toEqual([])
  })

  it('A-JOB-04 consoles are told of changes at most once a second, and never not at all', async () => {
    const first = createInboxDrain(console, { policy: () => policy })
    const second = createInboxDrain(console, { policy: () => policy })
    const hints = async (): Promise<number> =>
      (await console.hot.query("SELECT 1 FROM live_hint WHERE topic = 'alerts'")).rowCount ?? 0
    for (const drain of [first, second]) {
      drain.markChanged()
      await drain.tellConsoles()
      await drain.tellConsoles()
    }
    expect(await hints()).toBe(1)
    console.clock.advanceMs(1_001)
    await second.tellConsoles()
    await second.tellConsoles()
    expect(await hints()).toBe(2)
  })
})
