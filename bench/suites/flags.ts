import { OFREPProvider } from '@openfeature/ofrep-provider'
import { OpenFeature } from '@openfeature/server-sdk'
import { Agent, request } from 'undici'
import { BUCKETS, bucketOf } from '../../lib/flags/bucket'
import { progress, until } from '../clock'
import { type Doors, openDoors } from '../doors'
import { atLeast, atMost } from '../report'
import type { Measured, Suite } from '../suite'

const KEY = 'bench-flag'
const STEPS = [1, 5, 10, 25, 50, 100, 0]
const LANES = 32
const KEYS_AT_ONCE = 500

/** flags asks the OpenFeature SDK of npm, unmodified, over OFREP, and holds every answer against the bucket (bar F3). */
export const flags: Suite = {
  name: 'flags',
  workload:
    'a percentage flag asked by @openfeature/server-sdk with @openfeature/ofrep-provider over HTTP, one request an evaluation, 32 at a time; the same keys by the plain address one by one and 500 at once; every answer at 1, 5, 10, 25, 50, 100 and 0 % against the bucket of its key',
  run: async ({ quick }) => {
    const doors = await openDoors()
    try {
      return await measure(doors, quick ? 2_000 : 10_000)
    } finally {
      await OpenFeature.close()
      await doors.stop()
    }
  },
}

async function inLanes<Value>(count: number, ask: (at: number) => Promise<Value>): Promise<Value[]> {
  const values: Value[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) values[at] = await ask(at)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return values
}

type Timed<Value> = {
  readonly value: Value
  readonly seconds: number
  /** serverSeconds and clientSeconds are what both processes worked, which another load does not change. */
  readonly serverSeconds: number
  readonly clientSeconds: number
}

async function timed<Value>(doors: Doors, what: string, work: () => Promise<Value>): Promise<Timed<Value>> {
  const [startedMs, server, client] = [performance.now(), doors.cpuSeconds(), process.cpuUsage()]
  const value = await work()
  const seconds = (performance.now() - startedMs) / 1_000
  const serverSeconds = doors.cpuSeconds() - server
  const { user, system } = process.cpuUsage(client)
  const clientSeconds = (user + system) / 1e6
  progress(
    `${what}: ${seconds.toFixed(2)} s; worked ${serverSeconds.toFixed(2)} s here, ${clientSeconds.toFixed(2)} s at the caller`,
  )
  return { value, seconds, serverSeconds, clientSeconds }
}

const tenant = (at: number): string => `tenant-${at}`

async function measure(doors: Doors, count: number): Promise<Measured> {
  const { base, app } = doors
  const ana = await doors.person(['commander'])
  const authorization = `Bearer ${await doors.keyOf(ana, ['flags.evaluate'])}`
  await ana.does('flags.create', { key: KEY })
  const agent = new Agent({ connections: LANES })
  const plain = async (query: string): Promise<{ percent: number; results: { value: boolean }[] }> => {
    const { body } = await request(`${base}/api/flags/${KEY}/evaluate?${query}`, {
      dispatcher: agent,
      headers: { authorization },
    })
    return (await body.json()) as { percent: number; results: { value: boolean }[] }
  }
  const shift = async (percent: number): Promise<void> => {
    const { version } = await ana.asks('flags.one', { key: KEY })
    await ana.does('flags.change', { key: KEY, version, percent, reason: 'a step of the measurement' })
    await until('the step is seen', async () => (await plain('bucket=x')).percent === percent, 5_000, 20)
  }
  await OpenFeature.setProviderAndWait(
    new OFREPProvider({ baseUrl: base, headers: [['authorization', authorization]] }),
  )
  const client = OpenFeature.getClient()
  const bySdk = (at: number): Promise<boolean> =>
    client.getBooleanValue(KEY, false, { targetingKey: tenant(at) })
  const salt = (await app.db.flag.findUniqueOrThrow({ where: { key: KEY } })).salt
  await shift(50)
  await inLanes(200, bySdk)
  const sdk = await timed(doors, `${count} evaluations by the SDK`, () => inLanes(count, bySdk))
  const single = await timed(doors, `${count} evaluations by the plain address`, () =>
    inLanes(count, async (at) => (await plain(`bucket=${tenant(at)}`)).results[0]?.value),
  )
  const many = await timed(doors, `${count} evaluations, ${KEYS_AT_ONCE} at once`, async () => {
    const answers: boolean[] = []
    for (let from = 0; from < count; from += KEYS_AT_ONCE) {
      const asked = Array.from({ length: KEYS_AT_ONCE }, (_, at) => `bucket=${tenant(from + at)}`).join('&')
      answers.push(...(await plain(asked)).results.map(({ value }) => value))
    }
    return answers
  })
  const wanted = Array.from({ length: count }, (_, at) => bucketOf(salt, tenant(at)) < BUCKETS / 2)
  const wrong = [sdk.value, single.value, many.value].map(
    (values) => wanted.filter((value, at) => values[at] !== value).length,
  )
  let strayed = 0
  let before = new Set<number>()
  for (const percent of STEPS) {
    await shift(percent)
    const values = await inLanes(500, bySdk)
    const now = new Set(values.flatMap((value, at) => (value ? [at] : [])))
    const lost = percent === 0 ? [...now] : [...before].filter((at) => !now.has(at))
    const misplaced = values.filter((value, at) => value !== bucketOf(salt, tenant(at)) < percent * 100)
    strayed += lost.length + misplaced.length
    before = now
  }
  await agent.close()
  const per10k = (seconds: number): number => (seconds / count) * 10_000
  return {
    figures: {
      evaluations: count,
      sdkSecondsPer10k: per10k(sdk.seconds),
      plainSecondsPer10k: per10k(single.seconds),
      sdkServerCpuSecondsPer10k: per10k(sdk.serverSeconds),
      sdkClientCpuSecondsPer10k: per10k(sdk.clientSeconds),
      plainServerCpuSecondsPer10k: per10k(single.serverSeconds),
      manyAtOnceSecondsPer10k: per10k(many.seconds),
      wrongAnswers: wrong.reduce((total, one) => total + one, 0),
      strayed,
    },
    bars: [
      atMost({
        id: 'F3',
        figure: '10,000 evaluations by the SDK, one request each',
        value: per10k(sdk.seconds),
        limit: 2,
        unit: 's',
      }),
      atMost({
        id: 'F3',
        figure: '10,000 evaluations by the plain address, one request each',
        value: per10k(single.seconds),
        limit: 2,
        unit: 's',
      }),
      atMost({
        id: 'F3',
        figure: '10,000 evaluations by the plain address, 500 at once',
        value: per10k(many.seconds),
        limit: 2,
        unit: 's',
      }),
      atMost({
        id: 'F3',
        figure: 'answers that differ from the bucket',
        value: wrong.reduce((total, one) => total + one, 0),
        limit: 0,
        unit: 'answers',
      }),
      atMost({
        id: 'F3',
        figure: 'keys that left or were not let in at a step',
        value: strayed,
        limit: 0,
        unit: 'keys',
      }),
      atLeast({
        id: 'F3',
        figure: 'steps asked by the SDK',
        value: STEPS.length,
        limit: STEPS.length,
        unit: 'steps',
      }),
    ],
    postgres: doors.database.version,
  }
}
