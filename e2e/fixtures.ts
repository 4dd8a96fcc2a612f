import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Locator,
  type Page,
} from '@playwright/test'
import { type Handle, personOf } from './people'

type Options = {
  /** allowedNoise matches console errors that a journey provokes on purpose. */
  readonly allowedNoise: RegExp | undefined
}

type Fixtures = {
  /** open makes another browser of its own cookies, watched like the first. */
  readonly open: (options?: BrowserContextOptions) => Promise<Page>
  /** quiet collects what the browsers complained about; a journey that leaves something in it fails. */
  readonly quiet: (context: BrowserContext) => void
}

/** test is Playwright's, with browsers that fail a journey by a console error, a thrown error or a policy violation. */
export const test = base.extend<Options & Fixtures>({
  allowedNoise: [undefined, { option: true }],
  quiet: [
    async ({ context, allowedNoise }, use) => {
      const complaints: string[] = []
      const watch = (watched: BrowserContext): void => {
        watched.on('console', (message) => {
          if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`)
        })
        watched.on('weberror', (thrown) => complaints.push(String(thrown.error())))
      }
      watch(context)
      await use(watch)
      const left = complaints.filter((text) => !allowedNoise?.test(text))
      expect(left, 'what the browser complained about').toEqual([])
    },
    { auto: true },
  ],
  open: async ({ browser, quiet }, use) => {
    const opened: BrowserContext[] = []
    await use(async (options) => {
      const context = await browser.newContext(options)
      opened.push(context)
      quiet(context)
      return context.newPage()
    })
    await Promise.all(opened.map((context) => context.close()))
  },
})

export { expect }

/** signInByPage signs a demo person in through the page, with the password of this installation. */
export async function signInByPage(page: Page, handle: Handle, to = '/'): Promise<void> {
  await page.goto(to === '/' ? '/sign-in' : to)
  await page.getByLabel('Handle or work e-mail').fill(handle)
  await page.getByLabel('Password').fill(personOf(handle).password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await expect(page.getByRole('heading').first()).toBeVisible()
}

/** signIn signs a demo person in as the form of the page does, without drawing it, and opens a page. */
export async function signIn(page: Page, handle: Handle, to = '/'): Promise<void> {
  await letIn(page, handle)
  await page.goto(to)
  await expect(page.getByRole('heading').first()).toBeVisible()
}

/** letIn signs a demo person in and opens nothing: for who only gives their word to the API. */
export async function letIn(page: Page, handle: Handle): Promise<void> {
  const { csrfToken } = (await (await page.request.get('/api/auth/csrf')).json()) as { csrfToken: string }
  const { baseURL: origin } = test.info().project.use
  const answer = await page.request.post('/api/auth/callback/password', {
    form: { csrfToken, login: handle, password: personOf(handle).password },
    headers: origin === undefined ? {} : { origin },
    maxRedirects: 0,
  })
  expect(answer.headers().location ?? '', `the sign-in of ${handle}`).not.toMatch(/error|sign-in/)
}

/** whenAlive waits until the page has its first snapshot of the watched world. */
export async function whenAlive(page: Page): Promise<void> {
  await expect(page.getByRole('link', { name: /^\d+ sources?: / })).toBeVisible()
}

/** pressFor presses a key until what it brings is there: a part still on its way hears no key, and a person presses again. */
export async function pressFor(page: Page, key: string, brought: Locator): Promise<void> {
  await expect(async () => {
    if (!(await brought.isVisible())) await page.keyboard.press(key)
    await expect(brought).toBeVisible({ timeout: 5_000 })
  }).toPass()
}
