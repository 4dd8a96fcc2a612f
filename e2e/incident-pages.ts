import type { Locator, Page } from '@playwright/test'
import { expect, pressFor, whenAlive } from './fixtures'

type Declared = {
  readonly severity?: 'P1' | 'P2' | 'P3'
  /** isPublic lets customers be told of it. */
  readonly isPublic?: boolean
  readonly isDrill?: boolean
}

/** declare opens an incident with the keyboard alone and gives its name. */
export async function declare(page: Page, title: string, given: Declared = {}): Promise<string> {
  await whenAlive(page)
  const dialog = page.getByRole('dialog', { name: 'Declare an incident' })
  await pressFor(page, 'd', dialog)
  await dialog.getByLabel('What is wrong, and where').fill(title)
  await dialog.getByLabel('Severity').selectOption(given.severity ?? 'P3')
  if (given.isPublic) await dialog.getByLabel('Who may know of it?').selectOption('public')
  if (given.isDrill) await dialog.getByLabel('This is a drill').check()
  await dialog.getByRole('button', { name: 'Declare' }).click()
  await page.waitForURL(/\/incidents\/(INC|DRILL)-\d+/)
  await expect(page.getByRole('heading', { name: title })).toBeVisible()
  await expect(record(page)).toContainText('declared')
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

/** giveTask gives oneself a task by keyboard. */
export async function giveTask(page: Page, text: string): Promise<void> {
  const task = page.getByRole('dialog', { name: /^Task/ })
  await pressFor(page, 't', task)
  await task.getByLabel('What is to be done').fill(text)
  await task.getByRole('button', { name: 'Give the task' }).click()
  await expect(record(page)).toContainText(text)
}

/** record is the list of entries of the incident that is open. */
export function record(page: Page): Locator {
  return page.getByRole('list', { name: 'Entries, newest first' })
}

/** held is the list of what this browser has not been able to send. */
export function held(page: Page): Locator {
  return page.getByRole('list', { name: 'Waiting to be sent' })
}

/** typeNote writes a note by keyboard and leaves it unsent. */
export async function typeNote(page: Page, text: string): Promise<void> {
  await pressFor(page, 'n', page.getByLabel('Note').and(page.locator(':focus')))
  await page.keyboard.type(text)
}

/** note writes a note by keyboard and posts it. */
export async function note(page: Page, text: string): Promise<void> {
  await typeNote(page, text)
  await page.keyboard.press('Enter')
}

/** statusDialog opens by keyboard where the status of an incident is set. */
export async function statusDialog(page: Page, name: string): Promise<Locator> {
  const dialog = page.getByRole('dialog', { name: `Status of ${name}` })
  await pressFor(page, 's', dialog)
  return dialog
}

/** keptHere opens the page once more through the service worker, and waits until it is kept: whoever stays for seconds has that. */
export async function keptHere(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.reload()
  const { pathname } = new URL(page.url())
  const isKept = (path: string) => caches.match(path).then((found) => found !== undefined)
  await expect.poll(() => page.evaluate(isKept, pathname)).toBe(true)
}

/** whenKept waits until the page that is open opens without the server too. */
export async function whenKept(page: Page): Promise<void> {
  await expect(page.getByText('Kept on this device').filter({ visible: true })).toBeVisible({
    timeout: 90_000,
  })
}
