import type { Page } from '@playwright/test'
import { expect, signIn, test, whenAlive } from './fixtures'

type Guard = { readonly id: string; readonly isMet: boolean }
type View = {
  readonly state: string
  readonly flag: { readonly percent: number }
  readonly next: { readonly guards: readonly Guard[] } | null
  readonly phases: readonly { readonly items: readonly { readonly id: string }[] }[]
}

/** What programs do beside the people at the screens: the facade, the migrator, the tests of the team. */
function programs(page: Page, number: number) {
  const { baseURL } = test.info().project.use
  const does = async (name: string, data: object): Promise<void> => {
    const headers = { 'x-watchfloor-request': '1', ...(baseURL === undefined ? {} : { origin: baseURL }) }
    const answer = await page.request.post(`/api/commands/migrations.${name}`, {
      headers,
      data: { number, ...data },
    })
    expect(answer.status(), `${name}: ${await answer.text()}`).toBe(200)
  }
  const see = async (): Promise<View> => {
    const input = encodeURIComponent(JSON.stringify({ number }))
    return (await (await page.request.get(`/api/queries/migrations.one?input=${input}`)).json()) as View
  }
  const unmet = async (): Promise<readonly string[]> =>
    ((await see()).next?.guards ?? []).filter(({ isMet }) => !isMet).map(({ id }) => id)
  /** A facade reports every second; it does so until what it says has counted. */
  const reports = (left: readonly string[], ...windows: readonly object[]): Promise<void> =>
    expect(async () => {
      const at = new Date().toISOString()
      const told = windows.map((window) => ({ at, ...window }))
      await does('reportTraffic', { reporter: 'journey', windows: told })
      expect(await unmet()).toEqual(left)
    }).toPass()
  return { does, see, unmet, reports }
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
}

async function approves(page: Page, slot: 'engineer' | 'manager'): Promise<void> {
  await press(page, `Approve as ${slot}`)
  await expect(page.getByRole('button', { name: 'Take my approval back' })).toBeVisible()
}

test('a migration goes from its assessment to 100 %, with one rollback on the way', async ({
  page,
  open,
}) => {
  test.setTimeout(180_000)
  await signIn(page, 'ana', '/migrations')
  await whenAlive(page)
  await press(page, 'Open a migration')
  const form = page.getByRole('form', { name: 'Open a migration' })
  const key = `journey-${Date.now() % 1_000_000_000}`
  await form.getByLabel('What moves').fill('Render jobs to the new provider')
  await form.getByLabel('From').fill('Vast.ai')
  await form.getByLabel('To', { exact: true }).fill('RunPod')
  await form.getByLabel('Name of its flag').fill(key)
  await form.getByLabel('This is a rehearsal').check()
  await form.getByRole('button', { name: 'Open', exact: true }).click()
  await page.waitForURL(/\/migrations\/\d+$/)
  const number = Number(page.url().split('/').at(-1))
  const { does, see, unmet, reports } = programs(page, number)

  const stands = (state: string): Promise<void> => expect.poll(async () => (await see()).state).toBe(state)

  await press(page, 'Give the inventory')
  const inventory = page.getByRole('form', { name: 'Inventory' })
  await inventory.getByLabel('Data types with their record counts').fill('jobs 3')
  await inventory.getByRole('button', { name: 'Save the inventory' }).click()
  await expect(page.getByRole('table', { name: 'Data types' })).toContainText('jobs')
  const [raj, li] = [await open(), await open()]
  await signIn(raj, 'raj', `/migrations/${number}`)
  await signIn(li, 'li', `/migrations/${number}`)
  await approves(raj, 'manager')
  await press(page, 'Begin the adapter layer')

  await expect(page.getByRole('button', { name: /^Write to both sides/ })).toBeVisible()
  for (const { items } of (await see()).phases)
    for (const { id } of items) await does('tick', { item: id, evidence: 'seen' })
  const contract = { kind: 'contract', body: { passed: 9, failed: 0 } }
  await does('reportFigures', { figures: [contract] })
  await press(page, 'Write to both sides')
  await stands('dual-writing')
  await reports([], { track: 'writes', requests: 40 })
  await press(page, 'Move the data')
  await stands('backfilling')

  await does('openPart', { part: 'jobs', expectedRows: 3 })
  const bad = [{ key: '3', class: 'data', reason: 'no owner' }]
  await does('reportBatches', {
    part: 'jobs',
    batches: [{ seq: 1, cursorTo: '3', good: 2, bad }],
    isDone: true,
  })
  await press(page, 'Waive: no owner')
  const waive = page.getByRole('form', { name: 'Waive: jobs' })
  await waive.getByLabel('Why').fill('left over from a test')
  await waive.getByRole('button', { name: 'Waive' }).click()
  await expect(page.getByText('No row waits in quarantine')).toBeVisible()
  await press(page, 'Validate')
  await stands('validating')

  const side = { requests: 1_000, errors: 1, p50Ms: 20, p95Ms: 80, p99Ms: 120 }
  const sums = { oldChecksum: 'a', newChecksum: 'a' }
  const counts = { oldCount: 3, newCount: 2, ...sums, sampled: 2, differing: 0 }
  await does('reportFigures', {
    figures: [
      { kind: 'counts', part: 'jobs', body: counts },
      { kind: 'performance', body: { old: side, new: side } },
    ],
  })
  await press(page, 'Make a report')
  await expect(page.getByText('report 1: every check passed', { exact: true })).toBeVisible()
  await expect(li.getByText('report 1: every check passed', { exact: true })).toBeVisible()
  await approves(li, 'engineer')
  await expect(raj.getByText('report 1: every check passed', { exact: true })).toBeVisible()
  await approves(raj, 'manager')
  await press(page, 'Run side by side')
  await stands('parallel-running')
  await reports(
    [],
    { track: 'noise', requests: 1_000, mismatches: 1 },
    { track: 'compare', requests: 1_000, mismatches: 1 },
  )
  await press(page, 'Shift 1 %')

  const good = { track: 'new', requests: 100, p95Ms: 90 }
  const shiftTo = async (percent: number): Promise<void> => {
    await reports([], good)
    await press(page, `Shift ${percent} %`)
    await expect(page.getByRole('list', { name: 'Steps' }).locator('[aria-current=step]')).toHaveText(
      `${percent} %`,
    )
  }
  await stands('shifting')
  await shiftTo(5)
  await press(page, 'Roll traffic back')
  const back = page.getByRole('form', { name: 'Roll traffic back' })
  await back.getByLabel('Why').fill('users complain of slow renders')
  await back.getByRole('button', { name: 'To 0 % now' }).click()
  await expect(page.getByRole('heading', { name: 'The way back' })).toBeVisible()
  expect((await see()).flag.percent).toBe(0)
  await press(page, 'Record: Service restarted')
  const restarted = page.getByRole('form', { name: 'Service restarted' })
  await restarted.getByLabel('What shows it').fill('pods are new')
  await restarted.getByRole('button', { name: 'Record' }).click()
  await expect(restarted).toBeHidden()
  await does('recordRollback', {
    step: 'restore',
    outcome: 'not-needed',
    evidence: 'no row was written twice',
  })
  await does('recordRollback', { step: 'health', evidence: 'health is good' })
  await expect.poll(unmet).toEqual([])
  await press(page, 'Run side by side again')
  await stands('parallel-running')
  await reports([], { track: 'compare', requests: 1_000 })
  await press(page, 'Shift 1 %')
  await stands('shifting')
  for (const percent of [5, 10, 25, 50, 100]) await shiftTo(percent)
  await expect.poll(async () => (await see()).flag.percent).toBe(100)
  await expect(page.getByText('users complain of slow renders').first()).toBeVisible()
})
