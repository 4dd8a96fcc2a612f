import { HOOK_ENVIRONMENT } from '../alert-posts'
import { type Chrome, startChrome } from '../browser'
import { serveChartPage } from '../chart-page'
import { progress } from '../clock'
import { median, ratio } from '../numbers'
import { type Address, gzippedKb, type Load, visitPage } from '../page-load'
import { atMost, type Bar, rounded, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig, untilWatched } from '../rig'
import type { Static } from '../static'
import type { Measured, Suite } from '../suite'
import { seedWorkload, WORKLOAD_W } from '../workload'

/** Target is a page to load: where, whether signed in, and what must be on screen for it to count as there. */
type Target = {
  readonly name: string
  readonly path: string
  readonly signedIn: boolean
  readonly ready: string
  /** javascript is how much of the reference's gzipped JavaScript the page may transfer. */
  readonly javascript?: number
}

const MANY_ROWS = `document.querySelectorAll('main tbody tr').length`

const TARGETS: readonly Target[] = [
  {
    name: 'sign-in',
    path: '/sign-in',
    signedIn: false,
    ready: `document.querySelector('form button[type=submit]') !== null`,
    javascript: 1.1,
  },
  {
    name: 'board',
    path: '/',
    signedIn: true,
    ready: `document.querySelector('main canvas')?.height > 0 && document.querySelectorAll('main [aria-label]').length > 3`,
    javascript: 1.4,
  },
  {
    name: 'fleet',
    path: '/fleet',
    signedIn: true,
    ready: `Number(document.querySelector('canvas[data-painted-at]')?.dataset.tiles ?? 0) > 0`,
    javascript: 1.4,
  },
  { name: 'queues', path: '/queues', signedIn: true, ready: `${MANY_ROWS} >= 20` },
  { name: 'services', path: '/services', signedIn: true, ready: `${MANY_ROWS} >= 2` },
  {
    name: 'sources',
    path: '/settings/sources',
    signedIn: true,
    ready: `document.querySelectorAll('main h2, main h3, main summary').length >= 5`,
  },
]

const FLOOR: Target = {
  name: 'floor',
  path: '/',
  signedIn: false,
  ready: `document.querySelector('#value[data-ready]') !== null`,
}

const CONTENT_LIMIT = 6

/** pages measures cold and warm loads of every page against a near-empty one, and the chart against bare uPlot (bar A4). */
export const pages: Suite = {
  name: 'pages',
  workload: `${WORKLOAD_W}; Chromium at 1440 × 900, cold (new context) and warm (the same page again), the reference page loaded in every round too. The reference counts as there when its first live message is on screen. JavaScript is gzipped by the bench on both sides: the server itself sends it as it is`,
  run: async ({ quick, build }) => {
    const rounds = quick ? 3 : 7
    const rig = await startRig({
      scenario: scenarioPath('w-10000'),
      environment: HOOK_ENVIRONMENT,
      agents: 40,
      spares: 4,
      floor: true,
      build,
    })
    let chrome: Chrome | undefined
    let charts: Static | undefined
    try {
      chrome = await startChrome()
      charts = await serveChartPage()
      await seedWorkload(rig)
      await untilWatched(rig, { gpus: 10_000, read: 9_900 })
      return await measure({ rig, chrome, charts, rounds })
    } finally {
      charts?.close()
      await chrome?.browser.close()
      await rig.stop()
    }
  },
}

async function measure(given: {
  readonly rig: Rig
  readonly chrome: Chrome
  readonly charts: Static
  readonly rounds: number
}): Promise<Measured> {
  const { rig, chrome, charts, rounds } = given
  const all = [FLOOR, ...TARGETS]
  const cold = new Map<string, Load[]>(all.map(({ name }) => [name, []]))
  const warm = new Map<string, Load[]>(all.map(({ name }) => [name, []]))
  const failed: string[] = []
  // The very first load of a page makes the server compile its code; it is not counted.
  for (let round = -1; round < rounds; round += 1) {
    for (const target of all) {
      const loads = await visitPage(chrome, addressOf(rig, target)).catch((error: unknown) => {
        failed.push(`${target.name}: ${String(error).split('\n')[0]}`)
        return undefined
      })
      if (!loads || round < 0) continue
      cold.get(target.name)?.push(loads.cold)
      warm.get(target.name)?.push(loads.warm)
    }
    progress(`round ${round + 1} of ${rounds}`)
  }
  const sizes = new Map<string, number>()
  const figures: Record<string, unknown> = {}
  for (const target of all) {
    const loads = cold.get(target.name) ?? []
    const bytes = await gzippedKb(loads.at(-1)?.scripts ?? [])
    sizes.set(target.name, bytes)
    figures[target.name] = {
      coldReadyMs: spreadOf(loads.map((load) => load.readyMs)),
      warmReadyMs: spreadOf((warm.get(target.name) ?? []).map((load) => load.readyMs)),
      javascriptGzipKb: rounded(bytes),
      javascriptWireKb: rounded((loads.at(-1)?.scriptBytes ?? 0) / 1000),
      allWireKb: rounded((loads.at(-1)?.allBytes ?? 0) / 1000),
      requests: loads.at(-1)?.requests ?? null,
      layoutShift: Math.max(0, ...loads.map((load) => load.shift)),
      shifted: loads.at(-1)?.shifted ?? [],
      ...(target.name === 'fleet' ? { tilesPainted: loads.at(-1)?.tiles } : {}),
    }
  }
  const chart = await chartMs(chrome, charts, rounds)
  const bars = [...TARGETS.flatMap((target) => barsOf(target, { cold, warm, sizes })), chart.bar]
  return {
    figures: { ...figures, chart: chart.figures, failed },
    bars,
    postgres: rig.database.version,
    chromium: chrome.version,
  }
}

function barsOf(
  target: Target,
  found: {
    readonly cold: ReadonlyMap<string, readonly Load[]>
    readonly warm: ReadonlyMap<string, readonly Load[]>
    readonly sizes: ReadonlyMap<string, number>
  },
): Bar[] {
  const { cold, warm, sizes } = found
  const ready = (loads: ReadonlyMap<string, readonly Load[]>, name: string): number | undefined =>
    median((loads.get(name) ?? []).map((load) => load.readyMs))
  const bars = (['cold', 'warm'] as const).map((kind) => {
    const loads = kind === 'cold' ? cold : warm
    const own = ready(loads, target.name)
    const floor = ready(loads, FLOOR.name)
    return atMost({
      id: 'A4.a',
      figure: `${target.name}, ${kind}: time to content against the reference page`,
      value: ratio(own, floor),
      limit: CONTENT_LIMIT,
      unit: `times (${own?.toFixed(0)} against ${floor?.toFixed(0)} ms)`,
    })
  })
  const own = sizes.get(target.name)
  const floor = sizes.get(FLOOR.name)
  if (target.javascript !== undefined) {
    bars.push(
      atMost({
        id: 'A4.b',
        figure: `${target.name}: gzipped JavaScript against the reference page`,
        value: ratio(own, floor),
        limit: target.javascript,
        unit: `times (${own?.toFixed(0)} against ${floor?.toFixed(0)} kB)`,
      }),
    )
  }
  const loads = cold.get(target.name) ?? []
  bars.push(
    atMost({
      id: 'A4.c',
      figure: `${target.name}: layout shift`,
      value: loads.length === 0 ? undefined : Math.max(...loads.map((load) => load.shift)),
      limit: 0,
      unit: '(CLS)',
    }),
  )
  return bars
}

function addressOf(rig: Rig, target: Target): Address {
  const base = target === FLOOR ? rig.floorBase : rig.base
  return { base, path: target.path, ready: target.ready, ...(target.signedIn ? { cookie: rig.cookie } : {}) }
}

async function chartMs(
  chrome: Chrome,
  charts: Static,
  rounds: number,
): Promise<{ readonly figures: object; readonly bar: Bar }> {
  const own: number[] = []
  const bare: number[] = []
  const context = await chrome.visit({ base: charts.base })
  const page = await context.newPage()
  await page.goto(charts.base)
  for (let round = -1; round < rounds * 2; round += 1) {
    for (const kind of round % 2 === 0 ? (['own', 'bare'] as const) : (['bare', 'own'] as const)) {
      const took = (await page.evaluate(`chartMs('${kind}', 10, 3600)`)) as number
      if (round >= 0) (kind === 'own' ? own : bare).push(took)
    }
  }
  await context.close()
  return {
    figures: { ownMs: spreadOf(own), bareMs: spreadOf(bare) },
    bar: atMost({
      id: 'A4.d',
      figure: 'chart of 10 series with 3,600 points against bare uPlot',
      value: ratio(median(own), median(bare)),
      limit: 1.3,
      unit: `times (${median(own)?.toFixed(0)} against ${median(bare)?.toFixed(0)} ms)`,
    }),
  }
}
