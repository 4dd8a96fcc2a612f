import type { Locator, Page } from '@playwright/test'
import { expect, signIn, test, whenAlive } from './fixtures'
import { does, draftedPostmortem } from './postmortem-pages'

// A refused overwrite and a refused approval are 409s, which the browser reports by itself.
test.use({ allowedNoise: /status of (409|400|422)/ })

async function write(page: Page, title: string): Promise<Locator> {
  const field = page.getByRole('textbox', { name: `${title}, Markdown` })
  const button = page.getByRole('button', { name: `Write ${title}` })
  await expect(field.or(button).first()).toBeVisible()
  if (!(await field.isVisible())) await button.click()
  await expect(field).toBeVisible()
  return field
}

async function writeAll(page: Page, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [title, text] of Object.entries(texts)) {
    const field = await write(page, title)
    await field.fill(text)
    await field.press('ControlOrMeta+Enter')
    await expect(field).toHaveCount(0)
  }
}

/** Whatever the sources missed is explained, each with the link that its button writes. */
async function explainGaps(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Review checks' })).toBeVisible()
  const explain = page.getByRole('button', { name: 'Explain' })
  for (let left = await explain.count(); left > 0; left = await explain.count()) {
    await explain.first().click()
    await expect(explain).toHaveCount(left - 1)
  }
}

async function review(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Review it' }).click()
  const dialog = page.getByRole('dialog', { name: /^Review version/ })
  await expect(dialog).toBeVisible()
  return dialog
}

async function lookAtAll(dialog: Locator): Promise<void> {
  for (const box of await dialog.getByRole('checkbox').all()) await box.check()
}

test('an outage is over, its postmortem is written, sent back, approved, published, and its action item done', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/incidents')
  const title = `Leases refused ${test.info().testId.slice(-6)}`
  const { id, name } = await draftedPostmortem(page, title)
  await does(page, 'action-items.add', {
    title: 'Keep one spare pool warm',
    kind: 'prevent',
    ownerId: await personId(page, 'li'),
    dueOn: '2027-12-01',
    doneWhen: 'a weekly drill serves 60 % from it',
    postmortemId: id,
  })
  await page.goto(`/postmortems/${name}/edit`)
  await whenAlive(page)
  await writeAll(page, {
    Summary: 'New leases were refused in Europe, and the fallback waited for a person.',
    Impact: 'Requests that needed a new instance failed.',
    Resolution: 'The provider took leases again.',
  })
  const causes = await write(page, 'Contributing factors and root cause')
  await causes.fill(
    'The gateway refused leases.\n\nThe fallback would have been used sooner if somebody had looked.',
  )
  await expect(page.getByRole('button', { name: 'Counterfactual' })).toBeVisible()
  await causes.press('ControlOrMeta+Enter')
  await explainGaps(page)
  await page.getByRole('button', { name: 'Send for review' }).click()
  const asking = page.getByRole('dialog', { name: 'Send for review' })
  await expect(asking.getByRole('button', { name: /choose somebody outside/ })).toBeVisible()
  await asking.getByRole('checkbox', { name: /@noa/ }).check()
  await asking.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(asking).toHaveCount(0)

  const other = await open()
  await signIn(other, 'noa', `/postmortems/${name}/edit`)
  await whenAlive(other)
  await expect(other.getByText('Counterfactual').first()).toBeVisible()
  const first = await review(other)
  await first.getByLabel('Your word').fill('Say what people saw, not what they did not do.')
  await first.getByRole('button', { name: 'Ask for changes' }).click()
  await expect(first).toHaveCount(0)
  await expect(page.getByText('asks for changes')).toBeVisible()

  // What the reviewer read is changed before the approval: it is refused, and shows both.
  const stale = await review(other)
  await lookAtAll(stale)
  const again = await write(page, 'Contributing factors and root cause')
  await again.fill(
    'The gateway refused leases.\n\nThe fallback was tested in October and is switched on by hand.',
  )
  await again.press('ControlOrMeta+Enter')
  await expect(again).toHaveCount(0)
  await stale.getByRole('button', { name: 'Approve this version' }).click()
  await expect(stale.getByText(/^You read version/)).toBeVisible()
  await expect(stale.getByText('The fallback was tested in October')).toBeVisible()
  await stale.getByRole('button', { name: 'I have read what changed' }).click()
  await lookAtAll(stale)
  await stale.getByRole('button', { name: 'Approve this version' }).click()
  await expect(stale).toHaveCount(0)

  await page.getByRole('button', { name: /^Publish/ }).click()
  await expect(page.getByText('It is published: open it again')).toBeVisible()
  await expect(page.getByRole('button', { name: /1 action item is open/ })).toBeVisible()
  const list = await page.request.get('/api/queries/action-items.list?input=%7B%22state%22%3A%22open%22%7D')
  const { items } = (await list.json()) as { items: { id: string; version: number; title: string }[] }
  const item = items.find((one) => one.title === 'Keep one spare pool warm')
  await does(page, 'action-items.finish', {
    id: item?.id,
    version: item?.version,
    evidence: 'the drill of today',
  })
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(page.getByText('It is closed: open it again')).toBeVisible()
})

test('two people write other sections and the same one: nothing is lost, and both texts are shown', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/incidents')
  const { name } = await draftedPostmortem(page, `Written by two ${test.info().testId.slice(-6)}`)
  await page.goto(`/postmortems/${name}/edit`)
  await whenAlive(page)
  const other = await open()
  await signIn(other, 'li', `/postmortems/${name}/edit`)
  await whenAlive(other)
  await writeAll(page, { 'What went well': 'The alert came at once.' })
  await writeAll(other, { 'What was hard': 'Nobody knew the switch.' })
  await expect(other.getByText('The alert came at once.')).toBeVisible()
  await expect(page.getByText('Nobody knew the switch.')).toBeVisible()

  const mine = await write(page, 'Where we were lucky')
  const theirs = await write(other, 'Where we were lucky')
  await theirs.pressSequentially('It was a quiet hour.')
  await mine.pressSequentially('The spare pool was warm.')
  const both = [page, other].map((one) => one.getByRole('alert', { name: 'Two texts' }))
  await expect
    .poll(async () => (await Promise.all(both.map((one) => one.count()))).reduce((sum, one) => sum + one, 0))
    .toBe(1)
  const [late, field] = (await both[0]?.count()) === 1 ? [page, mine] : [other, theirs]
  const conflict = late.getByRole('alert', { name: 'Two texts' })
  await expect(conflict.getByText('It was a quiet hour.').first()).toBeVisible()
  await expect(conflict.getByText('The spare pool was warm.').first()).toBeVisible()
  await conflict.getByRole('button', { name: 'Bring both together' }).click()
  await expect(conflict).toHaveCount(0)
  await field.press('ControlOrMeta+Enter')
  for (const one of [page, other]) {
    const section = one.locator('[data-section="lucky"]')
    await expect(section.getByText('It was a quiet hour.').first()).toBeVisible()
    await expect(section.getByText('The spare pool was warm.').first()).toBeVisible()
  }
})

async function personId(page: Page, handle: string): Promise<string> {
  const answer = await page.request.get('/api/queries/access.people')
  const people = (await answer.json()) as { readonly id: string; readonly handle: string }[]
  return people.find((one) => one.handle === handle)?.id ?? ''
}
