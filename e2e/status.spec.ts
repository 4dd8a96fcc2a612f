import { expect, signIn, test } from './fixtures'

test('the public page needs no script and no session, and shows planned work as soon as somebody announces it', async ({
  page,
  browser,
}) => {
  const plain = await browser.newContext({ javaScriptEnabled: false })
  const reader = await plain.newPage()
  const asked: string[] = []
  reader.on('request', (request) => asked.push(new URL(request.url()).origin))
  await reader.goto('/status')
  await expect(reader.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(reader.getByText(/^Checked .* UTC, page made .* UTC\./)).toBeVisible()
  await expect(reader.getByRole('img', { name: /in 90/ }).first()).toBeVisible()
  await reader.getByRole('link', { name: 'History' }).click()
  await reader.getByRole('link', { name: 'Some API requests failed' }).click()
  await expect(reader.getByRole('heading', { name: /^Updates/ })).toBeVisible()
  expect(new Set(asked).size).toBe(1)

  const name = `Disks ${Date.now() % 1_000_000}`
  await signIn(page, 'bo', '/settings/status-page')
  await page.getByRole('button', { name: 'Announce planned work' }).click()
  const dialog = page.getByRole('dialog', { name: 'Announce planned work' })
  await dialog.getByLabel('What is done').fill(name)
  await dialog.getByLabel('From, UTC').fill('2099-01-01T10:00')
  await dialog.getByLabel('Until, UTC').fill('2099-01-01T11:00')
  await dialog.getByRole('checkbox', { name: 'API', exact: true }).check()
  await dialog.getByRole('button', { name: 'Announce' }).click()
  const planned = page.getByRole('table', { name: 'Planned work' }).getByRole('row').filter({ hasText: name })
  await expect(planned).toContainText('Scheduled')
  await expect(async () => {
    await reader.goto('/status')
    await expect(reader.getByText(name)).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await planned.getByRole('button', { name: `Call off: ${name}` }).click()
  await expect(planned).toContainText('Cancelled')
  await plain.close()
})
