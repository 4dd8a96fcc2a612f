import { expect, signIn, test } from './fixtures'
import { makeHookSecret } from './hook-secret'

test('an incident is declared from an alert, others find it by themselves, all over is said, and a person resolves', async ({
  page,
  open,
  request,
}) => {
  const rule = `DiskFull${Date.now() % 1_000_000}`
  const startsAt = new Date().toISOString()
  const { token, end } = await makeHookSecret(page, `journey ${rule}`)
  const deliver = async (status: 'firing' | 'resolved', hosts: readonly string[]): Promise<number> => {
    const response = await request.post('/api/hooks/alertmanager', {
      headers: { authorization: `Bearer ${token}` },
      data: {
        version: '4',
        alerts: hosts.map((host) => ({
          status,
          labels: { alertname: rule, severity: 'critical', host, plane: 'host' },
          annotations: { summary: `${rule}: the disk of ${host} is full` },
          startsAt,
          endsAt: status === 'resolved' ? new Date().toISOString() : '0001-01-01T00:00:00Z',
        })),
      },
    })
    return response.status()
  }
  await expect.poll(() => deliver('firing', ['gpu-07']), { timeout: 10_000 }).toBe(202)

  const ana = await open()
  await signIn(ana, 'ana', '/alerts')
  await ana.getByRole('button', { name: `Declare an incident from ${rule}` }).click()
  const dialog = ana.getByRole('dialog', { name: /^Declare an incident from 1 alert/ })
  await expect(dialog.getByLabel('What is wrong, and where')).toHaveValue(
    `${rule}: the disk of gpu-07 is full`,
  )
  await dialog.getByLabel('When it began, if not now').fill('0001-01-01T00:00:00Z')
  await dialog.getByRole('button', { name: 'Declare' }).click()
  const record = ana.getByRole('list', { name: 'Entries, newest first' })
  await expect(record).toContainText(`1 alert of ${rule} linked`)
  await expect(record).toContainText('0001-01-01T00:00:00Z')

  await expect.poll(() => deliver('firing', ['gpu-07', 'gpu-08'])).toBe(202)
  await expect(ana.getByRole('list', { name: 'Linked alerts' }).getByRole('listitem')).toHaveCount(2, {
    timeout: 30_000,
  })
  await ana.getByRole('button', { name: /^\d+ new/ }).click({ timeout: 30_000 })
  await expect(record).toContainText('same rule and plane as a linked alert')

  await expect.poll(() => deliver('resolved', ['gpu-07', 'gpu-08'])).toBe(202)
  await expect(ana.getByText('All 2 linked alerts are over')).toBeVisible({ timeout: 30_000 })
  await ana.getByRole('button', { name: /^Status: Investigating/ }).click()
  const status = ana.getByRole('dialog', { name: /^Status of / })
  await status.getByLabel('Status').selectOption('resolved')
  await status.getByRole('button', { name: 'Set status' }).click()
  await expect(record).toContainText('Resolved, was investigating')
  await end()
})
