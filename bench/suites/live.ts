import { request } from 'undici'
import { createPusher, type Pusher } from '../agent-push'
import { HOOK_ENVIRONMENT } from '../alert-posts'
import { monotonicMs, pause, progress } from '../clock'
import { peakRssMiB, rigGroups, treeOf, usageOf, watchCpu } from '../cpu'
import { quantile, ratio } from '../numbers'
import { atLeast, atMost, type Bar, type Figures, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig, untilWatched } from '../rig'
import type { Suite } from '../suite'
import { startViewers, type Viewers } from '../viewers'
import { seedWorkload, WORKLOAD_W } from '../workload'

const SEEN_WITHIN_MS = 15_000
const WARM_UP = 4
const SNAPSHOT_LIMIT_KB = 64
const RSS_LIMIT_MIB = 350

type Scale = {
  readonly viewers: number
  readonly changes: number
  readonly cpuSeconds: number
  readonly rounds: number
  readonly scenario: string
  readonly gpus: number
  /** read is how many GPUs must have been read before anything is measured. */
  readonly read: number
}

/** live measures what 500 people who watch at once get and cost (bar A2). */
export const live: Suite = {
  name: 'live',
  workload: `${WORKLOAD_W}; 500 SSE viewers in one other process (only the first decodes payloads), the reference page's own SSE fan-out with as many viewers of the same code, measured in turn. The short form watches the 212 GPUs of the demo instead of W's, without its alerts and incidents`,
  run: async ({ quick, build }) => {
    const scale: Scale = quick
      ? { viewers: 500, changes: 20, cpuSeconds: 5, rounds: 1, scenario: 'demo', gpus: 212, read: 180 }
      : {
          viewers: 500,
          changes: 60,
          cpuSeconds: 60,
          rounds: 3,
          scenario: 'w-10000',
          gpus: 10_000,
          read: 9_900,
        }
    const rig = await startRig({
      scenario: scenarioPath(scale.scenario),
      environment: HOOK_ENVIRONMENT,
      agents: 40,
      spares: 4,
      floor: true,
      build,
    })
    const viewers = startViewers()
    try {
      if (!quick) await seedWorkload(rig)
      await untilWatched(rig, scale)
      return await measure(rig, viewers, scale)
    } finally {
      viewers.end()
      await rig.stop()
    }
  },
}

async function measure(
  rig: Rig,
  viewers: Viewers,
  scale: Scale,
): Promise<{ readonly figures: Figures; readonly bars: readonly Bar[]; readonly postgres: string }> {
  const count = scale.viewers
  const stream = { url: `${rig.base}/api/live`, cookie: rig.cookie, count }
  progress(`CPU without viewers, ${scale.cpuSeconds} s`)
  const before = await cpuOver(rig, scale.cpuSeconds)
  const opened = await viewers.open(stream)
  progress(`${count} viewers after ${Math.round(opened.openMs)} ms; CPU with them, ${scale.cpuSeconds} s`)
  const watchedBuilt = await framesBuilt(rig)
  const during = await cpuOver(rig, scale.cpuSeconds)
  const builtAfter = await framesBuilt(rig)
  const firstState = await viewers.state()

  const pusher = await createPusher(rig)
  const own: number[] = []
  const first: number[] = []
  const reference: number[] = []
  let missed = 0
  let tracks = firstState.tracks
  for (let round = 0; round < scale.rounds; round += 1) {
    if (round > 0) await viewers.open(stream)
    progress(`round ${round + 1} of ${scale.rounds}: changes at the source`)
    const changed = await changes(pusher, viewers, {
      count,
      changes: Math.ceil(scale.changes / scale.rounds),
    })
    own.push(...changed.last)
    first.push(...changed.first)
    missed += changed.missed
    tracks = (await viewers.state()).tracks.map((track, at) =>
      merge(track, round === 0 ? undefined : tracks[at]),
    )
    await viewers.close()
    await viewers.open({ url: `${rig.floorBase}/live`, cookie: '', count })
    reference.push(
      ...(await floorChanges(rig, viewers, { count, changes: Math.ceil(scale.changes / scale.rounds) })),
    )
    await viewers.close()
  }

  await viewers.open(stream)
  const storms = []
  for (let round = 0; round < scale.rounds; round += 1) {
    progress(`storm ${round + 1} of ${scale.rounds}`)
    const cpu = usageOf(treeOf([rig.web.pid])).cpuSeconds
    const stormed = await viewers.storm({
      ...stream,
      snapshotUrl: `${rig.base}/api/queries/health.snapshot`,
    })
    storms.push({ ...stormed, cpuSeconds: usageOf(treeOf([rig.web.pid])).cpuSeconds - cpu })
    await pause(2_000)
  }
  const web = usageOf(treeOf([rig.web.pid])).rssMiB
  const worker = usageOf(treeOf([rig.worker.pid])).rssMiB
  rig.assertAlive()

  const stormMs = quantile(
    storms.map((storm) => Math.max(...storm.doneMs)),
    1,
  )
  const snapshotKb = Math.max(...storms.map((storm) => storm.snapshotBytes)) / 1000
  const gaps = tracks.reduce((sum, track) => sum + track.gaps, 0)
  const floorP99 = quantile(reference, 0.99)
  const ownP99 = quantile(own, 0.99)
  const built = builtAfter !== undefined && watchedBuilt !== undefined ? builtAfter - watchedBuilt : undefined
  const frames = firstState.tracks[0]?.frames
  const added = (during.web ?? 0) - (before.web ?? 0)
  const complete = storms.every((storm) => storm.empty === 0 && storm.gpus === scale.gpus)
  return {
    postgres: rig.database.version,
    figures: {
      viewers: count,
      openMs: opened.openMs,
      changeToLastViewerMs: spreadOf(own),
      changeToFirstViewerMs: spreadOf(first),
      floorToLastViewerMs: spreadOf(reference),
      changesMissed: missed,
      gaps,
      resets: tracks.reduce((sum, track) => sum + track.resets, 0),
      repeats: tracks.reduce((sum, track) => sum + track.repeats, 0),
      framesToOneViewer: frames,
      framesBuilt: built ?? null,
      storms: storms.map((storm) => ({
        lastHoldsAllMs: Math.max(...storm.doneMs),
        lastStreamOpenMs: Math.max(...storm.openedMs),
        snapshotKb: storm.snapshotBytes / 1000,
        decodeMs: storm.decodeMs,
        webCpuMsPerViewer: (1000 * storm.cpuSeconds) / count,
      })),
      cpuPercentWithoutViewers: before,
      cpuPercentWithViewers: during,
      webRssMiB: web,
      workerRssMiB: worker,
      webPeakRssMiB: peakRssMiB(rig.web.pid),
      workerPeakRssMiB: peakRssMiB(rig.worker.pid),
    },
    bars: [
      atMost({
        id: 'A2.a',
        figure: `source change to the last of ${count} viewers, p99 of ${own.length}${missed > 0 ? ` (${missed} missed)` : ''}`,
        value: missed > 0 ? Number.POSITIVE_INFINITY : ownP99,
        limit: 3 * (floorP99 ?? Number.NaN),
        unit: `ms, 3 × the reference's ${floorP99?.toFixed(1)}`,
      }),
      atMost({
        id: 'A2.b',
        figure: 'numbers missing in any viewer’s sequence',
        value: gaps,
        limit: 0,
        unit: 'gaps',
      }),
      atMost({
        id: 'A2.c',
        figure: `${count} viewers reconnecting at once all hold the full state`,
        value: complete ? stormMs : undefined,
        limit: 1_500,
        unit: 'ms',
      }),
      atMost({
        id: 'A2.c',
        figure: 'snapshot on the wire',
        value: snapshotKb,
        limit: SNAPSHOT_LIMIT_KB,
        unit: 'kB',
      }),
      atMost({
        id: 'A2.d',
        figure: `CPU added to web by ${count} viewers`,
        value: added,
        limit: 10,
        unit: '% of a core',
      }),
      atMost({
        id: 'A2.e',
        figure: 'memory of web and worker',
        value: web + worker,
        limit: RSS_LIMIT_MIB,
        unit: 'MiB',
      }),
      atMost({
        id: 'A2.f',
        figure: 'serialisations per event sent',
        value: ratio(built, frames === undefined ? undefined : frames),
        limit: 1.2,
        unit: `times (${count} viewers)`,
      }),
      atLeast({
        id: 'A2',
        figure: 'viewers held to the end',
        value: count - firstState.ended,
        limit: count,
        unit: 'streams',
      }),
    ],
  }
}

function merge<T extends { gaps: number; repeats: number; resets: number; frames: number }>(
  now: T,
  before: T | undefined,
): T {
  if (!before) return now
  return {
    ...now,
    gaps: now.gaps + before.gaps,
    repeats: now.repeats + before.repeats,
    resets: now.resets + before.resets,
    frames: now.frames + before.frames,
  }
}

async function cpuOver(rig: Rig, seconds: number): Promise<Record<string, number>> {
  const watch = await watchCpu(rigGroups(rig))
  await pause(seconds * 1000)
  rig.assertAlive()
  return watch.percentOfCore()
}

async function changes(
  pusher: Pusher,
  viewers: Viewers,
  given: { readonly count: number; readonly changes: number },
): Promise<{ readonly last: number[]; readonly first: number[]; readonly missed: number }> {
  const last: number[] = []
  const first: number[] = []
  let missed = 0
  for (let index = -WARM_UP; index < given.changes; index += 1) {
    const push = pusher.next()
    const seen = viewers.watch({ kind: 'gpu', row: push.row, rating: push.rating }, SEEN_WITHIN_MS)
    await pause(20)
    const sent = await push.send()
    const { times } = await seen
    // The first pushes make the instances' agents known; they are not counted.
    if (index >= 0) {
      if (times.length < given.count) missed += 1
      else {
        last.push(Math.max(...times) - sent.atMs)
        first.push(Math.min(...times) - sent.atMs)
      }
    }
    await pause(400 + Math.random() * 800)
  }
  return { last, first, missed }
}

async function floorChanges(
  rig: Rig,
  viewers: Viewers,
  given: { readonly count: number; readonly changes: number },
): Promise<number[]> {
  const last: number[] = []
  for (let index = -2; index < given.changes; index += 1) {
    const text = `change-${Math.random().toString(36).slice(2)}`
    const seen = viewers.watch({ kind: 'text', text }, SEEN_WITHIN_MS)
    await pause(20)
    const atMs = monotonicMs()
    const answer = await request(`${rig.floorBase}/fire`, { method: 'POST', body: text })
    await answer.body.dump()
    const { times } = await seen
    if (index >= 0 && times.length === given.count) last.push(Math.max(...times) - atMs)
    await pause(200 + Math.random() * 400)
  }
  return last
}

async function framesBuilt(rig: Rig): Promise<number | undefined> {
  const answer = await request(`${rig.base}/api/readyz`)
  const body = (await answer.body.json()) as { framesBuilt?: number }
  return body.framesBuilt
}
