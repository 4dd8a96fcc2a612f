import { expect, signIn, test, whenAlive } from './fixtures'

test('a channel is set up, tested, stopped with a notice on the board, let go on, and removed', async ({
  page,
}) => {
  const simulator = process.env.E2E_SIMULATOR_URL ?? ''
  await signIn(page, 'sam', '/settings/channels')
  await whenAlive(page)
  await page.getByRole('button', { name: 'Webhook', exact: true }).click()
  await page.getByLabel('Name', { exact: true }).last().fill('Journey hook')
  await page.getByLabel('executive').last().check()
  await page.getByLabel('Address', { exact: true }).last().fill(`${simulator}/receiver/journey`)
  await page.getByLabel('Signing key').last().fill('simulated-webhook-key')
  await page.getByRole('button', { name: 'Set it up' }).click()
  const hook = page.locator('details#journey-hook')
  await expect(hook.getByText('ready')).toBeVisible()
  await hook.getByText('Journey hook').first().click()
  await hook.getByRole('button', { name: 'Send a test' }).click()
  await expect(hook.getByRole('status')).toContainText('The receiver took a signed test event')
  await hook.getByRole('button', { name: 'Stop this channel' }).click()
  await hook.getByLabel('Why it is to stand still').fill('the receiver is being moved')
  await hook.getByRole('button', { name: 'Stop it' }).click()
  await expect(hook).toContainText('the receiver is being moved')
  await page.goto('/')
  await expect(page.getByText(/stands? still/).first()).toBeVisible()
  await page.goto('/settings/channels#journey-hook')
  await whenAlive(page)
  await hook.getByRole('button', { name: 'Let it go on' }).click()
  await expect(hook.getByText('ready')).toBeVisible()
  await hook.getByText('Journey hook').first().click()
  await hook.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Remove it and forget the secret' }).click()
  await expect(hook).toHaveCount(0)
})
