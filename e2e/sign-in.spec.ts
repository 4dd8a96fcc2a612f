import { expect, signIn, signInByPage, test } from './fixtures'
import { personOf } from './people'

test('a right password leads to the board', async ({ page }) => {
  await signInByPage(page, 'ana')
  await expect(page).toHaveURL('/')
  await expect(page.getByRole('button', { name: 'Signed in as Ana Ruiz' })).toBeVisible()
})

test('a person who asked for a page arrives there after signing in', async ({ page }) => {
  await signInByPage(page, 'ana', '/fleet?region=eu-hel&view=table')
  await expect(page).toHaveURL('/fleet?region=eu-hel&view=table')
})

test('a wrong password is said at the field and loses nothing that was typed', async ({ page }) => {
  await page.goto('/sign-in')
  const handle = page.getByLabel('Handle or work e-mail')
  const password = page.getByLabel('Password')
  await handle.fill('li')
  await password.fill('a wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible()
  await expect(password).toHaveAttribute('aria-invalid', 'true')
  await expect(handle).toHaveValue('li')
  await expect(password).toHaveValue('a wrong password')
  await password.fill(personOf('li').password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL('/')
})

test('an unknown name and a wrong password read the same', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel('Handle or work e-mail').fill('nobody-by-this-name')
  await page.getByLabel('Password').fill('a wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible()
})

test('repeated failures slow down that account and no other', async ({ page, open }) => {
  await page.goto('/sign-in')
  await page.getByLabel('Handle or work e-mail').fill('raj')
  const problem = page.getByRole('alert').filter({ hasText: /\S/ })
  const slowed = problem.filter({ hasText: /Too many failed tries. Try again in \d+ s/ })
  // Each failure past the fifth doubles the delay: however slow the machine, one try falls into it.
  for (let attempt = 1; attempt <= 12 && !(await slowed.isVisible()); attempt += 1) {
    const answered = page.waitForResponse((response) => response.url().includes('/callback/password'))
    await page.getByLabel('Password').fill(`wrong password number ${attempt}`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await answered
  }
  await expect(slowed).toBeVisible()
  await expect(problem).toContainText('not locked')
  await signIn(await open(), 'li')
})

test('a demo person comes in by one key', async ({ page }) => {
  await page.goto('/sign-in')
  await expect(page.getByRole('heading', { name: 'Or be someone in the demo' })).toBeVisible()
  // A page that is still being woken hears no key: it is pressed again, as a person would.
  await expect(async () => {
    if (page.url().includes('/sign-in')) await page.keyboard.press('5')
    await expect(page.getByRole('button', { name: 'Signed in as Mei Tan' })).toBeVisible({ timeout: 5_000 })
  }).toPass()
})

test('a key pressed while typing signs nobody in', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel('Handle or work e-mail').pressSequentially('agent5')
  await expect(page.getByLabel('Handle or work e-mail')).toHaveValue('agent5')
  await expect(page).toHaveURL('/sign-in')
})

test('signing out ends the session on the server too', async ({ page }) => {
  await signIn(page, 'ana')
  const kept = await page.context().cookies()
  await page.getByRole('button', { name: /^Signed in as/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL(/session-ended|sign-in/)
  await page.context().addCookies(kept)
  await page.goto('/fleet')
  await expect(page).not.toHaveURL('/fleet')
  await expect(page.getByRole('button', { name: /^Signed in as/ })).toHaveCount(0)
})

test('a session ended elsewhere leads to a clear page and back to where one was', async ({ page, open }) => {
  // Other journeys have sessions of the same person: this one is known by its browser.
  const other = await open({
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  })
  await signIn(other, 'bo')
  await signIn(page, 'bo', '/settings/sessions')
  const end = page.getByRole('button', { name: /^End the session in Firefox/ })
  await end.click()
  await expect(end).toHaveCount(0)
  await other.goto('/queues')
  await expect(other.getByRole('heading', { name: 'Your session was ended' })).toBeVisible()
  await other.getByRole('link', { name: 'Sign in and go back' }).click()
  await other.getByLabel('Handle or work e-mail').fill('bo')
  await other.getByLabel('Password').fill(personOf('bo').password)
  await other.getByRole('button', { name: 'Sign in' }).click()
  await expect(other).toHaveURL('/queues')
})

test('a room that a role does not open says what is missing and who has it', async ({ page }) => {
  await signIn(page, 'mei')
  await expect(page.getByRole('link', { name: 'Audit' })).toHaveCount(0)
  const more = page.getByRole('menu', { name: 'More rooms' })
  await page.getByRole('button', { name: 'More rooms', exact: true }).click()
  await expect(more.getByRole('menuitem', { name: /^Runbooks/ })).toBeVisible()
  await expect(more.getByRole('menuitem', { name: /^Audit/ })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.goto('/audit')
  await expect(page.getByRole('heading', { name: 'Your role does not open this room' })).toBeVisible()
  await expect(page.getByText('audit.read')).toBeVisible()
  await page.getByRole('link', { name: 'To the board' }).click()
  await expect(page).toHaveURL('/')
})

test.describe('an address where nothing is', () => {
  test.use({ allowedNoise: /status of 404/ })

  test('an unknown address keeps the frame and leads to the board', async ({ page }) => {
    await signIn(page, 'ana')
    const response = await page.goto('/no-such-room')
    expect(response?.status()).toBe(404)
    await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible()
    await page.getByRole('link', { name: 'To the board' }).click()
    await expect(page).toHaveURL('/')
  })
})
