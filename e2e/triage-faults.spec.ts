import type { Page } from '@playwright/test'
import { expect, signIn, test, whenAlive } from './fixtures'
import { inject } from './world'

const SEEN_MS = 100_000

async function declare(page: Page, title: string): Promise<void> {
  await page.keyboard.press('d')
  const dialog = page.getByRole('dialog', { name: 'Declare an incident' })
  await dialog.getByLabel('What is wrong, and where').fill(title)
  await dialog.getByLabel('Severity').selectOption('P2')
  await dialog.getByLabel('This is a drill').check()
  await dialog.getByRole('button', { name: 'Declare' }).click()
  await page.waitForURL(/\/incidents\/DRILL-\d+/)
}

test('two faults at once are both shown, neither as the other’s cause', async ({ page }) => {
  test.setTimeout(200_000)
  await inject(
    { event: 'gpu-xid', code: 48, target: { instances: [22], gpu: 0 }, for: '4m' },
    { event: 'provider-latency', p95Ms: 9_000, p99Ms: 15_000, for: '4m' },
  )
  await signIn(page, 'ana', '/incidents')
  await whenAlive(page)
  await declare(page, `Two at once ${test.info().testId.slice(-6)}`)
  const causes = page.getByRole('list', { name: 'Causes, in order' }).first()
  await expect(causes).toContainText(/memory error|ECC/i, { timeout: SEEN_MS })
  await expect(causes).toContainText(/slow/i, { timeout: SEEN_MS })
})

test('a status page that says operational while calls fail is shown beside what contradicts it', async ({
  page,
}) => {
  test.setTimeout(200_000)
  await inject(
    { event: 'provider-errors', status: 500, share: 0.7, for: '3m' },
    { event: 'status-page', mode: 'operational', for: '3m' },
  )
  await signIn(page, 'ana', '/incidents')
  await whenAlive(page)
  await declare(page, `The page is green ${test.info().testId.slice(-6)}`)
  const causes = page.getByRole('list', { name: 'Causes, in order' }).first()
  await expect(causes).toContainText('Provider errors without a word from the provider', { timeout: SEEN_MS })
  // What the page says stands as evidence beside what our own calls say.
  await expect(page.getByText('“none”').first()).toBeVisible()
  await page.goto(page.url().replace('/incidents/', '/triage?incident='))
  await expect(page.getByRole('heading', { name: /^Triage of DRILL-/ })).toBeVisible()
})
