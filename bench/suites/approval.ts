import { type Chrome, readyMs, startChrome } from '../browser'
import { progress } from '../clock'
import { type Caller, callerOf, runCommand } from '../commands'
import { median, quantile, ratio } from '../numbers'
import { gzippedKb, type Load, visitPage } from '../page-load'
import { atMost, rounded, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import { signIn } from '../sign-in'
import type { Measured, Suite } from '../suite'

const PATH = '/deployments/3'
const READY = `document.querySelectorAll('main section h2').length >= 8 && document.querySelector('#verdict') !== null`
const FLOOR_READY = `document.querySelector('#value[data-ready]') !== null`
const ITEM = 'before.smoke'

/** approval measures the page of one decision against a near-empty one, and how soon a change is judged on screen (bar P4). */
export const approval: Suite = {
  name: 'approval',
  workload:
    'the demo’s third deployment with 31 items; Chromium at 1440 × 900, cold (new context) and warm, the reference page in every round too; then a word on an item is said over HTTP by another person, and it counts until the verdict on the open page says so. JavaScript is gzipped by the bench on both sides',
  run: async ({ quick, build }) => {
    const rig = await startRig({ scenario: scenarioPath('demo'), agents: 0, spares: 0, floor: true, build })
    let chrome: Chrome | undefined
    try {
      chrome = await startChrome()
      return await measure(rig, chrome, quick ? { rounds: 3, changes: 4 } : { rounds: 7, changes: 20 })
    } finally {
      await chrome?.browser.close()
      await rig.stop()
    }
  },
}

type Sizes = { readonly rounds: number; readonly changes: number }

async function measure(rig: Rig, chrome: Chrome, sizes: Sizes): Promise<Measured> {
  const cookie = await signIn(rig.base, 'raj')
  const page: Load[] = []
  const warm: Load[] = []
  const floor: Load[] = []
  for (let round = -1; round < sizes.rounds; round += 1) {
    const bare = await visitPage(chrome, { base: rig.floorBase, path: '/', ready: FLOOR_READY })
    const seen = await visitPage(chrome, { base: rig.base, path: PATH, ready: READY, cookie })
    if (round < 0) continue
    floor.push(bare.cold)
    page.push(seen.cold)
    warm.push(seen.warm)
    progress(
      `round ${round + 1}: ${Math.round(seen.cold.readyMs)} ms, reference ${Math.round(bare.cold.readyMs)} ms`,
    )
  }
  const [scripts, floorScripts] = [
    await gzippedKb(page.at(-1)?.scripts ?? []),
    await gzippedKb(floor.at(-1)?.scripts ?? []),
  ]
  const changed = await changes(rig, chrome, { cookie, count: sizes.changes })
  rig.assertAlive()
  const times = (loads: readonly Load[]): number[] => loads.map((load) => load.readyMs)
  return {
    postgres: rig.database.version,
    chromium: chrome.version,
    figures: {
      coldReadyMs: spreadOf(times(page)),
      warmReadyMs: spreadOf(times(warm)),
      referenceReadyMs: spreadOf(times(floor)),
      javascriptGzipKb: rounded(scripts),
      referenceJavascriptGzipKb: rounded(floorScripts),
      requests: page.at(-1)?.requests ?? null,
      changeOnScreenMs: spreadOf(changed),
    },
    bars: [
      atMost({
        id: 'P4',
        figure: 'approval page, cold, against the reference',
        value: ratio(median(times(page)), median(times(floor))),
        limit: 6,
        unit: '×',
      }),
      atMost({
        id: 'P4',
        figure: 'JavaScript against the reference',
        value: ratio(scripts, floorScripts),
        limit: 1.5,
        unit: '×',
      }),
      atMost({
        id: 'P4',
        figure: `a change judged on screen, p95 of ${changed.length}`,
        value: quantile(changed, 0.95),
        limit: 500,
        unit: 'ms',
      }),
    ],
  }
}

async function changes(
  rig: Rig,
  chrome: Chrome,
  given: { readonly cookie: string; readonly count: number },
): Promise<readonly number[]> {
  const li: Caller = { ...callerOf(rig), cookie: await signIn(rig.base, 'li') }
  const context = await chrome.visit({ base: rig.base, cookie: given.cookie })
  const page = await context.newPage()
  await page.goto(`${rig.base}${PATH}`)
  await readyMs(page, READY)
  // The first snapshot comes over the stream: from then on a change does too, and only that is measured.
  await page.getByRole('link', { name: /^\d+ sources?: / }).waitFor()
  const taken: number[] = []
  for (let change = -1; change < given.count; change += 1) {
    const state = change % 2 === 0 ? 'failed' : 'passed'
    const words = `seen ${change + 1}`
    const startedMs = performance.now()
    const shown = page.waitForFunction((text) => document.body.innerText.includes(text), words, {
      polling: 'raf',
    })
    const input = { number: 3, item: ITEM, state, words, link: '' }
    const answer = await runCommand(li, { name: 'deployments.tell', input })
    if (answer.status !== 200) throw new Error(`the product answered ${answer.status}`)
    await shown
    if (change >= 0) taken.push(performance.now() - startedMs)
  }
  await context.close()
  return taken
}
