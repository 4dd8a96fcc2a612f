import { execFileSync } from 'node:child_process'
import type { Locator, Page } from '@playwright/test'
import { expect, signIn, test } from './fixtures'
import { declare, held, record, whenKept } from './incident-pages'

test.use({ allowedNoise: /net::ERR_|Failed to load resource|Failed to fetch|NetworkError/ })

function panel(page: Page): Locator {
  return page.getByRole('region', { name: 'Checklists' })
}

async function open(page: Page, title: string): Promise<void> {
  await panel(page).getByLabel('Checklist to open').selectOption({ label: title })
  await panel(page).getByRole('button', { name: 'Open', exact: true }).click()
}

test('a checklist is opened and ticked by keyboard, offline too, and two people’s ticks of one item are one', async ({
  page,
  context,
  open: another,
}) => {
  test.setTimeout(180_000)
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `Ticked in the dark ${test.info().testId.slice(-6)}`)
  await open(page, 'The provider fails, first fifteen minutes')
  const list = panel(page).getByRole('list', { name: 'The provider fails, first fifteen minutes' })
  await expect(list.getByRole('listitem')).toHaveCount(7)
  await expect(page.getByRole('button', { name: 'Done: Somebody is in command, and says so' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(panel(page)).toContainText('1 of 7')
  await expect(page.getByRole('button', { name: 'Done: The first public notice is out' })).toBeFocused()

  await whenKept(page)
  await context.setOffline(true)
  await page.keyboard.press('Enter')
  await expect(panel(page)).toContainText('2 of 7')
  await expect(list.getByText('waiting to be sent')).toBeVisible()
  await expect(held(page)).toContainText('Ticked: The first public notice is out')

  const li = await another()
  await signIn(li, 'li', `/incidents/${name}`)
  await panel(li)
    .getByRole('button', { name: /^The provider fails/ })
    .click()
  await li.getByRole('button', { name: 'Done: The first public notice is out' }).click()
  await expect(panel(li)).toContainText('2 of 7')

  await context.setOffline(false)
  await expect(held(page)).toHaveCount(0, { timeout: 60_000 })
  const item = list.getByRole('listitem').filter({ hasText: 'The first public notice is out' })
  await expect(item).toContainText('@ana')
  await expect(item).toContainText('@li')
  await expect(panel(page)).toContainText('2 of 7')
})

test('a read-do list offers one item at a time; skipping asks why, and the record is told', async ({
  page,
}) => {
  await signIn(page, 'ana', '/incidents')
  await declare(page, `One at a time ${test.info().testId.slice(-6)}`)
  await open(page, 'A credential is refused')
  const buttons = panel(page).getByRole('button', { name: /^Done: / })
  await expect(buttons).toHaveCount(1)
  await panel(page)
    .getByRole('button', { name: /^Note or skip: / })
    .click()
  await panel(page).getByLabel('Note, or why it is skipped').fill('another team holds the key')
  await panel(page).getByRole('button', { name: 'Skip for this reason' }).click()
  await expect(panel(page)).toContainText('1 of 7, 1 skipped')
  await expect(buttons).toHaveCount(1)
  await expect(record(page)).toContainText('Checklist opened: A credential is refused')
  await expect(record(page)).toContainText('another team holds the key')
})

test('evidence is collected by one click, downloaded, and fits the digest in the record', async ({
  page,
}) => {
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `Evidence ${test.info().testId.slice(-6)}`)
  await page.getByRole('button', { name: 'Collect evidence' }).click()
  const link = page.getByRole('list', { name: 'Evidence bundles' }).getByRole('link')
  await expect(link).toBeVisible({ timeout: 90_000 })
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toMatch(new RegExp(`^${name}-evidence-.*\\.tar\\.gz$`))
  const said = execFileSync(
    process.execPath,
    ['node_modules/tsx/dist/cli.mjs', 'lib/evidence/evidence-cli.ts', '--verify', await download.path()],
    { encoding: 'utf8' },
  )
  expect(said).toContain('is whole')
  const digest = /Manifest SHA-256 ([0-9a-f]{64})/.exec(said)?.[1] ?? 'none'
  // What machines add waits above the list, so that nothing moves under a hand.
  await page.getByRole('button', { name: /^\d+ new/ }).click()
  await expect(record(page)).toContainText(digest)
})
