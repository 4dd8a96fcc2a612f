import { readFile } from 'node:fs/promises'
import { expect, signIn, test, whenAlive } from './fixtures'
import { resolvedOutage } from './postmortem-pages'

// An import that does not fit is a 422, which the browser reports by itself.
test.use({ allowedNoise: /status of 422/ })

test('a resolved outage is drafted from its page, corrected with a reason, leaves as a file and comes back', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/incidents')
  const title = `Leases refused in ${test.info().testId.slice(-6)}`
  const { name } = await resolvedOutage(page, title)
  await page.goto(`/incidents/${name}`)
  await whenAlive(page)
  await page.getByRole('button', { name: `Draft the postmortem of ${name}` }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(title)
  const rows = page.getByRole('list', { name: 'Timeline, by the time of the event' }).getByRole('listitem')
  await expect(rows.filter({ hasText: `declared: ${title}` })).toHaveCount(1)
  await expect(page.getByRole('heading', { name: 'How it was counted' })).toBeVisible()

  await page.getByRole('button', { name: 'Correct users touched, estimated' }).click()
  const dialog = page.getByRole('dialog', { name: /^Correct: users/ })
  await dialog.getByLabel('users touched, estimated').fill('640')
  await dialog.getByLabel('Why').fill('Support counted them.')
  await dialog.getByRole('button', { name: 'Correct' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByText('Support counted them.')).toBeVisible()
  await page.getByRole('button', { name: 'Accept Resolved' }).click()
  await expect(page.getByText(/accepted by @ana/)).toBeVisible()

  const leaving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'JSON' }).click()
  const file = JSON.parse(await readFile(await (await leaving).path(), 'utf8')) as Record<string, unknown>
  expect(file).toMatchObject({
    format: 'watchfloor.postmortem',
    corrections: [{ value: 640 }, { key: 'resolved' }],
  })

  const other = await open()
  await signIn(other, 'noa', '/postmortems')
  await whenAlive(other)
  const take = async (document: unknown): Promise<void> =>
    other.getByLabel('File to import').setInputFiles({
      name: 'pm.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(document)),
    })
  await take({ ...file, severity: 'P9' })
  await expect(other.getByRole('alert').filter({ hasText: 'document.severity' })).toBeVisible()
  await take({ ...file, title: `${title}, told again` })
  await expect(other.getByRole('heading', { level: 1 })).toHaveText(`${title}, told again`)
  await expect(other.getByText('Support counted them.')).toBeVisible()

  await page.goto('/postmortems')
  await expect(page.getByRole('button', { name: `Draft the postmortem of ${name}` })).toHaveCount(0)
})
