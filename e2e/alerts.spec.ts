import type { APIRequestContext } from '@playwright/test'
import { expect, signIn, test } from './fixtures'
import { makeHookSecret } from './hook-secret'

const LINE = 'Where it is used'

async function deliver(
  request: APIRequestContext,
  token: string,
  alert: { readonly rule: string; readonly status: 'firing' | 'resolved'; readonly startsAt: string },
): Promise<number> {
  const { rule, status, startsAt } = alert
  const response = await request.post('/api/hooks/alertmanager', {
    headers: { authorization: `Bearer ${token}` },
    data: {
      version: '4',
      alerts: [
        {
          status,
          labels: { alertname: rule, severity: 'critical', node: 'gpu-07' },
          annotations: { summary: 'The card of gpu-07 is hot' },
          startsAt,
          endsAt: status === 'resolved' ? startsAt : '0001-01-01T00:00:00Z',
        },
      ],
    },
  })
  return response.status()
}

test('a token made here lets an alert in: it appears by itself, is acknowledged, and goes when its sender says so', async ({
  page,
  open,
  request,
}) => {
  const rule = `CardHot${Date.now() % 1_000_000}`
  const startsAt = new Date().toISOString()
  const { token, end } = await makeHookSecret(page, `journey ${rule}`)

  const responder = await open()
  await signIn(responder, 'li', '/alerts')
  const name = responder.getByRole('button', { name: new RegExp(`^${rule}`) })
  const group = responder.getByRole('row').filter({ has: name })
  await expect(responder.getByRole('heading', { name: /^Alerts:/ })).toBeVisible()
  await expect(group).toHaveCount(0)

  expect(await deliver(request, `${token}x`, { rule, status: 'firing', startsAt })).toBe(401)
  await expect
    .poll(() => deliver(request, token, { rule, status: 'firing', startsAt }), { timeout: 10_000 })
    .toBe(202)
  await expect(group).toBeVisible()
  await expect(group).toContainText('P1')

  await name.click()
  await responder.getByRole('link', { name: /node=gpu-07/ }).click()
  const drawer = responder.getByRole('dialog', { name: rule })
  await drawer.getByLabel('Note').fill('looking at the fans')
  await drawer.getByRole('button', { name: 'Acknowledge' }).click()
  await expect(drawer).toContainText('looking at the fans')
  await drawer.getByRole('button', { name: 'Close' }).click()
  await expect(group).toContainText('acknowledged')

  expect(await deliver(request, token, { rule, status: 'resolved', startsAt })).toBe(202)
  await expect(group).toHaveCount(0)
  await responder.getByLabel('State').selectOption('resolved')
  await expect(group).toBeVisible()

  await end()
  await expect
    .poll(() => deliver(request, token, { rule, status: 'firing', startsAt }), { timeout: 10_000 })
    .toBe(401)
})

test('who only reads sees alerts and senders, and no way to change either', async ({ page }) => {
  await signIn(page, 'mei', '/alerts?tab=senders')
  await expect(page.getByRole('region', { name: 'PagerDuty' })).toContainText('/api/hooks/pagerduty')
  await expect(page.getByLabel(LINE)).toHaveCount(0)
  await page.goto('/alerts')
  await expect(page.getByRole('heading', { name: /^Alerts:/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Acknowledge/ })).toHaveCount(0)
})
