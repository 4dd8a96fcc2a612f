import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { expect, pressFor, signIn, test } from './fixtures'
import type { Handle } from './people'
import { SCREENS } from './screens'

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
const THEMES = ['dark', 'light'] as const
type Size = {
  readonly width: number
  readonly height: number
  readonly themes: readonly ('dark' | 'light')[]
}

/** With `E2E_AXE=all` each page is judged in both themes at both sizes; else every other one wide and dark, narrow and light. */
function sizesOf(index: number): readonly Size[] {
  const isWhole = process.env.E2E_AXE === 'all'
  const wide = {
    width: 1440,
    height: 900,
    themes: isWhole ? THEMES : index % 2 === 0 ? (['dark'] as const) : [],
  }
  const narrow = {
    width: 390,
    height: 844,
    themes: isWhole ? THEMES : index % 2 === 0 ? [] : (['light'] as const),
  }
  // What stands wide needs no look at 1440 px for its width alone.
  return wide.themes.length === 0 ? [narrow] : [wide, narrow]
}

/** One window a person, as people have: a new one for each page takes longer than the page. */
const windows = new Map<string, Page>()

async function windowOf(browser: Browser, who: Handle | undefined): Promise<Page> {
  const open = windows.get(who ?? '')
  if (open !== undefined) return open
  const context = await browser.newContext()
  const page = await context.newPage()
  if (who !== undefined) await signIn(page, who)
  windows.set(who ?? '', page)
  return page
}

test.afterAll(async () => {
  for (const page of windows.values()) await page.context().close()
  windows.clear()
})

async function violationsOn(page: Page, standards: string[]): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(standards)
    // Without it each look opens another window, for frames of other origins, which no page of ours has.
    .setLegacyMode()
    .analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) => `${id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`,
    ),
  )
}

/** What arrives while a page is judged makes it longer, in px. */
const ROOM_TO_GROW = 600

/** A bar that sticks to the edge covers what is scrolled behind it; on a screen of the page's height it covers nothing. */
async function showWhole(page: Page, { width, height }: Size): Promise<void> {
  const hidden = async (): Promise<number> => {
    const whole = await page.evaluate(() => document.documentElement.scrollHeight)
    await page.setViewportSize({ width, height: Math.max(height, whole + ROOM_TO_GROW) })
    return page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)
  }
  await expect.poll(hidden, 'px of the page below the screen').toBeLessThanOrEqual(0)
}

test.use({ allowedNoise: /status of 404 .*\/no-such-room/ })

test('every page of the product is in the table of screens', () => {
  const app = join(import.meta.dirname, '..', 'app')
  const pages = readdirSync(app, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('page.tsx'))
    .map((path) => dirname(path))
  const listed = SCREENS.flatMap(({ file }) => (file === undefined ? [] : [file]))
  expect(pages.filter((page) => !listed.includes(page))).toEqual([])
  expect(listed.filter((file) => !pages.includes(file))).toEqual([])
})

for (const [index, screen] of SCREENS.entries()) {
  test(`${screen.name} has no accessibility violation and is no wider than the screen`, async ({
    browser,
    quiet,
  }) => {
    const page = await windowOf(browser, screen.who)
    quiet(page.context())
    const found: string[] = []
    for (const [at, size] of sizesOf(index).entries()) {
      await page.setViewportSize({ width: size.width, height: size.height })
      // The page follows its window: what is wide becomes narrow as it stands, unless looking at it led elsewhere.
      if (at === 0 || !page.url().endsWith(screen.path)) await page.goto(screen.path)
      await screen.settled(page)
      const overhang = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      await expect.poll(overhang, `px wider than a screen of ${size.width}`).toBeLessThanOrEqual(0)
      if (size.themes.length === 0) continue
      await showWhole(page, size)
      for (const theme of size.themes) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
        for (const text of await violationsOn(page, STANDARDS)) found.push(`${theme} ${size.width}: ${text}`)
      }
    }
    expect(found).toEqual([])
  })
}

const OVERLAYS: readonly {
  readonly name: string
  readonly path: string
  readonly open: (page: Page) => Promise<void>
}[] = [
  {
    name: 'palette',
    path: '/',
    open: async (page) => {
      await pressFor(page, 'Control+k', page.getByRole('option', { name: /^Fleet/ }))
    },
  },
  {
    name: 'keyboard help',
    path: '/fleet',
    open: async (page) => {
      await pressFor(page, '?', page.getByRole('dialog', { name: 'Keyboard' }))
    },
  },
  {
    name: 'evidence of a plane',
    path: '/',
    open: async (page) => {
      await page.getByRole('button', { name: /^Our code/ }).click()
      await page.getByRole('link', { name: 'Services' }).last().waitFor()
    },
  },
  {
    name: 'dialog for a new person',
    path: '/settings/people',
    open: async (page) => {
      await page.getByRole('button', { name: 'Add a person' }).click()
      await page.getByRole('dialog', { name: 'Add a person' }).waitFor()
    },
  },
  {
    name: 'menu of the person',
    path: '/queues',
    open: async (page) => {
      await page.getByRole('button', { name: /^Signed in as/ }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    },
  },
]

for (const overlay of OVERLAYS) {
  test(`the ${overlay.name} has no accessibility violation, dark and light`, async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await signIn(page, 'sam')
    const found: string[] = []
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.goto(overlay.path)
      await page.getByRole('link', { name: /^\d+ sources: / }).waitFor()
      await overlay.open(page)
      for (const text of await violationsOn(page, STANDARDS)) found.push(`${theme}: ${text}`)
    }
    expect(found).toEqual([])
  })
}
