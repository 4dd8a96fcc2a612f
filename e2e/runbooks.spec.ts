import type { Page } from '@playwright/test'
import { expect, pressFor, signIn, test, whenAlive } from './fixtures'

const EDITOR = 'The text of triage/5-gpus.yaml'

async function edit(page: Page, from: RegExp | string, to: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: EDITOR })
  await editor.fill((await editor.inputValue()).replace(from, to))
}

test('the room lists what counts and finds a question by its words', async ({ page }) => {
  await signIn(page, 'mei', '/runbooks')
  await expect(page.getByRole('heading', { name: 'Triage trees' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Scenarios' })).toBeVisible()
  await whenAlive(page)
  const search = page.getByRole('textbox', { name: /^Search questions/ })
  await pressFor(page, '/', search.and(page.locator(':focus')))
  await page.keyboard.type('fallen off')
  await page.getByRole('link', { name: /^Question Has a card/ }).click()
  await expect(page).toHaveURL(/\/runbooks\/triage\/5-gpus#card-gone$/)
  await expect(page.getByRole('heading', { name: 'Diagnoses' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Edit', exact: true })).toHaveCount(0)
  await page.getByRole('link', { name: 'Drawing', exact: true }).click()
  await expect(page.getByRole('img', { name: /^GPUs and driver/ })).toBeVisible()
})

test('one person edits a tree, is told of a fault at its line, tries it and proposes; another approves, and it counts', async ({
  page,
  open,
}) => {
  const words = `Is a card lost, seen by ${test.info().testId.slice(-6)}?`
  await signIn(page, 'li', '/runbooks/triage/5-gpus?view=edit')
  await whenAlive(page)
  await edit(page, 'probe: gpus.fell-off-bus', 'probe: gpus.fell')
  await expect(page.getByText('there is no probe gpus.fell')).toBeVisible()
  await page.getByRole('button', { name: /^line \d+$/ }).click()
  await expect(page.getByRole('textbox', { name: EDITOR })).toBeFocused()
  await page.getByLabel('Why', { exact: true }).fill('said more plainly')
  await expect(page.getByRole('button', { name: /^Propose to the others/ })).toHaveAttribute('aria-disabled')
  await edit(page, 'probe: gpus.fell\n', 'probe: gpus.fell-off-bus\n')
  await edit(page, /ask: .*\n(\s+probe: gpus\.fell-off-bus)/, `ask: "${words}"\n$1`)
  await expect(page.getByText('In order: schema')).toBeVisible()

  await page.getByLabel('Moment').selectOption({ index: 1 })
  await expect(page.getByRole('heading', { name: 'With your draft' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('textbox', { name: EDITOR })).toHaveValue(new RegExp(words.slice(0, 20)))
  await page.getByRole('button', { name: 'Propose to the others' }).click()
  await expect(page.getByText('You proposed this: somebody else must approve it.')).toBeVisible()

  const other = await open()
  await signIn(other, 'ana', '/runbooks')
  await whenAlive(other)
  await other
    .getByRole('link', { name: /said more plainly/ })
    .first()
    .click()
  await expect(other.getByText('The check has nothing against it.')).toBeVisible()
  await expect(other.getByText(words)).toBeVisible()
  await other.getByRole('button', { name: /^Approve/ }).click()
  await expect(other.getByText(/Approved\s+by @ana/)).toBeVisible()
  await expect(page.getByText(/Approved\s+by @ana/)).toBeVisible()
  await page.getByRole('link', { name: 'History', exact: true }).first().click()
  await expect(page.getByText('proposed by @li, approved by @ana').first()).toBeVisible()
  await page.getByRole('link', { name: 'Read', exact: true }).click()
  await expect(page.getByText(words).first()).toBeVisible()
  await expect(page.getByText(/^Approved edit, version \d+, stands over the file/)).toBeVisible()
})
