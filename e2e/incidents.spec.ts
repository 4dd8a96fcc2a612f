import AxeBuilder from '@axe-core/playwright'
import { expect, signIn, test } from './fixtures'
import { declare, giveTask, note, record, statusDialog, typeNote } from './incident-pages'

test('an incident is declared, worked and resolved by keyboard, and its record says so', async ({ page }) => {
  await signIn(page, 'ana', '/incidents')
  const title = `Webhook deliveries late ${test.info().testId.slice(-6)}`
  const name = await declare(page, title)
  await expect(record(page)).toContainText('@ana took command by answering')
  await page.keyboard.press('n')
  await page.keyboard.type('queue is draining')
  await page.keyboard.press('Enter')
  await expect(record(page)).toContainText('queue is draining')
  await page.keyboard.press('Escape')
  const dialog = await statusDialog(page, name)
  await dialog.getByLabel('Status').selectOption('resolved')
  await dialog.getByRole('button', { name: 'Set status' }).click()
  await expect(record(page)).toContainText('Resolved, was investigating')
  await page.goto(`/incidents?text=${name}`)
  await expect(page.getByRole('table', { name: 'Incidents, newest first' })).toContainText(title)
})

test('what was typed survives Esc and a reload, and another person sees none of it', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `Draft kept ${test.info().testId.slice(-6)}`)
  await typeNote(page, 'half a thought')
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(page.getByLabel('Note').first()).toHaveValue('half a thought')
  const other = await open()
  await signIn(other, 'li', `/incidents/${name}`)
  await expect(other.getByLabel('Note').first()).toHaveValue('')
})

test('a note of one waits above the list of the other, who lets it in', async ({ page, open }) => {
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `Seen by two ${test.info().testId.slice(-6)}`)
  const other = await open()
  await signIn(other, 'li', `/incidents/${name}`)
  await expect(record(other)).toContainText('declared')
  await note(page, 'told to everybody')
  const waiting = other.getByRole('button', { name: /\d+ new/ })
  await expect(waiting).toBeVisible()
  await expect(record(other)).not.toContainText('told to everybody')
  await waiting.click()
  await expect(record(other)).toContainText('told to everybody')
})

test('resolving over an open task asks for a waiver in words', async ({ page }) => {
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `Task left open ${test.info().testId.slice(-6)}`)
  await giveTask(page, 'drain host 8841')
  const dialog = await statusDialog(page, name)
  await dialog.getByLabel('Status').selectOption('resolved')
  await expect(dialog.getByText('Open: drain host 8841 (@ana).')).toBeVisible()
  await dialog.getByLabel('Why open obligations may stay open').fill('the host is gone')
  await dialog.getByRole('button', { name: 'Set status' }).click()
  await expect(record(page)).toContainText('Open obligations waived: the host is gone')
})

test('on a phone a note is written under the thumb, nothing is wider than the screen, axe is clean', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `On the phone ${test.info().testId.slice(-6)}`)
  const phone = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await signIn(phone, 'li', `/incidents/${name}`)
  await phone.getByRole('button', { name: 'Note' }).click()
  await phone.getByRole('textbox', { name: 'Note' }).fill('from the train')
  await phone.getByRole('button', { name: 'Post' }).click()
  await expect(record(phone)).toContainText('from the train')
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  for (const one of [phone, page]) {
    const { violations } = await new AxeBuilder({ page: one }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
  }
})
