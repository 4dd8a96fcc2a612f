import { expect, signIn, test } from './fixtures'

test('a key made here lets a script declare an incident, stands in the trail under its name, and ends at once', async ({
  page,
  open,
  request,
}) => {
  const name = `journey ${Date.now() % 1_000_000}`
  await signIn(page, 'ana', '/settings/keys')
  await page.getByRole('button', { name: 'Make an API key' }).click()
  const dialog = page.getByRole('dialog', { name: 'Make an API key' })
  await dialog.getByLabel('What will use it').fill(name)
  await dialog.getByRole('checkbox', { name: /incidents\.declare/ }).check()
  await dialog.getByRole('checkbox', { name: /incidents\.read/ }).check()
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const secret = (await page.getByRole('status').locator('pre').textContent())?.trim() ?? ''
  expect(secret).toMatch(/^wf_[A-Za-z0-9_-]{43}$/)
  await page.getByRole('button', { name: 'I have it' }).click()
  await expect(page.getByText(secret)).toHaveCount(0)

  const headers = { authorization: `Bearer ${secret}` }
  const declared = await request.post('/api/commands/incidents.declare', {
    headers,
    data: { title: `Declared by ${name}`, severity: 'P4', drill: true },
  })
  expect(declared.status()).toBe(200)
  const refused = await request.post('/api/commands/incidents.addNote', {
    headers,
    data: { id: ((await declared.json()) as { id: string }).id, text: 'x' },
  })
  expect(refused.status()).toBe(403)

  const auditor = await open()
  await signIn(auditor, 'sam', '/audit?action=incidents.declare')
  await expect(auditor.getByRole('row').filter({ hasText: `through key ${name}` })).toBeVisible()

  await page.reload()
  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('in force')
  await row.getByRole('button', { name: 'Revoke' }).click()
  await row.getByRole('button', { name: 'Revoke for good' }).click()
  await expect(row).toContainText('revoked')
  expect((await request.get('/api/queries/incidents.open', { headers })).status()).toBe(401)
})

test('the page of the API lists every operation, and the document it links to is there', async ({
  page,
  request,
}) => {
  await signIn(page, 'mei', '/settings/api')
  const table = page.getByRole('table', { name: 'Operations of incidents' })
  await expect(table.getByRole('row').filter({ hasText: 'incidents.declare' })).toContainText(
    'Opens an incident',
  )
  const document = (await (await request.get('/api/openapi.json')).json()) as { openapi: string }
  expect(document.openapi).toBe('3.1.0')
})
