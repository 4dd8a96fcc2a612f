import type { BrowserContext, Locator, Page } from '@playwright/test'
import type { Chrome } from './browser'
import { until } from './clock'
import { declareIncident } from './commands'
import type { Rig } from './rig'
import { signIn } from './sign-in'

/** Desk is one browser at which people sit down, with an incident to write about. */
export type Desk = {
  readonly rig: Rig
  readonly chrome: Chrome
  readonly context: BrowserContext
  readonly incident: { readonly id: string; readonly name: string }
  /** sitDown signs somebody in with this browser, in place of whoever was. */
  readonly sitDown: (handle: 'ana' | 'li') => Promise<void>
  /** open gives a tab with the incident's page, ready to be typed in. */
  readonly open: () => Promise<Page>
}

const LOADED_MS = 30_000

/** startDesk declares an incident as Ana and opens a browser for her. */
export async function startDesk(rig: Rig, chrome: Chrome): Promise<Desk> {
  const ana = await signIn(rig.base, 'ana')
  const caller = { base: rig.base, origin: rig.base, cookie: ana }
  const incident = await declareIncident(caller, 'Webhook deliveries late')
  const context = await chrome.visit({ base: rig.base, cookie: ana })
  return {
    rig,
    chrome,
    context,
    incident,
    sitDown: async (handle) => {
      const [name = '', ...rest] = (await signIn(rig.base, handle)).split('=')
      await context.addCookies([{ name, value: rest.join('='), url: rig.base }])
    },
    open: async () => {
      const page = await context.newPage()
      await page.goto(`${rig.base}/incidents/${incident.name}`)
      await noteField(page).waitFor({ timeout: LOADED_MS })
      return page
    },
  }
}

/** noteField is where notes are typed on a wide screen. */
export function noteField(page: Page): Locator {
  return page.locator('[data-note-field]').filter({ visible: true }).first()
}

/** versionsOn gives every text that a page shows for the note: the one in the field, and those kept beside it. */
export async function versionsOn(page: Page): Promise<readonly string[]> {
  const others = page.getByRole('region', { name: 'Other versions of what you typed' }).locator('p + p')
  const texts = await others.allTextContents()
  return [await noteField(page).inputValue(), ...texts.filter((text) => !text.startsWith('Use this'))]
}

/** whenRecovered waits until the page shows a text for the note, and gives it; empty when none comes within 5 s. */
export async function whenRecovered(page: Page): Promise<string> {
  const field = noteField(page)
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
