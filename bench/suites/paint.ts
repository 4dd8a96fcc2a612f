import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { request } from 'undici'
import { createPusher } from '../agent-push'
import { HOOK_ENVIRONMENT } from '../alert-posts'
import { type Chrome, mainThreadMs, openSession, readyMs, startChrome } from '../browser'
import { epochMs, pause, progress } from '../clock'
import { median, quantile, ratio } from '../numbers'
import { atLeast, atMost, type Bar, type Figures, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig, untilWatched } from '../rig'
import { fetchSnapshot } from '../snapshot'
import { type Static, serveStatic } from '../static'
import type { Measured, Suite } from '../suite'
import { startViewers, type Viewers } from '../viewers'
import { seedWorkload, WORKLOAD_W } from '../workload'

const COUNT = 10_000
const CHANGES_PER_SECOND = 10_000
const BATCH_MS = 50
const WALL = `document.querySelector('canvas[data-painted-at]')`
const PAINTED_ALL = `Number(${WALL}?.dataset.tiles ?? 0) > 0`
const FLOOR_READY = `document.querySelector('#value[data-ready]') !== null`

type Scale = {
  readonly repaints: number
  readonly rounds: number
  readonly sustainedSeconds: number
  readonly changes: number
  readonly idleSeconds: number
}

/** paint measures the tile wall in a real browser against a bare canvas and a near-empty page (bar A3). */
export const paint: Suite = {
  name: 'paint',
  workload: `${WORKLOAD_W}; Fleet page in Chromium at 1440 × 900, signed in; references: a bare canvas page with 10,000 squares and the near-empty page, in turn. The 10,000 changes a second are handed to the page's own event stream as deltas of 500 rows every 50 ms`,
  run: async ({ quick, build }) => {
    const scale: Scale = quick
      ? { repaints: 12, rounds: 2, sustainedSeconds: 3, changes: 16, idleSeconds: 15 }
      : { repaints: 40, rounds: 3, sustainedSeconds: 10, changes: 60, idleSeconds: 60 }
    const rig = await startRig({
      scenario: scenarioPath('w-10000'),
      environment: HOOK_ENVIRONMENT,
      agents: 40,
      spares: 4,
      floor: true,
      build,
    })
    const viewers = startViewers()
    const pages = await serveStatic({
      '/': {
        type: 'text/html',
        body: readFileSync(new URL('../pages/canvas.html', import.meta.url)),
      },
    })
    let chrome: Chrome | undefined
    try {
      chrome = await startChrome()
      await seedWorkload(rig)
      await untilWatched(rig, { gpus: COUNT, read: 9_900 })
      return await measure({ rig, viewers, pages, chrome, scale })
    } finally {
      await chrome?.browser.close()
      pages.close()
      viewers.end()
      await rig.stop()
    }
  },
}

type Bench = {
  readonly rig: Rig
  readonly viewers: Viewers
  readonly pages: Static
  readonly chrome: Chrome
  readonly scale: Scale
}

async function measure(bench: Bench): Promise<Measured> {
  const { rig, scale, chrome } = bench
  const own: number[] = []
  const bare: number[] = []
  const ownFrames: Frames[] = []
  const bareFrames: Frames[] = []
  for (let round = 0; round < scale.rounds; round += 1) {
    progress(`round ${round + 1} of ${scale.rounds}: repaints and 10,000 changes a second`)
    const canvas = await bench.chrome.visit({ base: bench.pages.base })
    const bareShown = await canvas.newPage()
    await bareShown.goto(bench.pages.base)
    bare.push(...(await repaints(bareShown, 'repaint()', scale.repaints)))
    bareFrames.push(await sustained(bareShown, scale.sustainedSeconds, BARE_CHANGES))
    await canvas.close()
    const fleet = await bench.chrome.visit({ base: rig.base, cookie: rig.cookie })
    await fleet.addInitScript(SILENT_STREAM)
    const shown = await fleet.newPage()
    await shown.goto(`${rig.base}/fleet`)
    await readyMs(shown, PAINTED_ALL)
    await pause(1_500)
    own.push(
      ...(await repaints(shown, `${WALL}.parentElement.dispatchEvent(new Event('scroll'))`, scale.repaints)),
    )
    ownFrames.push(await sustained(shown, scale.sustainedSeconds, await ownChanges(rig)))
    await fleet.close()
  }
  const updates = await updateLatency(bench)
  const idle = await idlePercent(bench)
  const ownRepaint = median(own)
  const bareRepaint = median(bare)
  const fps = median(ownFrames.map((frames) => frames.perSecond))
  const bareFps = median(bareFrames.map((frames) => frames.perSecond))
  const floorP95 = quantile(updates.floor, 0.95)
  const figures: Figures = {
    fullRepaintMs: { own: spreadOf(own), bare: spreadOf(bare) },
    sustained: { own: ownFrames, bare: bareFrames },
    sourceToPaintedMs: spreadOf(updates.own),
    floorToFrameMs: spreadOf(updates.floor),
    changesMissed: updates.missed,
    idleMainThreadPercent: idle,
  }
  const bars: Bar[] = [
    atMost({
      id: 'A3.a',
      figure: 'full repaint of 10,000 tiles against a bare canvas',
      value: ratio(ownRepaint, bareRepaint),
      limit: 1.25,
      unit: `times (${ownRepaint?.toFixed(1)} against ${bareRepaint?.toFixed(1)} ms)`,
    }),
    atLeast({
      id: 'A3.b',
      figure: 'frames a second at 10,000 changes a second against a bare canvas',
      value: ratio(fps, bareFps),
      limit: 0.97,
      unit: `times (${fps?.toFixed(1)} against ${bareFps?.toFixed(1)})`,
    }),
    atMost({
      id: 'A3.c',
      figure: `source to painted, p95 of ${updates.own.length}`,
      value: updates.missed > 0 ? undefined : quantile(updates.own, 0.95),
      limit: 2 * (floorP95 ?? Number.NaN),
      unit: `ms, 2 × the reference's ${floorP95?.toFixed(1)}`,
    }),
    atMost({ id: 'A3.d', figure: 'main thread of the idle page at W', value: idle, limit: 5, unit: '%' }),
  ]
  return { figures, bars, postgres: rig.database.version, chromium: chrome.version }
}

/** The page's stream opens to nothing, so that the bench alone decides what arrives; the rest of the page is untouched. */
const SILENT_STREAM = `
  globalThis.benchStreams = [];
  globalThis.EventSource = class extends EventTarget {
    static CLOSED = 2; static CONNECTING = 0; static OPEN = 1;
    constructor(url) { super(); this.url = url; this.readyState = 1; benchStreams.push(this); }
    close() { this.readyState = 2; }
  };
`

async function repaints(page: Page, trigger: string, count: number): Promise<number[]> {
  return page.evaluate(
    `(async () => {
      const samples = [];
      for (let index = 0; index < ${count} + 6; index += 1) {
        await benchFrame();
        const started = performance.now();
        ${trigger};
        await benchPainted();
        if (index >= 6) samples.push(performance.now() - started);
      }
      return samples;
    })()`,
  )
}

type Frames = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly changes: number
}

const BARE_CHANGES = `
  const apply = (rows, ratings) => change(rows, ratings);
`

/** The same changes as deltas on the page's own stream, numbered on from the snapshot that it has loaded. */
async function ownChanges(rig: Rig): Promise<string> {
  const fetched = await fetchSnapshot(rig.base, rig.cookie)
  if (!fetched) throw new Error('there is no snapshot')
  const { layout } = fetched.state
  return `
    let seq = Number(${WALL}.dataset.seq);
    const stream = benchStreams.at(-1);
    const apply = (rows, ratings) => {
      seq += 1;
      const delta = { v: 1, seq, layout: ${layout}, at: Math.floor(Date.now() / 1000), gpus: { i: rows, c: { rating: ratings } } };
      stream.dispatchEvent(new MessageEvent('delta', { data: JSON.stringify(delta), lastEventId: seq + '.0' }));
    };
  `
}

async function sustained(page: Page, seconds: number, prepare: string): Promise<Frames> {
  const gaps = (await page.evaluate(
    `(async () => {
      ${prepare}
      const gaps = [];
      let changes = 0;
      let due = performance.now();
      let before = due;
      const end = due + ${seconds} * 1000;
      while (before < end) {
        await benchFrame();
        const now = performance.now();
        gaps.push(now - before);
        before = now;
        while (due <= now) {
          const size = ${(CHANGES_PER_SECOND * BATCH_MS) / 1000};
          const rows = [], ratings = [];
          for (let index = 0; index < size; index += 1) { rows.push((Math.random() * ${COUNT}) | 0); ratings.push((Math.random() * 5) | 0); }
          apply(rows, ratings);
          changes += size;
          due += ${BATCH_MS};
        }
      }
      return { gaps, changes };
    })()`,
  )) as { readonly gaps: readonly number[]; readonly changes: number }
  return {
    perSecond: gaps.gaps.length / (gaps.gaps.reduce((sum, gap) => sum + gap, 0) / 1000),
    p50Ms: quantile(gaps.gaps, 0.5) ?? Number.NaN,
    p95Ms: quantile(gaps.gaps, 0.95) ?? Number.NaN,
    changes: gaps.changes,
  }
}

async function updateLatency(
  bench: Bench,
): Promise<{ readonly own: number[]; readonly floor: number[]; readonly missed: number }> {
  const { rig, viewers, chrome, scale } = bench
  progress(`${scale.changes} changes at the source`)
  const context = await chrome.visit({ base: rig.base, cookie: rig.cookie })
  const fleet = await context.newPage()
  await fleet.goto(`${rig.base}/fleet`)
  await readyMs(fleet, PAINTED_ALL)
  await fleet.evaluate(`
    globalThis.benchPaints = [];
    new MutationObserver(() => {
      const { seq, paintedAt } = ${WALL}.dataset;
      benchPaints.push({ seq: Number(seq), at: Number(paintedAt) });
      if (benchPaints.length > 2000) benchPaints.shift();
    }).observe(${WALL}, { attributeFilter: ['data-painted-at'] });
  `)
  await viewers.open({ url: `${rig.base}/api/live`, cookie: rig.cookie, count: 1 })
  const other = await chrome.visit({ base: rig.floorBase })
  const floorPage = await other.newPage()
  await floorPage.goto(rig.floorBase)
  await readyMs(floorPage, FLOOR_READY)
  const pusher = await createPusher(rig)
  const own: number[] = []
  const floor: number[] = []
  let missed = 0
  for (let index = -4; index < scale.changes; index += 1) {
    const took = await ownChange({ fleet, pusher, viewers })
    if (index >= 0) {
      if (took === undefined) missed += 1
      else own.push(took)
      floor.push(await floorChange(rig, floorPage))
    }
    await pause(300 + Math.random() * 900)
  }
  await context.close()
  await other.close()
  await viewers.close()
  return { own, floor, missed }
}

async function ownChange(given: {
  readonly fleet: Page
  readonly pusher: Awaited<ReturnType<typeof createPusher>>
  readonly viewers: Viewers
}): Promise<number | undefined> {
  const { fleet, pusher, viewers } = given
  await fleet.bringToFront()
  const push = pusher.next()
  const seen = viewers.watch({ kind: 'gpu', row: push.row, rating: push.rating }, 15_000)
  await pause(20)
  const sent = await push.send()
  const { seq } = await seen
  if (seq < 0) return undefined
  const paintedAt = await fleet
    .evaluate(
      `benchReady(() => benchPaints.some((paint) => paint.seq >= ${seq}), 10000)
        .then(() => benchPaints.find((paint) => paint.seq >= ${seq}).at)`,
    )
    .then(Number, () => undefined)
  return paintedAt === undefined ? undefined : paintedAt - sent.epochMs
}

async function floorChange(rig: Rig, page: Page): Promise<number> {
  await page.bringToFront()
  const text = `change-${Math.random().toString(36).slice(2)}`
  const seen = page.evaluate(
    `new Promise((resolve) => {
      const value = document.querySelector('#value');
      const observer = new MutationObserver(() => {
        if (value.textContent !== '${text}') return;
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
      });
      observer.observe(value, { childList: true, characterData: true, subtree: true });
    })`,
  ) as Promise<number>
  await pause(30)
  const sentAt = epochMs()
  const answer = await request(`${rig.floorBase}/fire`, { method: 'POST', body: text })
  await answer.body.dump()
  return (await seen) - sentAt
}

async function idlePercent({ rig, chrome, scale }: Bench): Promise<number> {
  progress(`main thread of the idle page, ${scale.idleSeconds} s`)
  const context = await chrome.visit({ base: rig.base, cookie: rig.cookie })
  const page = await context.newPage()
  await page.goto(`${rig.base}/fleet`)
  await readyMs(page, PAINTED_ALL)
  await pause(3_000)
  const session = await openSession(page)
  const before = await mainThreadMs(session)
  await pause(scale.idleSeconds * 1000)
  const after = await mainThreadMs(session)
  await context.close()
  return (100 * (after - before)) / (scale.idleSeconds * 1000)
}
