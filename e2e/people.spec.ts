import { expect, signIn, test } from './fixtures'

/** Browsers log every refused request by themselves: a form that is not accepted, a page of somebody who is out. */
test.use({ allowedNoise: /status of (401|422)/ })

test('a new person chooses a password, gets a role, and is out by the next request once switched off', async ({
  page,
  open,
}) => {
  const handle = `kim-${test.info().testId.slice(-6)}${test.info().repeatEachIndex}${Date.now() % 100_000}`
  await signIn(page, 'sam', '/settings/people')
  await page.getByRole('button', { name: 'Add a person' }).click()
  const add = page.getByRole('dialog', { name: 'Add a person' })
  await add.getByLabel('Name').fill('Kim Novak')
  await add.getByLabel('Handle').fill('Not A Handle')
  await add.getByLabel('Work e-mail').fill(`${handle}@northlight.example`)
  await add.getByLabel('Title').fill('Night shift')
  await add.getByRole('button', { name: 'Add and make a one-time password' }).click()
  await expect(add.getByLabel('Handle')).toHaveAttribute('aria-invalid', 'true')
  await expect(add.getByLabel('Title')).toHaveValue('Night shift')
  await add.getByLabel('Handle').fill(handle)
  await add.getByRole('button', { name: 'Add and make a one-time password' }).click()
  await expect(add).toBeHidden()
  const oneTime =
    (await page.getByRole('status').filter({ hasText: 'shown only now' }).locator('code').textContent()) ?? ''

  const theirs = await open()
  await theirs.goto('/sign-in')
  await theirs.getByLabel('Handle or work e-mail').fill(handle)
  await theirs.getByLabel('Password').fill(oneTime)
  await theirs.getByRole('button', { name: 'Sign in' }).click()
  await theirs.getByLabel('Your own new password').fill('a quiet night on the floor')
  await theirs.getByRole('button', { name: 'Sign in' }).click()
  await expect(theirs.getByRole('button', { name: 'Signed in as Kim Novak' })).toBeVisible()
  await theirs.goto('/audit')
  await expect(theirs.getByRole('heading', { name: 'Your role does not open this room' })).toBeVisible()

  await page.reload()
  const change = page.getByRole('row', { name: new RegExp(`@${handle}`) }).getByRole('button')
  await change.click()
  const dialog = page.getByRole('dialog', { name: `Kim Novak, @${handle}` })
  await dialog.getByRole('checkbox', { name: /^reviewer/ }).check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  await theirs.goto('/audit')
  await expect(theirs.getByRole('heading', { name: 'Audit trail' })).toBeVisible()

  await change.click()
  await dialog.getByRole('checkbox', { name: /^Access switched off/ }).check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  // The open page leaves by itself; it is waited for, so that the next address is not asked in the middle of that.
  await theirs.waitForURL(/session-ended|sign-in|disabled/)
  await theirs.goto('/fleet')
  await expect(theirs).not.toHaveURL('/fleet')
  await expect(theirs.getByRole('button', { name: /^Signed in as/ })).toHaveCount(0)

  await page.goto('/audit?action=access.')
  const trail = page.getByRole('table', { name: 'Audit trail' })
  for (const action of ['access.createPerson', 'access.updatePerson', 'access.signIn'])
    await expect(trail.getByRole('row').filter({ hasText: action }).first()).toBeVisible()
  await expect(trail).not.toContainText(oneTime)
})

test('somebody who does not manage people sees no addresses and no way to change anybody', async ({
  page,
}) => {
  await signIn(page, 'mei', '/settings/people')
  await expect(page.getByRole('row', { name: /Ana Ruiz/ })).toBeVisible()
  await expect(page.getByText('@northlight.example')).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^Change / })).toHaveCount(0)
})

test('the audit trail is narrowed by its address', async ({ page }) => {
  await signIn(page, 'raj', '/audit?action=access.signIn')
  const rows = page.getByRole('table', { name: 'Audit trail' }).getByRole('row')
  await expect(rows.nth(1)).toContainText('access.signIn')
  await expect(page.getByLabel('Action begins with')).toHaveValue('access.signIn')
})
