import type { Locator, Page } from '@playwright/test'
import { expect, signIn, test, whenAlive } from './fixtures'

function sourceItem(page: Page, title: string): Locator {
  return page.getByRole('group').filter({ has: page.getByText(title, { exact: true }) })
}

/** Browsers log every refused request by themselves; a form that is not accepted is one. */

test.use({ allowedNoise: /status of 422/ })

async function openSource(page: Page, title: string): Promise<Locator> {
  const item = sourceItem(page, title).first()
  await item.getByText(title, { exact: true }).first().click()
  await expect(item.getByRole('button', { name: 'Test now' })).toBeVisible()
  return item
}

test('a wrong key is refused in plain words, and everything else lives on', async ({ page }) => {
  await signIn(page, 'sam', '/settings/sources')
  const vast = await openSource(page, 'Vast.ai')
  await vast.getByLabel(/key/i).fill('not-a-key')
  await vast.getByRole('button', { name: 'Test now' }).click()
  const verdict = vast.getByRole('status')
  await expect(verdict).toContainText(/refuse|401|key/i, { timeout: 20_000 })
  await expect(verdict).not.toContainText('not-a-key')
  await page.reload()
  await whenAlive(page)
  await expect(page.getByRole('link', { name: /^\d+ sources: \d live/ })).toBeVisible()
})

test('a saved wrong key stops that source alone; the right one brings it back, and the trail shows both', async ({
  page,
}) => {
  test.setTimeout(180_000)
  await signIn(page, 'sam', '/settings/sources')
  const vast = await openSource(page, 'Vast.ai')
  await vast.getByLabel(/key/i).fill('not-a-key')
  await vast.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Vast.ai is connected; its first reading follows.')).toBeVisible()
  await expect(vast.getByText(/Vast\.ai instances: /)).toBeVisible({ timeout: 90_000 })
  await expect(vast.getByText(/Instead: /).first()).toBeVisible()
  await expect(sourceItem(page, 'Temporal').first()).toContainText('live')
  await expect(sourceItem(page, 'Prometheus').first()).toContainText('live')
  await vast.getByLabel(/key/i).fill('simulated-key')
  await vast.getByRole('button', { name: 'Save' }).click()
  await expect(vast.getByText(/Vast\.ai instances: /)).toHaveCount(0, { timeout: 90_000 })
  await page.goto('/audit?action=sources.configure')
  const trail = page.getByRole('table', { name: 'Audit trail' })
  await expect(trail.getByRole('row', { name: /sources\.configure/ })).not.toHaveCount(0)
  await expect(trail).not.toContainText('not-a-key')
  await expect(trail).not.toContainText('simulated-key')
})

test('a mistake is said at its field and what was typed is still there, even after a reload', async ({
  page,
}) => {
  await signIn(page, 'sam', '/settings/sources')
  const prometheus = await openSource(page, 'Prometheus')
  const address = prometheus.getByLabel('Address')
  const before = await address.inputValue()
  await address.fill('this is no address')
  await prometheus.getByRole('button', { name: 'Save' }).click()
  await expect(address).toHaveAttribute('aria-invalid', 'true')
  await expect(address).toHaveValue('this is no address')
  await page.reload()
  const again = await openSource(page, 'Prometheus')
  await expect(again.getByLabel('Address')).toHaveValue('this is no address')
  await again.getByRole('button', { name: 'Forget what I typed' }).click()
  await expect(again.getByLabel('Address')).toHaveValue(before)
})

test('a viewer sees what is connected, and no way to change or test it', async ({ page, baseURL }) => {
  await signIn(page, 'mei', '/settings/sources')
  const vast = sourceItem(page, 'Vast.ai').first()
  await vast.getByText('Vast.ai', { exact: true }).first().click()
  await expect(vast.getByText('An administrator connects and changes sources.')).toBeVisible()
  await expect(vast.getByRole('button', { name: 'Save' })).toHaveCount(0)
  await expect(vast.getByRole('button', { name: 'Test now' })).toHaveCount(0)
  await expect(vast).not.toContainText('simulated-key')
  const answer = await page.request.post('/api/commands/sources.configure', {
    headers: {
      origin: baseURL ?? '',
      'idempotency-key': crypto.randomUUID(),
      'x-watchfloor-request': '1',
    },
    data: { id: 'vast', settings: null, version: 0 },
  })
  expect(answer.status()).toBe(403)
  expect(await answer.text()).toContain('sources.configure')
})

test('a responder may look at a source now, without its settings', async ({ page }) => {
  await signIn(page, 'li', '/settings/sources')
  const temporal = sourceItem(page, 'Temporal').first()
  await temporal.getByText('Temporal', { exact: true }).first().click()
  await temporal.getByRole('button', { name: 'Test now' }).click()
  await expect(temporal.getByRole('status')).toContainText(/\d+ ms/, { timeout: 20_000 })
  await expect(temporal.getByRole('button', { name: 'Save' })).toHaveCount(0)
})
