import type { BrowserContext, Page } from '@playwright/test'
import { request } from 'undici'
import { benchAlert, HOOK_ENVIRONMENT, HOOK_HEADERS, webhookBody } from '../alert-posts'
import { type Chrome, startChrome } from '../browser'
import { progress, until } from '../clock'
import { type Caller, callerOf, runCommand, runQuery } from '../commands'
import { quantile } from '../numbers'
import { atLeast, atMost, type Bar, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig, untilWatched } from '../rig'
import { signIn } from '../sign-in'
import type { Measured, Suite } from '../suite'

const GPUS = 64
const PATH =
  'document.querySelectorAll(\'main ul[aria-label="Evidence"] > li\').length > 0 && document.querySelectorAll(\'main ol[aria-label="Causes, in order"] > li\').length > 0'
const OPEN_WITHIN_MS = 30_000
const SHOWN_WITHIN_MS = 3_000
const KNOWN_WITHIN_MS = 120_000

/** triage measures how soon an incident that is opened from a live alert shows the path that the looks propose (bar T2). */
export const triage: Suite = {
  name: 'triage',
  workload: `${GPUS} GPUs while half of the provider's calls fail; an alert is delivered to the hook, its incident is declared in Chromium at 1440 × 900, and the time runs from the press of “Declare” until the proposed path with its evidence is painted; then the same with Prometheus holding every call open without an answer`,
  run: async ({ quick, build }) => {
    const rig = await startRig({
      scenario: scenarioPath('calm'),
      agents: 0,
      spares: 0,
      floor: false,
      build,
      environment: HOOK_ENVIRONMENT,
    })
    let chrome: Chrome | undefined
    try {
      chrome = await startChrome()
      await untilWatched(rig, { gpus: GPUS, read: GPUS - 4 })
      return await measure(rig, chrome, quick ? 5 : 20)
    } finally {
      await chrome?.browser.close()
      await rig.stop()
    }
  },
}

async function measure(rig: Rig, chrome: Chrome, openings: number): Promise<Measured> {
  const ana: Caller = { ...callerOf(rig), cookie: await signIn(rig.base, 'ana') }
  const context = await chrome.visit({ base: rig.base, cookie: ana.cookie })
  await inject(rig, { event: 'provider-errors', status: 500, share: 0.5 })
  await until(
    'the board’s triage has a cause',
    async () => firmOf(await runOf(ana, null)),
    KNOWN_WITHIN_MS,
    500,
  )
  progress(`${openings} openings with every source up`)
  const up = await openAll({ rig, context, ana, openings, from: 0 })
  await inject(rig, { event: 'source-fault', source: 'prometheus', fault: 'blackhole' })
  await until(
    'Prometheus is known to hang',
    async () => tellsOf(await runOf(ana, null)).wrong === 0,
    KNOWN_WITHIN_MS,
    500,
  )
  progress(`${openings} openings with Prometheus hanging`)
  const hung = await openAll({ rig, context, ana, openings, from: openings })
  rig.assertAlive()
  const p95 = (samples: readonly Opening[]): number | undefined =>
    quantile(
      samples.map(({ ms }) => ms),
      0.95,
    )
  const bars: readonly Bar[] = [
    atMost({
      id: 'T2.a',
      figure: 'press to painted path with evidence, every source up, p95',
      value: p95(up),
      limit: 2_000,
      unit: 'ms',
    }),
    atMost({
      id: 'T2.b',
      figure: 'press to painted path with evidence, one source hanging, p95',
      value: p95(hung),
      limit: 6_000,
      unit: 'ms',
    }),
    atMost({
      id: 'T2.c',
      figure: 'answers that rest on the hanging source and are not unknown',
      value: hung.reduce((sum, one) => sum + one.wrong, 0),
      limit: 0,
      unit: 'answers',
    }),
    atLeast({
      id: 'T2.d',
      figure: 'answers of the other sources that stand, least of all openings',
      value: Math.min(...hung.map((one) => one.answered)),
      limit: 1,
      unit: 'answers',
    }),
  ]
  return {
    chromium: chrome.version,
    postgres: rig.database.version,
    figures: {
      openings,
      everySourceUpMs: spreadOf(up.map(({ ms }) => ms)),
      oneSourceHangingMs: spreadOf(hung.map(({ ms }) => ms)),
      answeredWhileHanging: spreadOf(hung.map(({ answered }) => answered)),
      unknownWhileHanging: spreadOf(hung.map(({ unknown }) => unknown)),
    },
    bars,
  }
}

type Opening = {
  readonly ms: number
  readonly wrong: number
  readonly unknown: number
  readonly answered: number
}

async function openAll(given: {
  readonly rig: Rig
  readonly context: BrowserContext
  readonly ana: Caller
  readonly openings: number
  readonly from: number
}): Promise<readonly Opening[]> {
  const { rig, context, ana, openings, from } = given
  const page = await context.newPage()
  // What a responder's browser has loaded before, the first opening here loads.
  await openOne({ rig, page, number: 900 + from, ana })
  const taken: Opening[] = []
  for (let turn = 0; turn < openings; turn += 1) {
    taken.push(await openOne({ rig, page, number: from + turn, ana }))
  }
  await page.close()
  return taken
}

async function openOne({
  rig,
  page,
  number,
  ana,
}: {
  readonly rig: Rig
  readonly page: Page
  readonly number: number
  readonly ana: Caller
}): Promise<Opening> {
  const alert = benchAlert(number, { rules: 1_000, startMs: Date.now() })
  const answer = await request(`${rig.base}/api/hooks/alertmanager`, {
    method: 'POST',
    headers: HOOK_HEADERS,
    body: webhookBody([{ alert, status: 'firing' }]),
  })
  await answer.body.dump()
  if (answer.statusCode !== 202) throw new Error(`the alert was answered ${answer.statusCode}`)
  const declareFrom = page.getByRole('button', {
    name: `Declare an incident from ${alert.labels.alertname}`,
  })
  // A delivery is stored before it is understood: the list is opened until it shows the alert.
  await until(
    'the alert is on the list',
    async () => {
      await page.goto(`${rig.base}/alerts`)
      return declareFrom.waitFor({ timeout: SHOWN_WITHIN_MS }).then(
        () => true,
        () => false,
      )
    },
    OPEN_WITHIN_MS,
    250,
  )
  await declareFrom.click({ timeout: OPEN_WITHIN_MS })
  const declare = page.getByRole('dialog').getByRole('button', { name: 'Declare' })
  await declare.waitFor()
  await declare.focus()
  // An expression, because a text that is a function is not called; pressed and timed in one go.
  const ms = (await page.evaluate(
    `(() => { const pressedMs = performance.now(); document.activeElement.click(); return benchReady(() => location.pathname.startsWith('/incidents/') && ${PATH}, ${OPEN_WITHIN_MS}).then((readyMs) => readyMs - pressedMs) })()`,
  )) as number
  const name =
    String(await page.evaluate('location.pathname'))
      .split('/')
      .at(-1) ?? ''
  const { status, body } = await runQuery(ana, 'incidents.byId', { ref: name })
  if (status !== 200) throw new Error(`${name} was answered ${status}: ${JSON.stringify(body)}`)
  const incident = body as { readonly id: string; readonly version: number }
  const told = tellsOf(await runOf(ana, incident.id))
  const resolved = await runCommand(ana, {
    name: 'incidents.setStatus',
    input: { id: incident.id, version: incident.version, to: 'resolved', waiver: 'measured' },
  })
  if (resolved.status !== 200)
    throw new Error(`resolving answered ${resolved.status}: ${JSON.stringify(resolved.body)}`)
  return { ms, ...told }
}

type Run = {
  readonly causes: readonly { readonly state: string }[]
  readonly questions: Readonly<
    Record<string, { readonly answer: string; readonly evidence: { readonly source: string } }>
  >
} | null

async function runOf(ana: Caller, incidentId: string | null): Promise<Run> {
  const { body } = await runQuery(ana, 'triage.run', { incidentId })
  return (body as { readonly run?: Run }).run ?? null
}

function firmOf(run: Run): boolean {
  return run?.causes.some(({ state }) => state === 'certain' || state === 'likely') ?? false
}

/** tellsOf counts the answers that rest on Prometheus and are not unknown, those that are unknown, and the others' that stand. */
function tellsOf(run: Run): Omit<Opening, 'ms'> {
  const all = Object.values(run?.questions ?? {})
  const isOpen = ({ answer }: { readonly answer: string }): boolean =>
    answer === 'unknown' || answer === 'stale'
  const ofSource = all.filter(({ evidence }) => evidence.source === 'Prometheus')
  return {
    wrong: ofSource.length === 0 ? 1 : ofSource.filter((one) => !isOpen(one)).length,
    unknown: ofSource.filter(isOpen).length,
    answered: all.filter((one) => !ofSource.includes(one) && !isOpen(one)).length,
  }
}

async function inject(rig: Rig, event: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await request(`${rig.simulatorBase}/control/inject`, {
    method: 'POST',
    body: JSON.stringify({ timeline: [{ at: '0s', ...event }] }),
  })
  const text = await answer.body.text()
  if (answer.statusCode !== 200) throw new Error(`the simulated world refused it: ${text}`)
}
