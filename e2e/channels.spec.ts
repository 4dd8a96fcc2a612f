import { expect, signIn, test, whenAlive } from './fixtures'

test('a revoked token is said by a test, and a channel that is stopped waits until it is let go on', async ({
  page,
}) => {
  await signIn(page, 'sam', '/settings/channels#slack-incidents')
  await whenAlive(page)
  const slack = page.locator('details#slack-incidents')
  await slack.getByRole('button', { name: 'Send a test' }).click()
  await expect(slack.getByRole('status')).toContainText('Slack took a test message')
  await slack.getByRole('button', { name: 'Stop this channel' }).click()
  await slack.getByLabel('Why it is to stand still').fill('the workspace is being moved')
  await slack.getByRole('button', { name: 'Stop it' }).click()
  await expect(slack).toContainText('the workspace is being moved')
  await page.goto('/')
  await expect(page.getByText('Slack #incidents stands still')).toBeVisible()
  await page.getByRole('link', { name: 'Look at it' }).click()
  await slack.getByRole('button', { name: 'Let it go on' }).click()
  await expect(slack.getByText('ready')).toBeVisible()
})
