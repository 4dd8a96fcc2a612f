import type { BrowserContext, Page } from '@playwright/test'
import { expect, signIn, test, whenAlive } from './fixtures'
import { openRelay } from './relay'

// The last is what Chromium says of a service worker whose script it cannot fetch.
const LINE_IS_CUT = /net::ERR_|Failed to load resource|error occurred when fetching the script/

function streamsOf(context: BrowserContext): readonly string[] {
  const streams: string[] = []
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/live') streams.push(request.url())
  })
  return streams
}

/** stateOf is the number of the newest state that the page shows. */
async function stateOf(page: Page): Promise<number> {
  const text = await page
    .getByText(/^State \d+/)
    .first()
    .textContent()
  return Number(/\d+/.exec(text ?? '')?.[0])
}

test('two tabs share one stream, and the second goes on when the first is closed', async ({
  page,
  context,
}) => {
  const streams = streamsOf(context)
  await signIn(page, 'ana', '/fleet')
  await whenAlive(page)
  await expect.poll(() => streams.length).toBe(1)
  const second = await context.newPage()
  await second.goto('/fleet')
  await whenAlive(second)
  const before = await stateOf(second)
  await expect.poll(() => stateOf(second), { timeout: 30_000 }).toBeGreaterThan(before)
  expect(streams).toHaveLength(1)
  await page.close()
  await expect.poll(() => streams.length, { timeout: 30_000 }).toBe(2)
  const after = await stateOf(second)
  await expect.poll(() => stateOf(second), { timeout: 30_000 }).toBeGreaterThan(after)
})

test.describe('when the line is cut', () => {
  test.use({ allowedNoise: LINE_IS_CUT })

  test('the page says since when it is offline, keeps what it knew, and comes back complete', async ({
    page,
    baseURL,
  }) => {
    test.setTimeout(180_000)
    const relay = await openRelay(baseURL ?? '')
    try {
      await signIn(page, 'ana')
      await page.goto(`${relay.url}/fleet`)
      await whenAlive(page)
      await expect(page.getByText(/^State \d+/)).toBeVisible()
      const before = await stateOf(page)
      await relay.cut()
      await expect(page.getByText(/^Offline since \d\d:\d\d/)).toBeVisible({ timeout: 70_000 })
      await expect(page.getByRole('heading', { level: 1 })).toContainText('212 GPUs')
      await relay.mend()
      await expect(page.getByText(/^(Offline|Polling) since/)).toHaveCount(0, { timeout: 60_000 })
      await expect.poll(() => stateOf(page), { timeout: 30_000 }).toBeGreaterThan(before)
    } finally {
      await relay.close()
    }
  })

  test('a browser without network says so, and is live again once the network is back', async ({
    page,
    context,
  }) => {
    test.setTimeout(180_000)
    await signIn(page, 'ana', '/fleet')
    await whenAlive(page)
    await expect(page.getByRole('region', { name: 'Saved filters' })).toBeVisible()
    await context.setOffline(true)
    await expect(page.getByText(/^Offline since \d\d:\d\d/)).toBeVisible()
    const before = await stateOf(page)
    await context.setOffline(false)
    await expect(page.getByText(/^(Offline|Polling) since/)).toHaveCount(0, { timeout: 60_000 })
    await expect.poll(() => stateOf(page), { timeout: 30_000 }).toBeGreaterThan(before)
  })
})

test.describe('when the session ends', () => {
  test.use({ allowedNoise: /status of 401/ })

  test('an open console leaves by itself and comes back to the same page after signing in', async ({
    page,
    open,
  }) => {
    await signIn(page, 'mei', '/queues')
    const other = await open()
    await signIn(other, 'mei', '/settings/sessions')
    await other.getByRole('button', { name: 'Sign out everywhere' }).click()
    await expect(other.getByRole('heading', { name: 'You are signed out' })).toBeVisible()
    await expect(page).toHaveURL(/return=%2Fqueues/, { timeout: 60_000 })
  })
})
