import type { Page } from '@playwright/test'
import { expect, signIn, test, whenAlive } from './fixtures'

const SERVICE = 'vastai-integration'
const CI = 'https://ci.northlight.example/runs/9001'

/** Nothing here waits for half an hour: what needs time is overridden by two people, as the rules allow. */
async function command(page: Page, name: string, input: unknown): Promise<Record<string, unknown>> {
  const answer = await page.evaluate(
    async ([path, body]) => {
      const sent = await fetch(`/api/commands/${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-watchfloor-request': '1',
          'idempotency-key': crypto.randomUUID(),
        },
        body: JSON.stringify(body),
      })
      return { status: sent.status, body: await sent.json() }
    },
    [name, input] as const,
  )
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body as Record<string, unknown>
}

async function approve(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Approve/ })
    .last()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/^Type the service/).fill(SERVICE)
  await dialog.getByRole('button', { name: /^Approve/ }).click()
  await expect(page.getByText('You approved this revision.')).toBeVisible()
}

test('a plan is not ready for two reasons, is fixed, approved by two people, void when edited, and approved again', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/deployments')
  await whenAlive(page)
  await expect(page.getByRole('heading', { name: 'Waiting', exact: true })).toBeVisible()
  const items = await page.evaluate(async () => {
    const got = await fetch('/api/queries/deployments.one?input=%7B%22number%22%3A3%7D')
    const { items: all } = (await got.json()) as { items: { id: string; by: string }[] }
    return all.filter(({ by }) => by === 'person').map(({ id }) => id)
  })
  const made = await command(page, 'deployments.plan', {
    service: SERVICE,
    tag: '4.14.0',
    notes: 'Retries with backoff on 429, and larger batches.',
    keepWarm: true,
    evidence: items
      .filter((id) => id !== 'before.smoke')
      .map((item) => ({ item, words: 'run 9001', link: CI })),
  })
  const number = Number(made.number)
  await page.goto(`/deployments/${number}`)
  await whenAlive(page)
  await expect(page.getByRole('heading', { name: 'NOT READY' })).toBeVisible()
  const unmet = page.getByRole('list', { name: 'Unmet conditions' })
  await expect(unmet.getByText('Staging has not been seen running this image.')).toBeVisible()
  await expect(unmet.getByText('Smoke tests passed in staging: not shown yet.')).toBeVisible()

  await unmet.getByRole('button', { name: 'Show it' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('What you saw').fill('18 of 18')
  await dialog.getByLabel('Link to the evidence').fill(CI)
  await dialog.getByRole('button', { name: 'Say so' }).click()
  await expect(unmet.getByText('Smoke tests passed in staging: not shown yet.')).toHaveCount(0)
  await page.getByRole('button', { name: 'Override…' }).click()
  await dialog.getByLabel('Rule').selectOption('soak')
  await dialog.getByLabel('Why').fill('The same bytes soaked an hour in the other region.')
  await dialog.getByLabel('Incident or ticket').fill('https://tickets.example.com/77')
  await dialog.getByRole('button', { name: 'Ask for it' }).click()
  await expect(dialog).toHaveCount(0)

  const engineer = await open()
  await signIn(engineer, 'li', `/deployments/${number}`)
  await whenAlive(engineer)
  await engineer.getByRole('button', { name: 'Agree' }).click()
  // Other journeys may have an incident open, which freezes by itself: approvals are then for when it is over.
  await expect(engineer.getByText('Staging has not been seen running this image.')).toHaveText(/^Overridden/)
  await approve(engineer)
  const manager = await open()
  await manager.setViewportSize({ width: 390, height: 844 })
  await signIn(manager, 'raj', `/deployments/${number}`)
  await whenAlive(manager)
  await approve(manager)

  await page.getByRole('button', { name: 'Edit the plan' }).first().click()
  await dialog.getByLabel('Bake, minutes').fill('25')
  await dialog.getByRole('button', { name: 'Save the plan' }).click()
  const gone = manager.getByRole('region', { name: 'Void approvals' })
  await expect(gone.getByText('the length of the bake: 15 min → 25 min')).toBeVisible()
  await approve(engineer)
  await approve(manager)
  const approvals = page.getByRole('region', { name: 'Approvals' })
  await expect(approvals.getByText('@li').first()).toBeVisible()
  await expect(approvals.getByText('@raj').first()).toBeVisible()
})
