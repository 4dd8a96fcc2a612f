import { expect, pressFor, signIn, test, whenAlive } from './fixtures'
import { declare, record } from './incident-pages'

test('an incident opens with the path that the looks propose; a person answers in the machine’s place and gives it back', async ({
  page,
}) => {
  await signIn(page, 'ana', '/incidents')
  await declare(page, `Triage ${test.info().testId.slice(-6)}`)
  await expect(page.getByRole('list', { name: 'Evidence' })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Causes, in order' }).first()).toBeVisible()

  const answering = page.getByRole('dialog')
  await pressFor(page, 'o', answering)
  await answering.getByLabel('Your answer').selectOption('no')
  await answering.getByLabel('Why').fill('seen with my own eyes')
  await answering.getByRole('button', { name: 'Answer' }).click()
  await expect(answering).toBeHidden()
  await expect(record(page)).toContainText('in place of the machine')
  await expect(record(page)).toContainText('seen with my own eyes')
})

test('the room of triage draws the whole tree and tells how the path got there', async ({ page }) => {
  await signIn(page, 'li', '/triage')
  await expect(page.getByRole('heading', { name: 'Triage of what is so now' })).toBeVisible()
  await expect(page.getByRole('img', { name: /^Four looks/ })).toBeVisible()
  await whenAlive(page)
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await expect(page.getByText('100 %', { exact: true })).toBeVisible()
})
