import { type Chrome, startChrome } from '../browser'
import { progress } from '../clock'
import { type Answered, type Caller, callerOf, declareIncident, runCommand, runQuery } from '../commands'
import { seedEntries } from '../incident-seed'
import { quantile } from '../numbers'
import { type Load, visitPage } from '../page-load'
import { atMost, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import { signIn } from '../sign-in'
import type { Measured, Suite } from '../suite'

const ENTRIES = 5_000
const ROWS_SHOWN = 100
const READY = `document.querySelectorAll('main ol[aria-label^="Timeline"] > li').length >= ${ROWS_SHOWN}`

/** postmortem measures drafting from a very long record, the page of it (bar D2); the search is measured by `library`. */
export const postmortem: Suite = {
  name: 'postmortem',
  workload: `incidents with ${ENTRIES} entries in their record are resolved and drafted over HTTP, one after the other; Chromium at 1440 × 900 opens a draft, cold (new context) and warm, and counts it as there when ${ROWS_SHOWN} rows of the timeline are painted and a frame was idle`,
  run: async ({ quick, build }) => {
    const rig = await startRig({ scenario: scenarioPath('calm'), agents: 0, spares: 0, floor: false, build })
    let chrome: Chrome | undefined
    try {
      chrome = await startChrome()
      return await measure(rig, chrome, quick ? { drafts: 3, rounds: 3 } : { drafts: 10, rounds: 7 })
    } finally {
      await chrome?.browser.close()
      await rig.stop()
    }
  },
}

type Sizes = { readonly drafts: number; readonly rounds: number }

async function measure(rig: Rig, chrome: Chrome, sizes: Sizes): Promise<Measured> {
  const ana: Caller = { ...callerOf(rig), cookie: await signIn(rig.base, 'ana') }
  const draftMs: number[] = []
  let number = 0
  // The first draft makes the server load the room's code and is not counted.
  for (let round = -1; round < sizes.drafts; round += 1) {
    const made = await draftOne(rig, ana)
    number = made.number
    if (round >= 0) draftMs.push(made.ms)
    progress(`drafted ${ENTRIES} entries in ${Math.round(made.ms)} ms`)
  }
  const loads: Load[] = []
  const warm: Load[] = []
  for (let round = -1; round < sizes.rounds; round += 1) {
    const seen = await visitPage(chrome, {
      base: rig.base,
      path: `/postmortems/${number}`,
      ready: READY,
      cookie: ana.cookie,
    })
    if (round < 0) continue
    loads.push(seen.cold)
    warm.push(seen.warm)
    progress(`opened in ${Math.round(seen.cold.readyMs)} ms cold, ${Math.round(seen.warm.readyMs)} ms warm`)
  }
  rig.assertAlive()
  const readyOf = (all: readonly Load[]): number[] => all.map((load) => load.readyMs)
  return {
    postgres: rig.database.version,
    chromium: chrome.version,
    figures: {
      draftMs: spreadOf(draftMs),
      coldReadyMs: spreadOf(readyOf(loads)),
      warmReadyMs: spreadOf(readyOf(warm)),
      nodes: loads.at(-1)?.nodes ?? null,
      requests: loads.at(-1)?.requests ?? null,
    },
    bars: [
      atMost({
        id: 'D2.a',
        figure: `draft of ${ENTRIES} entries, slowest of ${draftMs.length}`,
        value: Math.max(...draftMs),
        limit: 1_000,
        unit: 'ms',
      }),
      atMost({
        id: 'D2.b',
        figure: 'page interactive, cold, p95',
        value: quantile(readyOf(loads), 0.95),
        limit: 1_500,
        unit: 'ms',
      }),
      atMost({
        id: 'D2.b',
        figure: 'page interactive, warm, p95',
        value: quantile(readyOf(warm), 0.95),
        limit: 1_500,
        unit: 'ms',
      }),
    ],
  }
}

async function draftOne(rig: Rig, ana: Caller): Promise<{ readonly number: number; readonly ms: number }> {
  const { id } = await declareIncident(ana, 'Inference slow over the whole fleet')
  await seedEntries(rig, id, ENTRIES)
  const { version } = bodyOf<{ version: number }>(await runQuery(ana, 'incidents.byId', { ref: id }))
  const input = { id, version, to: 'resolved', waiver: 'a measurement' }
  bodyOf(await runCommand(ana, { name: 'incidents.setStatus', input }))
  const startedMs = performance.now()
  const made = await runCommand(ana, { name: 'postmortems.draft', input: { incidentId: id } })
  const ms = performance.now() - startedMs
  return { number: bodyOf<{ number: number }>(made).number, ms }
}

function bodyOf<Body>({ status, body }: Answered): Body {
  if (status !== 200) throw new Error(`the product answered ${status}: ${JSON.stringify(body)}`)
  return body as Body
}
