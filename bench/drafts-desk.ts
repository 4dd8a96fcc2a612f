import type { BrowserContext, Locator, Page } from '@playwright/test'
import type { Chrome } from './browser'
import { until } from './clock'
import { declareIncident, runCommand } from './commands'
import type { Rig } from './rig'
import { signIn } from './sign-in'

/** Place is a field of the product in which somebody types: how it is reached, read and emptied. */
export type Place = {
  readonly name: string
  readonly path: string
  /** ready brings the field onto the screen. */
  readonly ready: (page: Page) => Promise<void>
  readonly field: (page: Page) => Locator
  /** others gives the texts that the page shows beside the field. */
  readonly others: (page: Page) => Promise<readonly string[]>
  /** choose lets go of every text but the one in the field. */
  readonly choose: (page: Page) => Promise<void>
  /** clear empties the field for good, on this device and on the server. */
  readonly clear: (page: Page) => Promise<void>
  /** secret is a field whose text is nobody else's business while it is not sent. */
  readonly secret: (page: Page) => Promise<Locator>
  /** hold keeps what is typed from being told to others, as without an answer. */
  readonly hold: (page: Page) => Promise<void>
}

/** Desk is one browser at which people sit down, with a place to write. */
export type Desk = {
  readonly rig: Rig
  readonly chrome: Chrome
  readonly context: BrowserContext
  readonly place: Place
  /** sitDown signs somebody in with this browser, in place of whoever was. */
  readonly sitDown: (handle: 'ana' | 'li') => Promise<void>
  /** open gives a tab with the place's page, ready to be typed in. */
  readonly open: () => Promise<Page>
}

const LOADED_MS = 30_000
const SAVED = '/api/commands/incidents.saveDraft'

/** startDesk opens a browser for Ana at one of the places that she may write at. */
export async function startDesk(rig: Rig, chrome: Chrome, kind: 'note' | 'section'): Promise<Desk> {
  const cookie = await signIn(rig.base, 'ana')
  const caller = { base: rig.base, origin: rig.base, cookie }
  const incident = await declareIncident(caller, 'Webhook deliveries late')
  const place = kind === 'note' ? notePlace(incident.name) : await sectionPlace(caller, incident.id)
  const context = await chrome.visit({ base: rig.base, cookie })
  return {
    rig,
    chrome,
    context,
    place,
    sitDown: async (handle) => {
      const [name = '', ...rest] = (await signIn(rig.base, handle)).split('=')
      await context.addCookies([{ name, value: rest.join('='), url: rig.base }])
    },
    open: async () => {
      const page = await context.newPage()
      await page.goto(`${rig.base}${place.path}`)
      await place.ready(page)
      return page
    },
  }
}

/** savedDraft waits for the next draft that reaches the server. */
export function savedDraft(page: Page): Promise<unknown> {
  return page.waitForResponse((response) => response.url().endsWith(SAVED) && response.ok())
}

const versions = (page: Page): Locator =>
  page.getByRole('region', { name: 'Other versions of what you typed' })

async function versionTexts(page: Page): Promise<readonly string[]> {
  const texts = await versions(page).locator('p + p').allTextContents()
  return texts.filter((text) => !text.startsWith('Use this'))
}

async function letGo(page: Page): Promise<void> {
  while ((await versions(page).count()) > 0)
    await versions(page).getByRole('button', { name: 'Let it go' }).first().click()
}

function notePlace(incident: string): Place {
  const field = (page: Page): Locator => page.locator('[data-note-field]').filter({ visible: true }).first()
  return {
    name: 'note',
    path: `/incidents/${incident}`,
    ready: (page) => field(page).waitFor({ timeout: LOADED_MS }),
    field,
    others: versionTexts,
    choose: letGo,
    clear: async (page) => {
      const saved = savedDraft(page)
      await field(page).fill('')
      await saved
    },
    secret: async (page) => field(page),
    hold: async () => undefined,
  }
}

const SECTION = 'Where we were lucky'

async function sectionPlace(caller: Parameters<typeof runCommand>[0], incidentId: string): Promise<Place> {
  const { status, body } = await runCommand(caller, { name: 'postmortems.draft', input: { incidentId } })
  if (status !== 200) throw new Error(`drafting answered ${status}: ${JSON.stringify(body)}`)
  const { name, number } = body as { readonly name: string; readonly number: number }
  const field = (page: Page): Locator => page.locator('[data-section-field="lucky"]')
  const ready = async (page: Page): Promise<void> => {
    const button = page.getByRole('button', { name: `Write ${SECTION}` })
    await until(
      'the section is open',
      async () => {
        if (await field(page).isVisible()) return true
        if (await button.isVisible()) await button.click({ timeout: 1_000 }).catch(() => undefined)
        return false
      },
      LOADED_MS,
    )
  }
  const stored = (page: Page): Promise<string> =>
    page.evaluate(
      async (of) => {
        const answer = await fetch(
          `/api/queries/postmortems.one?input=${encodeURIComponent(JSON.stringify(of))}`,
        )
        const { sections } = (await answer.json()) as { sections: { key: string; body: string }[] }
        return sections.find(({ key }) => key === 'lucky')?.body ?? ''
      },
      { number },
    )
  return {
    name: 'section',
    path: `/postmortems/${name}/edit`,
    ready,
    field,
    others: async (page) => [
      ...(await versionTexts(page)),
      ...(await page.getByRole('alert', { name: 'Two texts' }).locator('pre').allTextContents()),
    ],
    choose: async (page) => {
      await letGo(page)
      const theirs = page.getByRole('button', { name: 'Take theirs' })
      if (await theirs.isVisible()) await theirs.click()
    },
    clear: async (page) => {
      await until(
        'the section is empty for everybody',
        async () => {
          await ready(page)
          if ((await field(page).inputValue()) !== '') await field(page).fill('')
          await field(page).press('ControlOrMeta+s')
          const isKept = await page.getByText(/^(Kept on this device[,;]|Recovered)/).count()
          return isKept === 0 && (await stored(page)) === ''
        },
        LOADED_MS,
      )
    },
    secret: async (page) => {
      await page.getByRole('button', { name: `Remark on ${SECTION}` }).click()
      const remark = page.getByRole('textbox', { name: `Remark on ${SECTION}` })
      await remark.waitFor()
      return remark
    },
    hold: async (page) => {
      await page.route('**/api/commands/postmortems.saveSection', (route) => route.abort())
    },
  }
}

/** versionsOn gives every text that a page shows for the place: the one in the field, and those beside it. */
export async function versionsOn(desk: Desk, page: Page): Promise<readonly string[]> {
  return [await desk.place.field(page).inputValue(), ...(await desk.place.others(page))]
}

/** whenRecovered waits until the page shows a text, and gives it; empty when none comes within 5 s. */
export async function whenRecovered(desk: Desk, page: Page): Promise<string> {
  await desk.place.ready(page)
  const field = desk.place.field(page)
  await until('a draft is shown', async () => (await field.inputValue()) !== '', 5_000).catch(() => undefined)
  return field.inputValue()
}

/** killRenderers kills every process that renders a page of this browser, as the kernel does when memory runs out. */
export async function killRenderers(chrome: Chrome): Promise<number> {
  const session = await chrome.browser.newBrowserCDPSession()
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const renderers = processInfo.filter(({ type }) => type === 'renderer')
    for (const { id } of renderers) process.kill(id, 'SIGKILL')
    return renderers.length
  } finally {
    await session.detach()
  }
}
