import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { startChrome } from '../browser'
import { progress, until } from '../clock'
import { type Caller, declareIncident, runCommand } from '../commands'
import { markupCorpus } from '../markup-corpus'
import { atLeast, atMost } from '../report'
import { scenarioPath, startRig } from '../rig'
import { signIn } from '../sign-in'
import type { Measured, Suite } from '../suite'

const SECTIONS = ['summary', 'impact', 'timeline', 'causes', 'went-well', 'was-hard', 'lucky', 'resolution']
const COMMENTS_EACH = 600
const LOADED_MS = 60_000

type Seen = { executed: number; policy: number; foreign: string[]; live: number; views: number }

/** markup sends hostile and awkward markup through every field of a postmortem in a real browser and counts what comes alive. */
export const markup: Suite = {
  name: 'markup',
  workload:
    'every example of the CommonMark specification, the big list of naughty strings and known ways to run code: each alone in the live preview and as a remark, all of them in the eight sections, in an incident’s title and notes, in action items and in the words of a review; then every page that shows them is opened',
  run: async ({ quick, build }) => {
    const rig = await startRig({ scenario: scenarioPath('calm'), agents: 0, spares: 0, floor: false, build })
    try {
      const chrome = await startChrome()
      try {
        const corpus = markupCorpus()
        const all = [...corpus.ways, ...corpus.naughty, ...corpus.commonmark]
        const texts = quick ? all.filter((_, at) => at % 12 === 0) : all
        const cookie = await signIn(rig.base, 'ana')
        const caller = { base: rig.base, origin: rig.base, cookie }
        const context = await chrome.visit({ base: rig.base, cookie })
        const page = await context.newPage()
        const seen = await watch(page, rig.base)
        const pages = await fill(caller, texts)
        for (const path of pages) await open(page, `${rig.base}${path}`, seen)
        progress(`${pages.length} pages opened`)
        await preview(page, `${rig.base}${pages[0]}`, { texts, seen })
        const counts = Object.fromEntries(Object.entries(corpus).map(([name, of]) => [name, of.length]))
        return measured(seen, {
          texts: texts.length,
          counts,
          postgres: rig.database.version,
          chromium: chrome.version,
        })
      } finally {
        await chrome.browser.close()
      }
    } finally {
      await rig.stop()
    }
  },
}

function measured(
  seen: Seen,
  of: {
    readonly texts: number
    readonly counts: Readonly<Record<string, number>>
    readonly postgres: string
    readonly chromium: string
  },
): Measured {
  const none = (id: string, figure: string, value: number) =>
    atMost({ id, figure, value, limit: 0, unit: 'answers' })
  return {
    postgres: of.postgres,
    chromium: of.chromium,
    figures: { texts: of.texts, corpus: of.counts, views: seen.views, foreign: seen.foreign.slice(0, 20) },
    bars: [
      none('D3-executions', 'scripts that ran', seen.executed),
      none('D3-policy', 'reports of the content policy', seen.policy),
      none('D3-foreign', 'requests to anybody else', seen.foreign.length),
      none('D3-live', 'handlers, scripts, frames and addresses that could run, found in the page', seen.live),
      atLeast({
        id: 'D3-shown',
        figure: 'texts shown alone in the preview',
        value: seen.views,
        limit: of.texts,
        unit: 'texts',
      }),
    ],
  }
}

const WATCH = `
  globalThis.benchAlive = { executed: 0, policy: 0 };
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'msgbox'])
    globalThis[name] = () => { benchAlive.executed += 1; };
  document.addEventListener('securitypolicyviolation', () => { benchAlive.policy += 1; });
`

async function watch(page: Page, base: string): Promise<Seen> {
  const seen: Seen = { executed: 0, policy: 0, foreign: [], live: 0, views: 0 }
  await page.addInitScript(WATCH)
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(base) && !/^(data|blob):/.test(url)) seen.foreign.push(url)
  })
  page.on('dialog', (dialog) => {
    seen.executed += 1
    void dialog.dismiss()
  })
  return seen
}

/** What of a page could run although nobody of ours wrote it. */
function aliveIn(): { readonly executed: number; readonly policy: number; readonly live: number } {
  const bad = [...document.querySelectorAll('main *, aside *, article *')].filter(
    (one) =>
      [
        'SCRIPT',
        'IFRAME',
        'OBJECT',
        'EMBED',
        'BASE',
        'META',
        'LINK',
        'STYLE',
        'IMG',
        'VIDEO',
        'AUDIO',
      ].includes(one.tagName.toUpperCase()) ||
      [...one.attributes].some(
        ({ name, value }) =>
          /^on/i.test(name) ||
          (/^(href|src|action|formaction|xlink:href)$/i.test(name) &&
            !/^([#/?]|https?:|mailto:)/.test(value)),
      ),
  )
  const { executed, policy } = (globalThis as unknown as { benchAlive: { executed: number; policy: number } })
    .benchAlive
  return { executed, policy, live: bad.length }
}

async function look(page: Page, seen: Seen): Promise<void> {
  const { executed, policy, live } = await page.evaluate(aliveIn)
  seen.executed += executed
  seen.policy += policy
  seen.live += live
}

async function open(page: Page, url: string, seen: Seen): Promise<void> {
  await page.goto(url, { timeout: LOADED_MS })
  await page.getByRole('heading').first().waitFor({ timeout: LOADED_MS })
  await page.waitForLoadState('load')
  if (url.endsWith('/edit')) await page.getByRole('list', { name: 'Threads' }).waitFor({ timeout: LOADED_MS })
  await look(page, seen)
}

async function preview(
  page: Page,
  url: string,
  { texts, seen }: { readonly texts: readonly string[]; readonly seen: Seen },
): Promise<void> {
  await page.route('**/api/commands/postmortems.saveSection', (route) => route.abort())
  await page.goto(url, { timeout: LOADED_MS })
  const field = page.locator('[data-section-field="summary"]')
  const button = page.getByRole('button', { name: 'Write Summary' })
  await until(
    'the section is open',
    async () => {
      if (await field.isVisible()) return true
      await button.click({ timeout: 1_000 }).catch(() => undefined)
      return false
    },
    LOADED_MS,
  )
  const shown = page.getByRole('region', { name: 'Summary, preview' })
  for (const [at, text] of texts.entries()) {
    await field.fill(`${text}\n\nend of ${at}.`)
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    )
    if ((await shown.textContent())?.includes(`end of ${at}`)) seen.views += 1
    if (at % 50 === 49) await look(page, seen)
    if (at % 200 === 199) progress(`${at + 1} of ${texts.length} in the preview`)
  }
  await look(page, seen)
}

async function must(caller: Caller, name: string, input: unknown): Promise<Record<string, unknown>> {
  const { status, body } = await runCommand(caller, { name, input })
  if (status !== 200) throw new Error(`${name} answered ${status}: ${JSON.stringify(body)}`)
  return body as Record<string, unknown>
}

/** What a field refuses, as an empty or overlong text, is refused: nothing comes alive by that. */
async function may(caller: Caller, name: string, input: unknown): Promise<void> {
  const { status } = await runCommand(caller, { name, input })
  if (status !== 200 && status !== 400 && status !== 409 && status !== 422)
    throw new Error(`${name} answered ${status}`)
}

async function fill(caller: Caller, texts: readonly string[]): Promise<readonly string[]> {
  const pages: string[] = []
  for (let from = 0; from < texts.length; from += COMMENTS_EACH) {
    const part = texts.slice(from, from + COMMENTS_EACH)
    const incident = await declareIncident(caller, part[0]?.slice(0, 150) || 'markup')
    for (const text of part.slice(0, 40))
      await may(caller, 'incidents.addNote', {
        id: incident.id,
        text: text.slice(0, 2_000),
        entryId: randomUUID(),
      })
    const { id, name } = await must(caller, 'postmortems.draft', { incidentId: incident.id })
    for (const [place, key] of SECTIONS.entries()) {
      const own = part
        .filter((_, at) => at % SECTIONS.length === place)
        .join('\n\n')
        .slice(0, 45_000)
      const { status, body } = await runCommand(caller, {
        name: 'postmortems.saveSection',
        input: { id, key, body: own, baseVersion: 0 },
      })
      const current = (body as { current?: { version?: number } }).current?.version
      if (status === 409 && current !== undefined)
        await must(caller, 'postmortems.saveSection', { id, key, body: own, baseVersion: current })
      else if (status !== 200) throw new Error(`saving ${key} answered ${status}: ${JSON.stringify(body)}`)
    }
    for (const text of part)
      await may(caller, 'postmortems.addComment', { id, section: 'impact', quote: text.slice(0, 400), text })
    for (const title of part.slice(0, 20))
      await may(caller, 'action-items.add', {
        title: title.slice(0, 150),
        doneWhen: title.slice(0, 300),
        postmortemId: id,
      })
    pages.push(`/postmortems/${name}/edit`, `/postmortems/${name}`, `/incidents/${incident.name}`)
    progress(`${from + part.length} of ${texts.length} stored`)
  }
  return [...pages, '/postmortems', '/postmortems/actions', '/incidents']
}
