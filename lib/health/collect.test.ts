import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Console } from '../console'
import { takeLease } from '../jobs/lease'
import { systemClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import type { Reading } from '../sources/reading'
import type { Answer } from '../sources/source'
import { type Collector, startCollector } from './collect'
import type { GpuObservation } from './model'
import { DEFAULT_HEALTH_POLICY } from './policy'
import type { GpuSweep, ListedInstance, Ports } from './ports'
import { applyDelta, type HealthState } from './state'
import { readDeltas, readState } from './store'
import type { Delta } from './wire'

let console: Console
let owner = 0
let collector: Collector | undefined

beforeAll(async () => {
  console = { ...(await testConsole()), clock: systemClock }
})

afterAll(async () => {
  await collector?.stop()
  await console.close()
})

async function until<T>(read: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const value = await read()
    if (value) return value
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

function known<T>(value: T, at: Date): Reading<T> {
  return { kind: 'known', value, unit: '', source: 'dcgm', observedAt: at }
}

function none<T>(at: Date): Reading<T> {
  return { kind: 'unknown', why: 'not_supported', source: 'dcgm', since: at }
}

function gpuAt(instanceId: string, at: Date, tempC = 60): GpuObservation {
  return {
    instanceId,
    index: 0,
    source: 'dcgm',
    uuid: `GPU-${instanceId}`,
    model: 'RTX 4090',
    utilPercent: known(80, at),
    tempC: known(tempC, at),
    marginC: none(at),
    memoryTempC: none(at),
    vramUsedMib: known(12_000, at),
    vramTotalMib: known(24_564, at),
    powerW: known(300, at),
    xid: known(0, at),
    throttle: none(at),
    eccUncorrected: none(at),
    remapPending: none(at),
    remapFailed: none(at),
    nvlinkDown: none(at),
    lost: known(false, at),
  }
}

function listed(id: string, at: Date): ListedInstance {
  const text = (value: string): Reading<string> => ({
    kind: 'known',
    value,
    unit: '',
    source: 'vast',
    observedAt: at,
  })
  return {
    id,
    machineId: '5501',
    hostId: '77',
    label: 'gpu-worker',
    region: 'eu-fra',
    gpuModel: 'RTX 4090',
    gpuCount: 1,
    image: 'registry.example/worker:stable',
    actual: text('running'),
    intended: text('running'),
    allocation: text('running'),
    statusText: '',
    dollarsPerHour: known(0.42, at),
    storageDollarsPerHour: known(0.01, at),
    interruptible: false,
    diskUsedShare: known(0.4, at),
    gpuUtilPercent: known(80, at),
    gpuTempC: known(60, at),
    vramUsedMib: known(12_000, at),
    probe: none(at),
    observedAt: at,
  }
}

type World = { sweep: (now: Date) => Answer<GpuSweep>; ids: string[] }

function portsOf(world: World): Ports {
  const pace = { intervalMs: 500, wayRound: 'look elsewhere' }
  return {
    fleet: {
      id: 'vast',
      kind: 'vast',
      title: 'Vast.ai instances',
      ...pace,
      step: async (now) => ({
        instances: world.ids.map((id) => listed(id, now)),
        gone: [],
        waitMs: 300,
        answer: { ok: true, value: null, latencyMs: 3, drift: [] },
        sweepMs: 0,
        note: '',
      }),
    },
    gpus: {
      id: 'dcgm',
      kind: 'dcgm',
      title: 'GPU telemetry',
      ...pace,
      sweep: async (now) => world.sweep(now),
    },
    reports: { parse: () => ({ problem: 'not used here' }) },
  }
}

function sweepOf(ids: readonly string[], now: Date, tempC?: number): Answer<GpuSweep> {
  const gpus = ids.map((id) => gpuAt(id, now, tempC))
  return { ok: true, value: { at: now, gpus, sampledAt: new Map(), missing: [] }, latencyMs: 2, drift: [] }
}

async function begin(world: World): Promise<number> {
  await console.hot.query("UPDATE lease SET expires_at = now() - interval '1 s' WHERE name = 'collector'")
  owner += 1
  const epoch = (await takeLease(console.hot, 'collector', `test-${owner}`)) ?? -1
  await console.hot.query("UPDATE lease SET expires_at = now() + interval '1 hour' WHERE name = 'collector'")
  collector = await startCollector({
    hot: console.hot,
    clock: systemClock,
    log: console.log,
    ports: portsOf(world),
    policy: () => DEFAULT_HEALTH_POLICY,
    epoch,
    held: () => true,
    simulated: true,
  })
  return epoch
}

async function presentState(): Promise<HealthState | undefined> {
  return readState(console.hot)
}

describe('the collector', () => {
  it('commits what the sources say as a snapshot and contiguous deltas that rebuild the same state', async () => {
    const ids = ['9001', '9002', '9003']
    const world: World = { ids, sweep: (now) => sweepOf(ids, now) }
    await begin(world)
    const state = await until(async () => {
      const read = await presentState()
      return read && read.gpus.count === 3 && read.gpus.temp.every((temp) => temp === 60) && read
    })
    expect([...state.instances.id].sort()).toEqual(ids)
    expect(state.instances.host).toEqual(['5501', '5501', '5501'])
    expect(state.board.sources.map((source) => source.id)).toEqual(['vast', 'dcgm'])

    world.sweep = (now) => sweepOf(ids, now, 71)
    await until(async () => (await presentState())?.gpus.temp.every((temp) => temp === 71))
    const rows = await readDeltas(console.hot, state.seq)
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => state.seq + 1 + index))
    for (const row of rows) {
      expect(applyDelta(state, JSON.parse(row.body.toString('utf8')) as Delta).kind).toBe('applied')
    }
    expect([...state.gpus.temp]).toEqual([71, 71, 71])
    await collector?.stop()
  })

  it('goes on from the committed number after a restart, and keeps rows that it has not read yet', async () => {
    const before = await until(presentState)
    const world: World = { ids: ['9001'], sweep: (now) => sweepOf(['9001'], now, 65) }
    await begin(world)
    const after = await until(async () => {
      const read = await presentState()
      return read?.gpus.temp.includes(65) && read
    })
    expect(after.seq).toBeGreaterThan(before.seq)
    expect(after.instances.id).toContain('9003')
    await collector?.stop()
  })

  it('says of a telemetry source that stops answering that it is silent, and why', async () => {
    const world: World = { ids: ['9001'], sweep: (now) => sweepOf(['9001'], now) }
    await begin(world)
    await until(
      async () =>
        (await presentState())?.board.sources.find((source) => source.id === 'dcgm')?.state === 'live',
    )
    world.sweep = () => ({ ok: false, why: 'source_refused', detail: '401 from Prometheus' })
    const source = await until(async () =>
      (await presentState())?.board.sources.find((each) => each.id === 'dcgm' && each.state === 'refused'),
    )
    expect(source.detail).toBe('401 from Prometheus')
    expect(source.wayRound).toBe('look elsewhere')
    await collector?.stop()
  })

  it('still knows after a restart that an XID is new, and learns of one that appeared meanwhile', async () => {
    const withXid = (now: Date, code: number): Answer<GpuSweep> => {
      const gpus = [{ ...gpuAt('9001', now), xid: known(code, now) }]
      return {
        ok: true,
        value: { at: now, gpus, sampledAt: new Map(), missing: [] },
        latencyMs: 1,
        drift: [],
      }
    }
    const calm: World = { ids: ['9001'], sweep: (now) => withXid(now, 0) }
    await begin(calm)
    await until(async () => (await presentState())?.gpus.xid[0] === 0)
    await collector?.stop()
    await begin({ ids: ['9001'], sweep: (now) => withXid(now, 79) })
    const code = async (): Promise<string | undefined> => (await presentState())?.gpus.code[0]
    await until(async () => (await code()) === 'gpu.fell-off-bus')
    await until(async () => (await console.db.healthMemory.count()) === 1)
    await until(async () =>
      JSON.stringify((await console.db.healthMemory.findFirst())?.body).includes('"code":79'),
    )
    await collector?.stop()
    await begin({ ids: ['9001'], sweep: (now) => withXid(now, 79) })
    const before = (await presentState())?.seq ?? 0
    await until(async () => ((await presentState())?.seq ?? 0) > before + 1)
    expect(await code()).toBe('gpu.fell-off-bus')
    await collector?.stop()
  }, 40_000)

  it('goes on after a commit whose answer was lost', async () => {
    const world: World = { ids: ['9001'], sweep: (now) => sweepOf(['9001'], now, 55) }
    await begin(world)
    await until(async () => (await presentState())?.gpus.temp[0] === 55)
    await console.hot.query(
      `INSERT INTO health_delta (seq, epoch, at, body)
       SELECT max(seq) + 1, max(epoch), now(), convert_to(json_build_object('v', 1, 'seq', max(seq) + 1,
         'layout', $1::int, 'at', 1)::text, 'UTF8') FROM health_delta`,
      [(await presentState())?.layout ?? 0],
    )
    world.sweep = (now) => sweepOf(['9001'], now, 58)
    await until(async () => (await presentState())?.gpus.temp[0] === 58)
    await collector?.stop()
  })

  it('writes nothing once another has taken the lease', async () => {
    const world: World = { ids: ['9001'], sweep: (now) => sweepOf(['9001'], now, 50 + (now.getTime() % 40)) }
    const epoch = await begin(world)
    await until(async () => (await presentState())?.gpus.temp.some((temp) => temp >= 50))
    await console.hot.query("UPDATE lease SET owner = 'other', epoch = epoch + 1 WHERE name = 'collector'")
    const { rows: last } = await console.hot.query<{ seq: string }>(
      'SELECT max(seq) AS seq FROM health_delta',
    )
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    const { rows } = await console.hot.query('SELECT 1 FROM health_delta WHERE epoch = $1 AND seq > $2', [
      epoch,
      last[0]?.seq ?? 0,
    ])
    expect(rows).toHaveLength(0)
  })
})
