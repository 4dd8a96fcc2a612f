import type { Page } from '@playwright/test'
import { expect, signIn, test, whenAlive } from './fixtures'
import { inject, instancesOf } from './world'

const PLANES = [
  'Our code',
  'Account, credit',
  'Our quota',
  'Provider API',
  'Provider status',
  'Host, network',
  'GPU, driver',
  'Queue, workers',
  'Control plane',
]

function plane(page: Page, title: string): ReturnType<Page['getByRole']> {
  return page.getByRole('button', { name: new RegExp(`^${title} `) })
}

test('the board comes alive: a sentence, nine planes in a fixed order, ages that grow', async ({ page }) => {
  await signIn(page, 'ana')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/\w+.*\./)
  const cells = page.getByRole('region', { name: /^Where the fault may lie/ }).getByRole('button')
  await expect(cells).toHaveCount(PLANES.length)
  for (const [at, title] of PLANES.entries()) await expect(cells.nth(at)).toContainText(title)
  const age = plane(page, 'Provider API').getByRole('time')
  await expect(age).toHaveText(/^\d+ s ago$/)
  const first = await age.textContent()
  await expect(age).not.toHaveText(first ?? '')
})

test('a plane opens its evidence: reason, figure, source and the room to go on in', async ({ page }) => {
  await signIn(page, 'ana')
  await plane(page, 'Provider API').click()
  const evidence = page.getByRole('dialog', { name: 'Provider API: evidence' })
  await expect(evidence).toContainText(/prometheus/i)
  await expect(evidence.getByRole('link', { name: 'API against limits' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(evidence).toBeHidden()
})

test('a burst of 503 turns the provider API into a breach without a reload', async ({ page }) => {
  await signIn(page, 'ana')
  await expect(plane(page, 'Provider API')).toBeVisible()
  await inject({ event: 'provider-errors', status: 503, share: 0.3, for: '90s' })
  await expect(plane(page, 'Provider API')).toContainText('Breach', { timeout: 120_000 })
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/provider/i)
  await expect(
    page
      .getByRole('table', { name: /as our integration sees it/ })
      .getByRole('row', { name: /^5xx .* Breach$/ }),
  ).toBeVisible()
})

test('a card that falls off the bus shows as a breach, in plain words and with what to do', async ({
  page,
}) => {
  const [instance] = (await instancesOf()).slice(19)
  expect(instance).toBeDefined()
  await signIn(page, 'li', `/fleet?gpu=${instance?.id}/0`)
  const gpu = page.getByRole('complementary', { name: 'One GPU' })
  await expect(gpu.getByRole('heading', { level: 2 })).toContainText('GPU 0')
  await inject({ event: 'gpu-xid', code: 79, target: { instances: [20], gpu: 0 }, for: '5m' })
  await expect(gpu.getByRole('heading', { level: 3, name: /^XID 79/ })).toBeVisible({ timeout: 90_000 })
  await expect(gpu.getByText(/bus/i).first()).toBeVisible()
  await expect(gpu.getByText('Do this:')).toBeVisible()
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/\d+ of 212 GPUs in breach/)
  await expect(plane(page, 'GPU, driver')).toContainText(/XID|breach/)
  await expect(plane(page, 'GPU, driver')).not.toContainText('Clear')
})

test('a source that refuses is unread with its reason and a way round, and nothing of it stays green', async ({
  page,
}) => {
  test.setTimeout(240_000)
  await signIn(page, 'ana')
  await whenAlive(page)
  await inject({ event: 'source-fault', source: 'temporal', fault: 'refused', for: '55s' })
  const control = plane(page, 'Control plane')
  const queue = plane(page, 'Queue, workers')
  await expect(control).not.toContainText('Clear', { timeout: 60_000 })
  await expect(queue).toContainText(/Stale|Unknown/, { timeout: 90_000 })
  await expect(queue).not.toContainText('Clear')
  await queue.click()
  await expect(page.getByRole('dialog', { name: 'Queue, workers: evidence' })).toContainText('Instead:')
  await page.goto('/queues')
  const rows = page.getByRole('table', { name: 'Task queues' }).getByRole('row')
  await expect(rows.nth(1)).toContainText(/stale|unknown|not read/i)
  await expect(rows.nth(1)).not.toContainText(/clear|busy|idle/i)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/6 (stale|unknown)/)
  await page.goto('/settings/sources#temporal')
  await expect(page.locator('#temporal').getByText('Instead:').first()).toBeVisible()
  // It is asked again after a while: the journey of the queues, later in this lane, finds it read.
})
