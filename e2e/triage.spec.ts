import { expect, signIn, test, whenAlive } from './fixtures'

test('an incident opens with the path that the looks propose; a person answers in the machine’s place and gives it back', async ({
  page,
}) => {
  await signIn(page, 'ana', '/incidents')
  await page.keyboard.press('d')
  const declaring = page.getByRole('dialog', { name: 'Declare an incident' })
  await declaring.getByLabel('What is wrong, and where').fill(`Triage ${test.info().testId.slice(-6)}`)
  await declaring.getByLabel('Severity').selectOption('P3')
  await declaring.getByRole('button', { name: 'Declare' }).click()
  await page.waitForURL(/\/incidents\/INC-\d+/)

  await expect(page.getByRole('list', { name: 'Evidence' })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Causes, in order' }).first()).toBeVisible()

  await page.keyboard.press('o')
  const answering = page.getByRole('dialog')
  await answering.getByLabel('Your answer').selectOption('no')
  await answering.getByLabel('Why').fill('seen with my own eyes')
  await answering.getByRole('button', { name: 'Answer' }).click()
  await expect(answering).toBeHidden()
  const record = page.getByRole('list', { name: 'Entries, newest first' })
  await expect(record).toContainText('in place of the machine')
  await expect(record).toContainText('seen with my own eyes')
})

test('the room of triage draws the whole tree and tells how the path got there', async ({ page }) => {
  await signIn(page, 'li', '/triage')
  await expect(page.getByRole('heading', { name: 'Triage of what is so now' })).toBeVisible()
  await expect(page.getByRole('img', { name: /^Four looks/ })).toBeVisible()
  await whenAlive(page)
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await expect(page.getByText('100 %', { exact: true })).toBeVisible()
})
