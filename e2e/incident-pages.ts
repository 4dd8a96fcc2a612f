import type { Locator, Page } from '@playwright/test'
import { expect, whenAlive } from './fixtures'

/** declare opens an incident with the keyboard alone and gives its name. */
export async function declare(page: Page, title: string): Promise<string> {
  // A key that is pressed before the page listens is lost.
  await whenAlive(page)
  await page.keyboard.press('d')
  const dialog = page.getByRole('dialog', { name: 'Declare an incident' })
  await dialog.getByLabel('What is wrong, and where').fill(title)
  await dialog.getByLabel('Severity').selectOption('P3')
  await dialog.getByRole('button', { name: 'Declare' }).click()
  await page.waitForURL(/\/incidents\/INC-\d+/)
  await expect(page.getByRole('heading', { name: title })).toBeVisible()
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

/** giveTask gives oneself a task by keyboard. */
export async function giveTask(page: Page, text: string): Promise<void> {
  await page.keyboard.press('t')
  const task = page.getByRole('dialog', { name: /^Task/ })
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

/** note writes a note by keyboard and posts it. */
export async function note(page: Page, text: string): Promise<void> {
  await page.keyboard.press('n')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

/** whenKept waits until the page that is open opens without the server too. */
export async function whenKept(page: Page): Promise<void> {
  await expect(page.getByText('Kept on this device').filter({ visible: true })).toBeVisible({
    timeout: 90_000,
  })
}
