import { expect, pressFor, signIn, test } from './fixtures'
import { declare, note, record, typeNote } from './incident-pages'

// A refused overwrite is a 409, which the browser reports by itself.
test.use({ allowedNoise: /status of 409/ })

test('two people at one incident see each other, what the other writes, and both of two changes to one field', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `Seen together ${test.info().testId.slice(-6)}`)
  const other = await open()
  await signIn(other, 'raj', `/incidents/${name}`)
  const here = page.getByRole('list', { name: 'Also here' })
  await expect(here).toContainText('@raj looks at this', { timeout: 30_000 })
  await expect(other.getByRole('list', { name: 'Also here' })).toContainText('@ana looks at this')

  const impact = { name: 'Impact, in customers’ words' }
  await typeNote(other, 'half a thought')
  await expect(here).toContainText('@raj writes a note', { timeout: 30_000 })
  await expect(page.getByText('half a thought')).toHaveCount(0)
  await other.keyboard.press('Escape')

  for (const one of [page, other]) {
    await one.keyboard.press('ControlOrMeta+K')
    await one.getByPlaceholder(/^Do something/).fill('Say the impact')
    await one.keyboard.press('Enter')
    await expect(one.getByRole('dialog', impact)).toBeVisible()
  }
  await expect(page.getByRole('dialog', impact).getByText(/@raj has this form open too/)).toBeVisible({
    timeout: 40_000,
  })
  await other.getByRole('dialog', impact).getByLabel('Impact').fill('uploads fail for everybody')
  await page.getByRole('dialog', impact).getByLabel('Impact').fill('a third of uploads fail')
  await other.getByRole('button', { name: 'Set impact' }).click()
  await expect(other.getByRole('dialog', impact)).toHaveCount(0)
  await expect(page.getByText('uploads fail for everybody').first()).toBeVisible()
  await page.getByRole('button', { name: 'Set impact' }).click()
  const conflict = page.getByRole('dialog', impact)
  await expect(conflict).toContainText('uploads fail for everybody')
  await expect(conflict.getByLabel('Impact')).toHaveValue('a third of uploads fail')
})

test('two browsers of one person that typed at once keep both texts until one is chosen', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `Typed twice ${test.info().testId.slice(-6)}`)
  const other = await open()
  await signIn(other, 'ana', `/incidents/${name}`)
  await expect(record(other)).toContainText('declared')
  const saved = (one: typeof page) =>
    one.waitForResponse((response) => response.url().endsWith('/api/commands/incidents.saveDraft'))
  const first = saved(page)
  await page.getByLabel('Note').first().fill('typed at the desk')
  await first
  await other.getByLabel('Note').first().fill('typed on the sofa')
  const versions = other.getByRole('region', { name: 'Other versions of what you typed' })
  await expect(versions).toContainText('typed at the desk')
  await expect(other.getByLabel('Note').first()).toHaveValue('typed on the sofa')
  await versions.getByRole('button', { name: 'Use this instead' }).click()
  await expect(other.getByLabel('Note').first()).toHaveValue('typed at the desk')
  await expect(versions).toHaveCount(0)
})

test('two tabs of one browser show the same draft, and what is sent in one is gone in the other', async ({
  page,
  context,
}) => {
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `Two tabs ${test.info().testId.slice(-6)}`)
  const second = await context.newPage()
  await second.goto(`/incidents/${name}`)
  await expect(record(second)).toContainText('declared')
  await page.getByLabel('Note').first().fill('begun here')
  await expect(second.getByLabel('Note').first()).toHaveValue('begun here')
  await second.getByLabel('Note').first().fill('begun here, ended there')
  await expect(page.getByLabel('Note').first()).toHaveValue('begun here, ended there')
  await second.getByRole('button', { name: 'Post' }).click()
  await expect(record(second)).toContainText('begun here, ended there')
  await expect(page.getByLabel('Note').first()).toHaveValue('')
})

test('command is offered with what the next one must know, and changes hands when it is accepted', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `Shift ends ${test.info().testId.slice(-6)}`)
  const next = await open()
  await signIn(next, 'raj', `/incidents/${name}`)
  await expect(record(next)).toContainText('declared')
  const dialog = page.getByRole('dialog', { name: 'Hand over: commander' })
  await pressFor(page, 'h', dialog)
  await dialog.getByLabel('To').selectOption({ label: await labelOf(dialog, '@raj') })
  await dialog
    .getByLabel('What they should know')
    .fill('the host is being drained; provider answers at 03:00Z')
  await dialog.getByRole('button', { name: 'Offer it' }).click()
  await expect(next.getByText('the host is being drained; provider answers at 03:00Z')).toBeVisible()
  await note(page, 'still in command')
  await expect(record(page)).toContainText('still in command')
  await next.getByRole('button', { name: 'Accept' }).click()
  await expect(record(next)).toContainText('@raj accepted the hand-over from @ana')
  await expect(
    page
      .getByText('@raj accepted the hand-over')
      .or(page.getByRole('button', { name: /new/ }))
      .first(),
  ).toBeVisible()
})

async function labelOf(dialog: ReturnType<typeof record>, handle: string): Promise<string> {
  const option = dialog.getByRole('option', { name: new RegExp(`^${handle} `) })
  return (await option.textContent()) ?? ''
}
