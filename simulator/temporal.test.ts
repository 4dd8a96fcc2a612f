import { Connection, isGrpcServiceError } from '@temporalio/client'
import { afterAll, describe, expect, test } from 'vitest'
import { type Steered, smallScenario, startWorld } from './testing'

const ACTIVITY = 2
const WORKFLOW = 1
const open: { close(): Promise<void> }[] = []
afterAll(async () => {
  for (const one of open.reverse()) await one.close()
})

async function setup(
  timeline: Record<string, unknown>[] = [],
): Promise<Steered & { connection: Connection }> {
  const world = await startWorld(smallScenario({ timeline }))
  const connection = Connection.lazy({ address: `127.0.0.1:${world.grpcPort}`, interceptors: [] })
  open.push({ close: () => world.simulator.close() }, connection)
  return { ...world, connection }
}

function describeQueue(
  connection: Connection,
  name: string,
  taskQueueType: 1 | 2 = ACTIVITY,
  namespace = 'default',
) {
  return connection.withDeadline(Date.now() + 2000, () =>
    connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name },
      taskQueueType,
      reportStats: true,
    }),
  )
}

async function codeOf(call: Promise<unknown>): Promise<number | undefined> {
  try {
    await call
    return 0
  } catch (error) {
    return isGrpcServiceError(error) ? error.code : undefined
  }
}

const QUEUE = 'video-processing@gpu'

describe('the unmodified Temporal client', () => {
  test('reads pollers, rates and the server version', async () => {
    const { connection, at } = await setup()
    at(60_000)
    const answer = await describeQueue(connection, QUEUE)
    expect(answer.pollers.length).toBeGreaterThan(0)
    expect(answer.stats?.tasksAddRate).toBeCloseTo(1, 1)
    const info = await connection.workflowService.getSystemInfo({})
    expect(info.serverVersion).toMatch(/^1\.3\d/)
    expect((await connection.healthService.check({})).status).toBe(1)
  })

  test('gets honest-looking zeros for a queue that never was and for the wrong type', async () => {
    const { connection } = await setup()
    for (const answer of [
      await describeQueue(connection, 'typo@gpu'),
      await describeQueue(connection, QUEUE, WORKFLOW),
    ]) {
      expect(answer.pollers).toEqual([])
      expect(Number(answer.stats?.approximateBacklogCount ?? 0)).toBe(0)
    }
  })

  test('meets NOT_FOUND for an unknown namespace', async () => {
    const { connection } = await setup()
    expect(await codeOf(describeQueue(connection, QUEUE, ACTIVITY, 'elsewhere'))).toBe(5)
  })

  test.each([
    ['unavailable', { fault: 'refused' }, 14],
    ['resource exhausted', { fault: 'rate-limited' }, 8],
    ['permission denied', { fault: 'forbidden' }, 7],
    ['no answer before the deadline', { fault: 'blackhole' }, 4],
  ])('meets a frontend that is %s', async (_, fault, code) => {
    const { connection } = await setup([{ at: '0s', event: 'source-fault', source: 'temporal', ...fault }])
    expect(await codeOf(describeQueue(connection, QUEUE))).toBe(code)
  })

  test('gets no stats from an old server', async () => {
    const { connection } = await setup([
      { at: '0s', event: 'source-fault', source: 'temporal', fault: 'stats-unset' },
    ])
    expect((await describeQueue(connection, QUEUE)).stats ?? null).toBeNull()
  })
})

describe('queues', () => {
  test('wedged workers stay listed for five minutes while the backlog grows', async () => {
    const { connection, at } = await setup([{ at: '1m', event: 'workers-wedged', target: { share: 1 } }])
    at(180_000)
    const early = await describeQueue(connection, QUEUE)
    expect(early.pollers.length).toBeGreaterThan(0)
    expect(Number(early.stats?.approximateBacklogCount)).toBe(120)
    expect(Number(early.stats?.approximateBacklogAge?.seconds)).toBe(120)
    expect(early.stats?.tasksDispatchRate).toBe(0)
    at(420_000)
    const late = await describeQueue(connection, QUEUE)
    expect(late.pollers).toEqual([])
    expect(Number(late.stats?.approximateBacklogCount)).toBe(360)
  })

  test('a surge builds a backlog that drains afterwards', async () => {
    const { connection, at } = await setup([
      { at: '1m', for: '5m', event: 'queue-arrival', queue: QUEUE, factor: 3 },
    ])
    const backlog = async (offsetMs: number): Promise<number> => {
      at(offsetMs)
      return Number((await describeQueue(connection, QUEUE)).stats?.approximateBacklogCount)
    }
    expect(await backlog(360_000)).toBe(420)
    expect(await backlog(660_000)).toBe(240)
    expect(await backlog(1_200_000)).toBeLessThan(4)
  })

  test('a rate-limited queue says so', async () => {
    const { connection, at } = await setup([{ at: '0s', event: 'queue-rate-limited', queue: QUEUE }])
    at(60_000)
    expect((await describeQueue(connection, QUEUE)).stats?.rateLimitingActive).toBe(true)
  })
})
