import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, signIn, test } from './fixtures'
import { instancesOf } from './world'

const SAMPLE = join(import.meta.dirname, '..', 'agent', 'fixtures', 'reports', 'healthy-rtx4090.json')

test('a token is shown once, its report is taken, and after its end the report is refused', async ({
  page,
  request,
}) => {
  const instance = (await instancesOf()).find(({ model, gpus }) => model === 'RTX 4090' && gpus.length > 0)
  const id = String(instance?.id)
  await signIn(page, 'sam', '/settings/agents')
  await page.getByLabel('Instance').fill(id)
  await page.getByRole('button', { name: 'Issue token' }).click()
  const shown = page.getByRole('status').filter({ hasText: 'this once' })
  await expect(shown).toContainText(`--instance ${id}`)
  const token = /WATCHFLOOR_TOKEN=(\S+)/.exec((await shown.textContent()) ?? '')?.[1] ?? ''
  expect(token).toMatch(/^wfa_/)
  await shown.getByRole('button', { name: 'I have it' }).click()
  await expect(page.getByText(token)).toHaveCount(0)

  const report = JSON.parse(await readFile(SAMPLE, 'utf8')) as Record<string, unknown>
  const send = (bearer: string): Promise<number> =>
    request
      .post('/api/agent/report', {
        headers: { authorization: `Bearer ${bearer}` },
        data: { ...report, sentAt: new Date().toISOString() },
      })
      .then((response) => response.status())
  expect(await send('wfa_not-a-token-at-all')).toBe(401)
  expect(await send(token)).toBe(202)
  await page.reload()
  const row = page.getByRole('row', { name: new RegExp(id) })
  await expect(row).not.toContainText('never', { timeout: 30_000 })

  await row.getByRole('button', { name: 'End token' }).click()
  const dialog = page.getByRole('dialog', { name: `End the token of ${id}?` })
  await dialog.getByRole('button', { name: 'End token' }).click()
  await expect(dialog).toBeHidden()
  await expect.poll(() => send(token), { timeout: 20_000 }).toBe(401)
})

test('orders are off until an administrator allows them, and the key is shown once', async ({ page }) => {
  const instance = (await instancesOf())[0]
  const id = String(instance?.id)
  await signIn(page, 'sam', '/settings/agents')
  await page.getByLabel('Instance').fill(id)
  await page.getByRole('button', { name: 'Issue token' }).click()
  await page.getByRole('button', { name: 'I have it' }).click()
  const row = page.getByRole('row', { name: new RegExp(id) })
  await row.getByRole('button', { name: 'Allow orders' }).click()
  const ask = page.getByRole('dialog', { name: `Allow orders to ${id}?` })
  await ask.getByRole('button', { name: 'Allow orders' }).click()
  const told = page.getByRole('dialog', { name: `Orders to ${id} are on` })
  await expect(told).toContainText('KEY=wfo_')
  await told.getByRole('button', { name: 'I have it' }).click()
  await expect(row).toContainText('on, by @sam')
  await row.getByRole('button', { name: 'End orders' }).click()
  const end = page.getByRole('dialog', { name: `End orders to ${id}?` })
  await end.getByRole('button', { name: 'End orders' }).click()
  await expect(end).toBeHidden()
  await expect(row.getByRole('button', { name: 'Allow orders' })).toBeVisible()
})

test('the install line fetches the agent from this console', async ({ request }) => {
  for (const file of ['install.sh', 'watchfloor-agent.sh']) {
    const response = await request.get(`/agent/${file}`)
    expect(response.status()).toBe(200)
    expect(await response.text()).toMatch(/^#!/)
  }
})

test('who may not manage agents sees them and no way to issue a token', async ({ page }) => {
  await signIn(page, 'li', '/settings/agents')
  await expect(page.getByRole('heading', { name: 'Agents on instances' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Issue token' })).toHaveCount(0)
})
