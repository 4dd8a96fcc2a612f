import type { Page } from '@playwright/test'
import { expect, pressFor, signIn, test, whenAlive } from './fixtures'
import { record } from './incident-pages'

const KNOWABLE_MS = 36_000

async function playedMs(page: Page): Promise<number> {
  const answer = await page.request.get('/api/queries/drills.current')
  const { drill } = (await answer.json()) as { drill: { startedAtMs: number } | null }
  return drill === null ? 0 : Date.now() - drill.startedAtMs
}

test('a drill is begun, worked on with the real screens, and ends with a score and a debrief', async ({
  page,
}) => {
  test.slow()
  await signIn(page, 'ana', '/drills')
  await whenAlive(page)
  const answer = await page.request.get('/api/queries/drills.list')
  const { scenarios } = (await answer.json()) as { scenarios: { id: string; number: number }[] }
  const drill = scenarios.find(({ id }) => id === 'card-lost')

  await page.getByRole('button', { name: `Begin Drill ${drill?.number}`, exact: true }).click()
  const form = page.getByRole('form', { name: `Begin drill ${drill?.number}` })
  await form.getByLabel('Speed').selectOption('60')
  await form.getByRole('button', { name: 'Begin' }).click()

  // The incident carries the mark, and every page says that it is a drill.
  await page.waitForURL(/\/incidents\/DRILL-\d+/)
  await expect(page.getByText(/This is practice/)).toBeVisible()
  await page.goto('/fleet')
  const banner = page.getByRole('complementary', { name: 'Drill' })
  await expect(banner).toContainText('A drill goes on')
  await banner.getByRole('link', { name: /^DRILL-/ }).click()
  await page.waitForURL(/\/incidents\/DRILL-\d+/)
  await whenAlive(page)
  await pressFor(page, 'a', record(page).getByText('took command by answering'))
  await expect(page.getByRole('list', { name: 'Causes, in order' }).first()).toContainText(
    /off the bus.*?(certain|likely)/is,
    { timeout: 90_000 },
  )
  // An earlier journey may have left such a card: the drill goes on until its own can be known.
  await expect.poll(() => playedMs(page), { timeout: 90_000 }).toBeGreaterThan(KNOWABLE_MS)

  await page.goto('/drills')
  await whenAlive(page)
  await page.getByRole('button', { name: 'End it and see the score' }).click()
  const past = page.getByRole('table', { name: 'Drills, newest first' })
  await past.getByRole('link', { name: 'A card falls off the bus' }).first().click()
  await page.waitForURL(/\/drills\?drill=/)
  const points = page.getByRole('table', { name: 'Points, with why' })
  // Half of the points are for being in time, which a loaded machine may not be.
  await expect(
    points.getByRole('row', { name: /^Acknowledged in time (5|10) of 10 Acknowledged/ }),
  ).toBeVisible()
  await expect(
    points.getByRole('row', { name: /^What it was (15|30) of 30 gpu\.fell-off-bus by the tree/ }),
  ).toBeVisible()
  const debrief = page.getByRole('list', { name: 'Debrief' })
  await expect(debrief).toContainText('Truth: gpu.fell-off-bus begins')
  await expect(page.getByRole('complementary', { name: 'Drill' })).toBeHidden()
})

test('what a drill holds stays folded until somebody asks', async ({ page }) => {
  await signIn(page, 'li', '/drills')
  await whenAlive(page)
  await expect(page.getByRole('table', { name: 'Scenarios' })).not.toContainText('falls off the bus')
  await page.getByRole('button', { name: 'Spoiler of Drill 1', exact: true }).click()
  await expect(page.getByRole('table', { name: 'Scenarios' })).toContainText('.')
})
