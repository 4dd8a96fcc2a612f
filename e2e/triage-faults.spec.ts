import { expect, signIn, test } from './fixtures'
import { declare } from './incident-pages'
import { inject } from './world'

const SEEN_MS = 100_000

test('two faults at once are both shown, neither as the other’s cause', async ({ page }) => {
  test.setTimeout(200_000)
  await inject(
    { event: 'gpu-xid', code: 48, target: { instances: [22], gpu: 0 }, for: '4m' },
    { event: 'provider-latency', p95Ms: 9_000, p99Ms: 15_000, for: '4m' },
  )
  await signIn(page, 'ana', '/incidents')
  await declare(page, `Two at once ${test.info().testId.slice(-6)}`, { severity: 'P2', isDrill: true })
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
  await declare(page, `The page is green ${test.info().testId.slice(-6)}`, { severity: 'P2', isDrill: true })
  const causes = page.getByRole('list', { name: 'Causes, in order' }).first()
  await expect(causes).toContainText('Provider errors without a word from the provider', { timeout: SEEN_MS })
  // What the page says stands as evidence beside what our own calls say.
  await expect(page.getByText('“none”').first()).toBeVisible()
  await page.goto(page.url().replace('/incidents/', '/triage?incident='))
  await expect(page.getByRole('heading', { name: /^Triage of DRILL-/ })).toBeVisible()
})
