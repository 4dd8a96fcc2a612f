import { OpenFeature } from '@openfeature/server-sdk'
import { BUCKETS, bucketOf } from '../../lib/flags/bucket'
import { progress, until } from '../clock'
import { bundled, type Doors, openDoors } from '../doors'
import { inLanes, LANES, plainAddress, serverSdk, webSdk } from '../flag-callers'
import { atLeast, atMost } from '../report'
import { logOf } from '../rig'
import type { Measured, Suite } from '../suite'

const KEY = 'bench-flag'
const STEPS = [1, 5, 10, 25, 50, 100, 0]
const KEYS_AT_ONCE = 500
const EVALUATIONS = 10_000
const CONTEXTS = 200

/** flags asks the OpenFeature SDKs of npm, unmodified, over OFREP, beside what they cost without us, and holds every answer against the bucket (bar F3). */
export const flags: Suite = {
  name: 'flags',
  workload: `a percentage flag asked over HTTP: by @openfeature/server-sdk with @openfeature/ofrep-provider, one request an evaluation, ${LANES} in flight, with its own fetch and with the fetch of migrator/ofrep-fetch.ts given to its constructor, each also against a bare node:http server with one constant answer (the floor); by @openfeature/web-sdk with @openfeature/ofrep-web-provider, one bulk request for each of ${CONTEXTS} contexts; by our plain address without an SDK; every answer, and all at 1, 5, 10, 25, 50, 100 and 0 %, against the bucket of its key`,
  run: async ({ quick }) => {
    const doors = await openDoors()
    try {
      return await measure(doors, quick ? 2_000 : EVALUATIONS)
    } finally {
      await OpenFeature.close()
      await doors.stop()
    }
  },
}

async function openFloor({ programs }: Doors): Promise<string> {
  const child = await bundled(new URL('../flag-floor-child.ts', import.meta.url), 'flag-floor-child')
  const floor = programs.start({ name: 'floor', program: process.execPath, args: [child], env: process.env })
  await until('the floor answers', () => logOf(floor).includes('listening on'), 30_000)
  return `http://127.0.0.1:${/listening on (\d+)/.exec(logOf(floor))?.[1]}`
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

const wrongIn = (values: readonly (boolean | undefined)[], isIn: (at: number) => boolean): number =>
  values.filter((value, at) => value !== isIn(at)).length

type Setting = {
  readonly doors: Doors
  readonly at: { readonly base: string; readonly key: string; readonly authorization: string }
  readonly isIn: (at: number, percent?: number) => boolean
}

/** One SDK that asks for each evaluation: how long, and how many answers were wrong. */
async function bySdk({ doors, at, isIn }: Setting, fetching: 'own' | 'kept', count: number) {
  const caller = await serverSdk(at, fetching)
  const ask = (one: number): Promise<boolean> => caller.ask(tenant(one))
  await inLanes(1_000, ask)
  const what = `${count} evaluations by the server SDK, ${fetching} fetch, ${at.base === doors.base ? 'our address' : 'the floor'}`
  const found = await timed(doors, what, () => inLanes(count, ask))
  await caller.close()
  return { ...found, per10k: (found.seconds / count) * EVALUATIONS, wrong: wrongIn(found.value, isIn) }
}

/** The SDK for one context: each context is one request, all evaluations of it are none. */
async function byWebSdk({ doors, at, isIn }: Setting) {
  const caller = await webSdk(at, 'nobody')
  const each = EVALUATIONS / CONTEXTS
  const what = `${EVALUATIONS} evaluations by the web SDK in ${CONTEXTS} contexts`
  const found = await timed(doors, what, async () => {
    const values: boolean[] = []
    for (let context = 0; context < CONTEXTS; context += 1) {
      await caller.become(tenant(context))
      for (let again = 0; again < each; again += 1) values.push(caller.ask())
    }
    return values
  })
  const alone = await timed(doors, `${EVALUATIONS} evaluations by the web SDK in one context`, async () =>
    Array.from({ length: EVALUATIONS }, () => caller.ask()),
  )
  await caller.close()
  const wrong =
    wrongIn(found.value, (one) => isIn(Math.floor(one / each))) +
    wrongIn(alone.value, () => isIn(CONTEXTS - 1))
  return { seconds: found.seconds, oneContextSeconds: alone.seconds, wrong }
}

async function byPlain({ doors, at, isIn }: Setting, count: number) {
  const plain = plainAddress(at)
  const single = await timed(doors, `${count} evaluations by our plain address, no SDK`, () =>
    inLanes(count, async (one) => (await plain.ask(`bucket=${tenant(one)}`)).results[0]?.value),
  )
  const many = await timed(
    doors,
    `${count} evaluations by our plain address, ${KEYS_AT_ONCE} at once`,
    async () => {
      const answers: boolean[] = []
      for (let from = 0; from < count; from += KEYS_AT_ONCE) {
        const asked = Array.from({ length: KEYS_AT_ONCE }, (_, one) => `bucket=${tenant(from + one)}`).join(
          '&',
        )
        answers.push(...(await plain.ask(asked)).results.map(({ value }) => value))
      }
      return answers
    },
  )
  await plain.close()
  return { single, many, wrong: wrongIn(single.value, isIn) + wrongIn(many.value, isIn) }
}

/** Every step asked by the SDK: keys that are not where their bucket says, or that a larger share lost. */
async function strayedIn({ at, isIn }: Setting, shift: (percent: number) => Promise<void>): Promise<number> {
  const caller = await serverSdk(at, 'own')
  let strayed = 0
  let before = new Set<number>()
  for (const percent of STEPS) {
    await shift(percent)
    const values = await inLanes(500, (one) => caller.ask(tenant(one)))
    const now = new Set(values.flatMap((value, one) => (value ? [one] : [])))
    const lost = percent === 0 ? [...now] : [...before].filter((one) => !now.has(one))
    strayed += lost.length + wrongIn(values, (one) => isIn(one, percent))
    before = now
  }
  await caller.close()
  return strayed
}

async function measure(doors: Doors, count: number): Promise<Measured> {
  const { base, app } = doors
  const ana = await doors.person(['commander'])
  const authorization = `Bearer ${await doors.keyOf(ana, ['flags.evaluate'])}`
  await ana.does('flags.create', { key: KEY })
  const { salt } = await app.db.flag.findUniqueOrThrow({ where: { key: KEY } })
  const at = { base, key: KEY, authorization }
  const isIn = (one: number, percent = 50): boolean => bucketOf(salt, tenant(one)) < (percent / 100) * BUCKETS
  const setting = { doors, at, isIn }
  const plain = plainAddress(at)
  const shift = async (percent: number): Promise<void> => {
    const { version } = await ana.asks('flags.one', { key: KEY })
    await ana.does('flags.change', { key: KEY, version, percent, reason: 'a step of the measurement' })
    await until('the step is seen', async () => (await plain.ask('bucket=x')).percent === percent, 5_000, 20)
  }
  await shift(50)
  const floorAt = { ...setting, at: { ...at, base: await openFloor(doors) }, isIn: () => true }
  const own = await bySdk(setting, 'own', count)
  const ownFloor = await bySdk(floorAt, 'own', count)
  const kept = await bySdk(setting, 'kept', EVALUATIONS)
  const keptFloor = await bySdk(floorAt, 'kept', EVALUATIONS)
  const web = await byWebSdk(setting)
  const address = await byPlain(setting, count)
  const strayed = await strayedIn(setting, shift)
  await plain.close()
  const wrong = own.wrong + kept.wrong + web.wrong + address.wrong
  const per10k = (seconds: number): number => (seconds / count) * EVALUATIONS
  const bar = { id: 'F3', unit: 's', limit: 2 }
  return {
    figures: {
      evaluations: EVALUATIONS,
      evaluationsWithOwnFetch: count,
      inFlight: LANES,
      serverSdkOwnFetchSecondsPer10k: own.per10k,
      serverSdkOwnFetchFloorSecondsPer10k: ownFloor.per10k,
      serverSdkKeptFetchSecondsPer10k: kept.per10k,
      serverSdkKeptFetchFloorSecondsPer10k: keptFloor.per10k,
      serverSdkOwnFetchClientCpuSecondsPer10k: per10k(own.clientSeconds),
      serverSdkKeptFetchClientCpuSecondsPer10k: kept.clientSeconds,
      ourServerCpuSecondsPer10k: kept.serverSeconds,
      webSdkSecondsPer10kIn200Contexts: web.seconds,
      webSdkSecondsPer10kInOneContext: web.oneContextSeconds,
      ourAddressAloneSecondsPer10k: per10k(address.single.seconds),
      ourAddress500AtOnceSecondsPer10k: per10k(address.many.seconds),
      wrongAnswers: wrong,
      strayed,
    },
    bars: [
      atMost({
        ...bar,
        figure: `10,000 evaluations by the server SDK with its OFREP provider, fetch of migrator/ofrep-fetch.ts, one request each, ${LANES} in flight`,
        value: kept.per10k,
      }),
      atMost({
        ...bar,
        figure: `10,000 evaluations by the web SDK with its OFREP provider, ${CONTEXTS} contexts, one bulk request each`,
        value: web.seconds,
      }),
      atMost({
        id: 'F3',
        figure: 'answers that differ from the bucket',
        value: wrong,
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
