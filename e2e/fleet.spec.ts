import { readFile } from 'node:fs/promises'
import type { Download, Page } from '@playwright/test'
import { expect, pressFor, signIn, test } from './fixtures'

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8')
}

function facet(page: Page, group: string, value: RegExp): ReturnType<Page['getByRole']> {
  return page
    .getByRole('complementary', { name: 'Filters' })
    .getByRole('group', { name: group })
    .getByRole('checkbox', { name: value })
}

/** countIn reads the number that a facet shows beside its value. */
async function countIn(page: Page, group: string, value: RegExp): Promise<number> {
  const label = await facet(page, group, value).locator('xpath=..').textContent()
  return Number(/(\d+)$/.exec(label ?? '')?.[1])
}

test('the wall says in words what it shows, and every GPU is on it', async ({ page }) => {
  await signIn(page, 'ana', '/fleet')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('212 GPUs')
  await expect(page.getByRole('img', { name: /^212 GPUs: \d+ in breach/ })).toBeVisible()
})

test('filters live in the address: they survive a reload, and a link shows another person the same', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/fleet')
  const size = await countIn(page, 'Model', /^L40S/)
  expect(size).toBeGreaterThan(0)
  await facet(page, 'Model', /^L40S/).check()
  await expect(page).toHaveURL(/model=L40S/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`${size} GPUs of 212`)
  await page.reload()
  await expect(facet(page, 'Model', /^L40S/)).toBeChecked()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`${size} GPUs of 212`)
  const other = await open()
  const { pathname, search } = new URL(page.url())
  await signIn(other, 'mei', `${pathname}${search}`)
  await expect(other.getByRole('heading', { level: 1 })).toContainText(`${size} GPUs of 212`)
})

test('a filter kept under a name comes back with one press', async ({ page }) => {
  await signIn(page, 'li', '/fleet?region=eu-hel')
  const saved = page.getByRole('region', { name: 'Saved filters' })
  const name = `Helsinki ${test.info().testId.slice(-6)}`
  await saved.getByRole('textbox').fill(name)
  await page.keyboard.press('Enter')
  await expect(saved.getByRole('listitem').filter({ hasText: name })).toBeVisible()
  await page.goto('/fleet')
  await page.getByRole('region', { name: 'Saved filters' }).getByText(name).click()
  await expect(page).toHaveURL(/region=eu-hel/)
})

test('the table holds the same set as the wall and opens a GPU', async ({ page }) => {
  await signIn(page, 'ana', '/fleet?model=L40S')
  const size = await countIn(page, 'Model', /^L40S/)
  await page.getByRole('button', { name: 'Table' }).click()
  await expect(page).toHaveURL(/view=table/)
  const table = page.getByRole('table', { name: 'GPUs' })
  await expect(table).toHaveAttribute('aria-rowcount', String(size + 1))
  await table.getByRole('row').nth(1).getByRole('button').click()
  await expect(page).toHaveURL(/gpu=\d+\/\d+/)
  await expect(
    page.getByRole('complementary', { name: 'One GPU' }).getByRole('heading', { level: 2 }),
  ).toContainText('GPU')
  await page.goBack()
  await expect(page.getByRole('complementary', { name: 'One GPU' })).toHaveCount(0)
})

test('J and K walk through what is wrong, Enter opens it, Esc closes it', async ({ page }) => {
  await signIn(page, 'ana', '/fleet')
  const list = page.getByRole('region', { name: 'GPUs to look at' }).getByRole('listitem')
  await expect.poll(() => list.count()).toBeGreaterThan(0)
  const current = page.getByRole('region', { name: 'GPUs to look at' }).locator('[aria-current=true]')
  await pressFor(page, 'j', current)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/gpu=\d+\/\d+/)
  await page.keyboard.press('Escape')
  await expect(page).not.toHaveURL(/gpu=/)
  await page.keyboard.press('k')
  await expect(current).toHaveCount(1)
})

test('the whole fleet downloads as CSV and JSON with a row for each GPU', async ({ page }) => {
  await signIn(page, 'mei', '/fleet')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('212 GPUs')
  await page.getByRole('button', { name: 'Export' }).click()
  const csvSaved = page.waitForEvent('download')
  await page.getByRole('link', { name: 'CSV' }).click()
  const lines = (await textOf(await csvSaved)).trim().split(/\r?\n/)
  expect(lines).toHaveLength(213)
  expect(lines[0]).toMatch(/instance.*rating/i)
  const jsonSaved = page.waitForEvent('download')
  await page.getByRole('link', { name: 'JSON' }).click()
  const { gpus } = JSON.parse(await textOf(await jsonSaved)) as { gpus: readonly object[] }
  expect(gpus).toHaveLength(212)
})

test('a narrowed set downloads only its own rows', async ({ page }) => {
  await signIn(page, 'ana', '/fleet?model=L40S')
  const size = await countIn(page, 'Model', /^L40S/)
  await page.getByRole('button', { name: 'Export' }).click()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  const lines = (await textOf(await saved)).trim().split(/\r?\n/)
  expect(lines).toHaveLength(size + 1)
  for (const line of lines.slice(1)) expect(line).toContain('L40S')
})

test('a search finds an instance by its id, and a search without a match says so', async ({ page }) => {
  await signIn(page, 'ana', '/fleet')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('212 GPUs')
  const search = page.getByRole('searchbox')
  await pressFor(page, '/', search.and(page.locator(':focus')))
  await search.fill('9100017')
  await expect(page).toHaveURL(/q=9100017/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/^\d GPUs? of 212/)
  await search.fill('no such thing')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/^0 GPUs of 212/)
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/^212 GPUs/)
})
