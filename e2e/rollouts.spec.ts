import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expect, letIn, signIn, test, whenAlive } from './fixtures'
import { behave, releasesOf } from './world'

const SERVICE = 'vastai-integration'
const LINK = 'https://ci.northlight.example/runs/9100'
const REASON = 'A journey in the simulated world has no half hour.'

type Condition = {
  readonly id: string
  readonly stage: string
  readonly isMet: boolean
  readonly isWaived: boolean
  readonly isWaivable: boolean
}
type Planned = {
  readonly state: string
  readonly revision: number
  readonly hash: string
  readonly conditions: readonly Condition[]
  readonly items: readonly { readonly id: string; readonly by: string; readonly state: string }[]
  readonly overrides: readonly { readonly id: string; readonly state: string }[]
}
type Team = Readonly<Record<'ana' | 'li' | 'raj', Page>>

async function command(page: Page, name: string, input: object): Promise<Record<string, unknown>> {
  const { baseURL = '' } = test.info().project.use
  const answer = await page.request.post(`/api/commands/${name}`, {
    data: input,
    headers: { 'x-watchfloor-request': '1', 'idempotency-key': randomUUID(), origin: baseURL },
  })
  expect(answer.status(), `${name}: ${await answer.text()}`).toBe(200)
  return (await answer.json()) as Record<string, unknown>
}

async function plannedOf(page: Page, number: number): Promise<Planned> {
  const input = encodeURIComponent(JSON.stringify({ number }))
  const answer = await page.request.get(`/api/queries/deployments.one?input=${input}`)
  expect(answer.status(), await answer.text()).toBe(200)
  return (await answer.json()) as Planned
}

async function teamOf(page: Page, open: () => Promise<Page>): Promise<Team> {
  const [li, raj] = [await open(), await open()]
  await Promise.all([letIn(page, 'ana'), letIn(li, 'li'), letIn(raj, 'raj')])
  return { ana: page, li, raj }
}

/** Asks for a version now, shows or waives every item, overrides what only time or the calendar could give, and approves. */
async function approved(team: Team, tag: string): Promise<number> {
  const made = await command(team.ana, 'deployments.plan', {
    service: SERVICE,
    tag,
    startAt: new Date().toISOString(),
    steps: [
      { percent: 25, minutes: 0 },
      { percent: 100, minutes: 0 },
    ],
    bakeMinutes: 0,
    keepWarm: true,
    notes: 'Retries with backoff.',
  })
  const number = Number(made.number)
  const seen = await plannedOf(team.ana, number)
  for (const { id, by, state } of seen.items)
    if (by === 'person' && state !== 'passed')
      await command(team.ana, 'deployments.tell', { number, item: id, words: 'run 9100', link: LINK })
    else if (by === 'probe' && state !== 'passed')
      await command(team.raj, 'deployments.waive', { number, item: id, reason: REASON })
  const ruleIds = seen.conditions
    .filter(({ id, isMet, isWaivable }) => !isMet && isWaivable && !id.startsWith('approval.'))
    .map(({ id }) => id)
  await command(team.ana, 'deployments.askOverride', { number, ruleIds, reason: REASON, link: LINK })
  const { overrides } = await plannedOf(team.li, number)
  await command(team.li, 'deployments.decideOverride', { override: overrides[0]?.id, agree: true })
  await expect
    .poll(async () => (await plannedOf(team.ana, number)).state, { intervals: [500] })
    .toBe('awaiting_approval')
  for (const page of [team.li, team.raj]) {
    const { revision, hash, conditions } = await plannedOf(page, number)
    const whenMet = conditions
      .filter(({ stage, isMet, isWaived }) => stage === 'approve' && !isMet && !isWaived)
      .map(({ id }) => id)
    expect(whenMet, 'what is unmet still').toEqual([])
    await command(page, 'deployments.approve', { number, revision, hash, typed: SERVICE, whenMet })
  }
  return number
}

/** Another journey’s incident pauses every rollout: somebody else than the requester takes that on them, as in life. */
async function seenIn(team: Team, number: number, words: RegExp): Promise<void> {
  const heading = team.ana.getByRole('heading', { level: 1 })
  await expect(async () => {
    if (/ is paused /.test((await heading.textContent()) ?? '')) {
      const { view } = (await (
        await team.li.request.get(
          `/api/queries/rollouts.one?input=${encodeURIComponent(JSON.stringify({ number }))}`,
        )
      ).json()) as { view: { stand: { state: string } } }
      if (view.stand.state === 'paused')
        await command(team.li, 'rollouts.resume', { number, seen: view.stand, reason: REASON })
    }
    await expect(heading).toHaveText(words, { timeout: 2_000 })
  }).toPass({ timeout: 90_000, intervals: [250] })
}

test('a good version is approved, goes to everybody by steps, and :stable names it', async ({
  page,
  open,
}) => {
  const team = await teamOf(page, open)
  const number = await approved(team, '4.13.0')
  await page.goto(`/deployments/${number}/rollout`)
  await whenAlive(page)
  await seenIn(team, number, /^vastai-integration 4\.13\.0 succeeded/)
  await expect(
    page.getByRole('region', { name: 'Decisions' }).getByText(/^25 % passed its gate/),
  ).toBeVisible()
  await page.goto('/deployments/log')
  const entry = page.getByRole('region', { name: 'Entries' }).getByRole('listitem').first()
  await expect(entry).toContainText('4.12.0 → 4.13.0')
  await expect(entry).toContainText('succeeded')
  await expect(page.getByRole('region', { name: 'Tags' }).getByRole('listitem').first()).toContainText(
    /vastai-integration:stable .* (done|already)/,
  )
})

test('a canary that fails is held, goes back by itself, and is reported in an incident', async ({
  page,
  open,
}) => {
  await behave({ service: SERVICE, version: '4.15.0', behaviour: 'errors', fromMinute: 0 })
  const team = await teamOf(page, open)
  const number = await approved(team, '4.15.0')
  await page.goto(`/deployments/${number}/rollout`)
  await whenAlive(page)
  await seenIn(team, number, /^vastai-integration 4\.15\.0 is held at \d+ %\. Error ratio in breach/)
  await seenIn(team, number, /^vastai-integration 4\.15\.0 rolled back\. Error ratio > 5 % on canary/)
  await page.getByRole('link', { name: /^INC-\d+$/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/DEP-\d+ vastai-integration went back/)
})

test('an instance that follows a tag keeps an open hotfix: staging does not start over it', async ({
  page,
}) => {
  const { versions } = await releasesOf('gpu-workers')
  const [stable, next] = versions
  await signIn(page, 'ana', '/deployments/log')
  await whenAlive(page)
  await page.getByText('Record a hotfix', { exact: true }).click()
  await page.getByLabel('Service', { exact: true }).fill('gpu-workers')
  await page.getByLabel('Environment', { exact: true }).selectOption('staging')
  await page.getByLabel('Instance', { exact: true }).fill('90001')
  await page.getByLabel('File', { exact: true }).fill('/app/worker.py')
  await page.getByLabel('Why', { exact: true }).fill('the batch size, until the image has it')
  await page.getByLabel('What stands in the file now').fill('BATCH = 8')
  await page.getByRole('button', { name: 'Record it' }).click()
  await expect(page.getByRole('region', { name: 'Hotfixes' }).getByText('90001')).toBeVisible()
  const before = { digest: stable?.digest, tag: stable?.version }
  const { number } = await command(page, 'deployments.plan', {
    service: 'gpu-workers',
    environment: 'staging',
    tag: next?.version,
    baseline: before,
    rollback: before,
  })
  await page.goto(`/deployments/${number}/rollout`)
  const missing = page.getByRole('list', { name: 'What keeps it from starting' })
  await expect(
    missing.getByText(/this would erase hotfix \d+ on 90001, which is in no image yet/),
  ).toBeVisible()
  await expect(page.getByRole('button', { name: /^Start staging/ })).toHaveAttribute('aria-disabled')
})
