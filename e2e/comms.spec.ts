import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect, pressFor, signIn, test, whenAlive } from './fixtures'
import { makeHookSecret } from './hook-secret'
import { declare } from './incident-pages'

/** reach presses Tab until the element has the focus, as somebody without a pointer does. */
async function reach(page: Page, target: Locator): Promise<void> {
  for (let pressed = 0; pressed < 120; pressed += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('the keyboard does not get there')
}

function said(page: Page): Locator {
  return page.getByRole('region', { name: 'What was said' })
}

test('from an alert to the first public post by keyboard alone, without a character typed', async ({
  page,
  open,
  request,
}) => {
  const rule = `RequestsFail${Date.now() % 1_000_000}`
  const sender = await open()
  const { token, end } = await makeHookSecret(sender, `journey ${rule}`)
  const labels = { alertname: rule, severity: 'critical' }
  const annotations = { summary: 'One request in three fails' }
  const alert = { status: 'firing', labels, annotations, startsAt: new Date().toISOString() }
  const deliver = async (): Promise<number> =>
    (
      await request.post('/api/hooks/alertmanager', {
        headers: { authorization: `Bearer ${token}` },
        data: { version: '4', alerts: [{ ...alert, endsAt: '0001-01-01T00:00:00Z' }] },
      })
    ).status()
  await expect.poll(deliver, { timeout: 10_000 }).toBe(202)
  await signIn(page, 'ana', '/alerts')
  await whenAlive(page)
  const offer = page.getByRole('button', { name: `Declare an incident from ${rule}` })
  await offer.waitFor()
  const startedAt = Date.now()
  await reach(page, offer)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: /^Declare an incident from/ })
  await reach(page, dialog.getByLabel('Who may know of it?'))
  await page.keyboard.press('ArrowDown')
  await expect(dialog.getByLabel('Who may know of it?')).toHaveValue('public')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/incidents\/INC-\d+/)
  await expect(page.getByRole('list', { name: 'Entries, newest first' })).toContainText('took command')
  const update = page.getByRole('dialog', { name: 'Update' })
  await pressFor(page, 'Shift+U', update)
  await expect(update.getByRole('timer', { name: 'Leaves in' }).first()).toBeVisible()
  await page.keyboard.press('Escape')
  const post = said(page).getByRole('listitem').filter({ hasText: 'Public page' })
  await expect(post.getByRole('button', { name: 'Correct it' })).toBeVisible({ timeout: 30_000 })
  // What anybody outside gets, not what the console says of it.
  await expect
    .poll(async () => {
      const answer = await request.get('/status/api/v2/incidents.json')
      const { incidents } = (await answer.json()) as { incidents: { created_at: string }[] }
      return incidents.some(({ created_at }) => Date.parse(created_at) >= startedAt)
    })
    .toBe(true)
  test.info().annotations.push({ type: 'seconds', description: String((Date.now() - startedAt) / 1_000) })
  await expect(page.getByRole('list', { name: 'Entries, newest first' })).toContainText('Public update:')
  await end()
})

test('changed words are kept, judged, and leave when a second person has agreed to them', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/incidents')
  const title = `Training stops ${test.info().testId.slice(-6)}`
  const name = await declare(page, title, { severity: 'P1', isPublic: true })
  const update = page.getByRole('dialog', { name: 'Update' })
  await pressFor(page, 'u', update)
  const text = update.getByLabel('Public page: text')
  // Other journeys disturb the world meanwhile, and nobody may agree to a figure that moved far: the figure is left out.
  const template = (await text.inputValue()).replace(/[^.]*\{\{error_rate[^.]*\./, '')
  await text.fill(`${template}\n\nThe database db-1.internal is slow.`)
  await expect(update.getByText('X03')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.reload()
  await whenAlive(page)
  await pressFor(page, 'u', update)
  await expect(text).toHaveValue(/db-1\.internal is slow/)
  await text.fill(`${template}\n\nJobs that were started before can fail too.`)
  await expect(update.getByText('X03')).toHaveCount(0)
  const axe = await new AxeBuilder({ page }).include('dialog[open]').analyze()
  expect(axe.violations).toEqual([])
  await update.getByRole('button', { name: 'Send, public page after approval' }).click()
  await expect(update.getByText('Waits for a second person').first()).toBeVisible()
  const other = await open()
  await signIn(other, 'bo', `/incidents/${name}`)
  const waiting = said(other).getByRole('listitem').filter({ hasText: 'Jobs that were started before' })
  await waiting.getByRole('button', { name: 'Agree to this text' }).click()
  await expect(waiting.getByText('agreed @bo')).toBeVisible()
  await expect(waiting.getByRole('button', { name: 'Correct it' })).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Escape')
  await expect(said(page)).toContainText('agreed @bo')
})
