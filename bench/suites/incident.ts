import type { Page } from '@playwright/test'
import { HOOK_ENVIRONMENT } from '../alert-posts'
import { type Chrome, readyMs, startChrome } from '../browser'
import { pause, progress } from '../clock'
import { type Caller, callerOf, declareIncident } from '../commands'
import { endAlert, noteText, seedAlerts, seedEntries } from '../incident-seed'
import { type IncidentViewers, openIncidentViewers } from '../incident-viewers'
import { median, quantile, ratio } from '../numbers'
import { gzippedKb, type Load, visitPage } from '../page-load'
import { atMost, type Bar, rounded, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import { signIn } from '../sign-in'
import type { Measured, Suite } from '../suite'

const ENTRIES = 5_000
const ALERTS = 10_000
const RULES = 40
const VIEWERS = 50
const PEOPLE = ['ana', 'li', 'bo', 'raj', 'mei', 'noa', 'sam']
const SHOWN_AT_LEAST = { entries: 50, alerts: 10 }
const RECORD = 'main ol[aria-label^="Entries"]'
const LINKED = 'main ul[aria-label="Linked alerts"]'
const READY = `document.querySelectorAll('${RECORD} > li').length >= ${SHOWN_AT_LEAST.entries} && document.querySelectorAll('${LINKED} > li').length >= ${SHOWN_AT_LEAST.alerts}`
const FLOOR_READY = `document.querySelector('#value[data-ready]') !== null`
/** Changes of alerts are told once a second at most; a lone change is told at once. */
const BETWEEN_CHANGES_MS = 1_600
const BETWEEN_NOTES_MS = 600

/** incident measures one page with a very large incident, and how soon it shows what others do (bar B8). */
export const incident: Suite = {
  name: 'incident',
  workload: `an incident with ${ENTRIES} entries in its record and ${ALERTS} linked alerts of ${RULES} rules; ${VIEWERS} viewers, each with a session of their own, hold the stream and ask what the page asks at each hint; Chromium at 1440 × 900, cold (new context) and warm, the near-empty page in every round too; a note counts as seen when its text is in the other browser's document, where “new” is pressed as soon as it appears; an alert's end counts from the moment its delivery is sent to the hook until a frame with its new state was painted`,
  run: async ({ quick, build }) => {
    const rig = await startRig({
      scenario: scenarioPath('calm'),
      agents: 0,
      spares: 0,
      floor: true,
      build,
      environment: HOOK_ENVIRONMENT,
    })
    let chrome: Chrome | undefined
    try {
      chrome = await startChrome()
      return await measure({ rig, chrome, rounds: quick ? 3 : 7, changes: quick ? 10 : 40 })
    } finally {
      await chrome?.browser.close()
      await rig.stop()
    }
  },
}

async function measure(given: {
  readonly rig: Rig
  readonly chrome: Chrome
  readonly rounds: number
  readonly changes: number
}): Promise<Measured> {
  const { rig, chrome, rounds, changes } = given
  const ana: Caller = { ...callerOf(rig), cookie: await signIn(rig.base, 'ana') }
  const { id, name } = await declareIncident(ana, 'Inference slow over the whole fleet')
  await seedEntries(rig, id, ENTRIES)
  await seedAlerts(rig, id, { entries: ENTRIES, alerts: ALERTS, rules: RULES })
  progress(`${name} has ${ENTRIES} entries and ${ALERTS} alerts`)
  const callers: Caller[] = []
  for (let viewer = 0; viewer < VIEWERS; viewer += 1)
    callers.push({ ...ana, cookie: await signIn(rig.base, PEOPLE[viewer % PEOPLE.length]) })
  const viewers = await openIncidentViewers(callers, { incident: id, newest: ENTRIES })
  try {
    const path = `/incidents/${name}`
    const opened = await openAll({ rig, chrome, path, cookie: ana.cookie, rounds })
    const seen = await follow({ rig, chrome, path, writer: ana.cookie, changes })
    return {
      ...(await judge(opened, seen, viewers)),
      postgres: rig.database.version,
      chromium: chrome.version,
    }
  } finally {
    viewers.close()
  }
}

type Opened = Readonly<
  Record<'own' | 'floor', { readonly cold: readonly Load[]; readonly warm: readonly Load[] }>
>

async function openAll(given: {
  readonly rig: Rig
  readonly chrome: Chrome
  readonly path: string
  readonly cookie: string
  readonly rounds: number
}): Promise<Opened> {
  const { rig, chrome, path, cookie, rounds } = given
  const opened = {
    own: { cold: [] as Load[], warm: [] as Load[] },
    floor: { cold: [] as Load[], warm: [] as Load[] },
  }
  // The very first load makes the server compile the page's code; it is not counted.
  for (let round = -1; round < rounds; round += 1) {
    const floor = await visitPage(chrome, { base: rig.floorBase, path: '/', ready: FLOOR_READY })
    const own = await visitPage(chrome, { base: rig.base, path, ready: READY, cookie })
    if (round < 0) continue
    opened.floor.cold.push(floor.cold)
    opened.floor.warm.push(floor.warm)
    opened.own.cold.push(own.cold)
    opened.own.warm.push(own.warm)
    progress(`opened in ${Math.round(own.cold.readyMs)} ms cold, ${Math.round(own.warm.readyMs)} ms warm`)
  }
  return opened
}

type Seen = {
  readonly noteMs: readonly number[]
  readonly statusMs: readonly number[]
  readonly nodes: number
}

/** What follows is asked of a page by text, as the bench's TypeScript must not reach into it. */
const WATCH = `
  globalThis.benchSeen = (holds, timeoutMs) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => { observer.disconnect(); reject(new Error('never seen: ' + holds)); }, timeoutMs);
    const look = () => {
      [...document.querySelectorAll('main button')].find((one) => /^\\d+ new/.test(one.textContent.trim()))?.click();
      if (!holds()) return;
      observer.disconnect();
      clearTimeout(timer);
      benchPainted().then(() => resolve(performance.timeOrigin + performance.now()));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  });
`

async function follow(given: {
  readonly rig: Rig
  readonly chrome: Chrome
  readonly path: string
  readonly writer: string
  readonly changes: number
}): Promise<Seen> {
  const { rig, chrome, path, writer, changes } = given
  const open = async (cookie: string): Promise<Page> => {
    const context = await chrome.visit({ base: rig.base, cookie })
    await context.addInitScript(WATCH)
    const page = await context.newPage()
    await page.goto(`${rig.base}${path}`)
    await readyMs(page, READY)
    return page
  }
  const writing = await open(writer)
  const reading = await open(await signIn(rig.base, 'li'))
  const noteMs: number[] = []
  const statusMs: number[] = []
  for (let change = 0; change < changes; change += 1) {
    noteMs.push(await writeNote(writing, reading))
    await pause(BETWEEN_NOTES_MS)
  }
  for (let change = 0; change < changes; change += 1) {
    statusMs.push(await changeStatus(rig, reading, change))
    await pause(BETWEEN_CHANGES_MS)
  }
  const nodes = (await reading.evaluate(`document.querySelectorAll('*').length`)) as number
  progress(
    `notes seen after ${Math.round(median(noteMs) ?? 0)} ms, ends after ${Math.round(median(statusMs) ?? 0)} ms`,
  )
  await writing.context().close()
  await reading.context().close()
  return { noteMs, statusMs, nodes }
}

async function writeNote(writing: Page, reading: Page): Promise<number> {
  const text = noteText()
  const seen = reading.evaluate(
    `benchSeen(() => document.querySelector('${RECORD}')?.textContent.includes(${JSON.stringify(text)}), 10000)`,
  ) as Promise<number>
  const field = writing.locator('[data-note-field]:visible')
  await field.fill(text)
  const startedMs = (await writing.evaluate('performance.timeOrigin + performance.now()')) as number
  await field.press('Enter')
  return (await seen) - startedMs
}

async function changeStatus(rig: Rig, reading: Page, change: number): Promise<number> {
  const id = (await reading.evaluate(
    `document.querySelectorAll('${LINKED} > li[data-status="firing"]')[${change % 3}]?.dataset.alert ?? ''`,
  )) as string
  if (id === '') {
    await reading.getByRole('button', { name: 'More' }).first().click()
    await readyMs(reading, `document.querySelectorAll('${LINKED} > li[data-status="firing"]').length >= 3`)
    return changeStatus(rig, reading, change)
  }
  const seen = reading.evaluate(
    `benchSeen(() => document.querySelector('${LINKED} > li[data-alert="${id}"]')?.dataset.status === 'resolved', 10000)`,
  ) as Promise<number>
  const startedMs = await endAlert(rig, id)
  return (await seen) - startedMs
}

async function judge(
  opened: Opened,
  seen: Seen,
  viewers: IncidentViewers,
): Promise<{ readonly figures: Measured['figures']; readonly bars: readonly Bar[] }> {
  const { own, floor } = opened
  const bytes = await gzippedKb(own.cold.at(-1)?.scripts ?? [])
  const floorBytes = await gzippedKb(floor.cold.at(-1)?.scripts ?? [])
  const readyOf = (loads: readonly Load[]): number | undefined =>
    median(loads.map(({ readyMs: took }) => took))
  const nodes = Math.max(
    seen.nodes,
    ...own.cold.map((load) => load.nodes),
    ...own.warm.map((load) => load.nodes),
  )
  const open = (kind: 'cold' | 'warm'): Bar =>
    atMost({
      id: 'B8.a',
      figure: `opens, ${kind}: record and linked alerts on screen, against the near-empty page`,
      value: ratio(readyOf(own[kind]), readyOf(floor[kind])),
      limit: 8,
      unit: `times (${readyOf(own[kind])?.toFixed(0)} against ${readyOf(floor[kind])?.toFixed(0)} ms)`,
    })
  return {
    figures: {
      coldReadyMs: spreadOf(own.cold.map((load) => load.readyMs)),
      warmReadyMs: spreadOf(own.warm.map((load) => load.readyMs)),
      floorColdReadyMs: spreadOf(floor.cold.map((load) => load.readyMs)),
      floorWarmReadyMs: spreadOf(floor.warm.map((load) => load.readyMs)),
      nodes,
      javascriptGzipKb: rounded(bytes),
      requests: own.cold.at(-1)?.requests ?? null,
      layoutShift: Math.max(...own.cold.map((load) => load.shift)),
      shifted: own.cold.at(-1)?.shifted ?? [],
      noteSeenMs: spreadOf(seen.noteMs),
      statusSeenMs: spreadOf(seen.statusMs),
      viewersAsked: viewers.asked(),
      viewersFailed: viewers.failed(),
    },
    bars: [
      open('cold'),
      open('warm'),
      atMost({ id: 'B8.b', figure: 'elements in the document', value: nodes, limit: 3_000, unit: 'nodes' }),
      atMost({
        id: 'B8.c',
        figure: 'gzipped JavaScript against the near-empty page',
        value: ratio(bytes, floorBytes),
        limit: 1.5,
        unit: `times (${bytes.toFixed(0)} against ${floorBytes.toFixed(0)} kB)`,
      }),
      atMost({
        id: 'B8.d',
        figure: `a note typed in one browser on screen in another, p95 of ${seen.noteMs.length}`,
        value: quantile(seen.noteMs, 0.95),
        limit: 500,
        unit: 'ms',
      }),
      atMost({
        id: 'B8.e',
        figure: `an alert's end from its delivery to the screen, p95 of ${seen.statusMs.length}`,
        value: quantile(seen.statusMs, 0.95),
        limit: 100,
        unit: 'ms',
      }),
      atMost({
        id: 'B8.f',
        figure: 'questions of viewers that failed',
        value: viewers.failed(),
        limit: 0,
        unit: 'rows',
      }),
    ],
  }
}
