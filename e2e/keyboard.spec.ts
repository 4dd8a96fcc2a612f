import type { Locator, Page } from '@playwright/test'
import { expect, pressFor, signIn, test, whenAlive } from './fixtures'

const ROOMS = [
  { keys: 'f', url: '/fleet' },
  { keys: 'u', url: '/gpus' },
  { keys: 'q', url: '/queues' },
  { keys: 's', url: '/services' },
  { keys: 'o', url: '/settings/sources' },
  { keys: 'a', url: '/audit' },
  { keys: ',', url: '/settings' },
  { keys: 'b', url: '/' },
]

async function openPalette(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Everything you can do' })
  await expect(palette.getByRole('combobox')).toBeFocused()
  await palette.getByRole('option').first().waitFor()
  return palette
}

async function optionsOf(page: Page): Promise<readonly string[]> {
  const palette = await openPalette(page)
  const texts = await palette.getByRole('option').allTextContents()
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()
  return texts
}

test('the palette holds every action, shows its key and runs it', async ({ page }) => {
  await signIn(page, 'sam', '/fleet')
  await whenAlive(page)
  const offered = await optionsOf(page)
  for (const action of [
    'FleetG F',
    'AuditG A',
    'Next unhealthy GPUJ',
    'Previous unhealthy GPUK',
    'Search the fleet/',
    'Keyboard help?',
    'Turn times between UTC and localZ',
    'Copy a link to this.',
    'Turn to the other theme',
    'Wall display of the board',
    'Sign out',
  ])
    expect(offered).toContain(action)
  const palette = await openPalette(page)
  await page.keyboard.type('queues')
  await expect(palette.getByRole('option', { selected: true })).toContainText('Queues')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/queues')
})

test('the palette finds a watched thing by its name', async ({ page }) => {
  await signIn(page, 'ana')
  await whenAlive(page)
  const palette = await openPalette(page)
  await page.keyboard.type('transcription')
  await expect(palette.getByRole('option', { selected: true })).toContainText('transcription@gpu')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'transcription@gpu' })).toBeVisible()
})

test('the help lists the keys of the page', async ({ page }) => {
  await signIn(page, 'ana', '/fleet')
  await whenAlive(page)
  const help = page.getByRole('dialog', { name: 'Keyboard' })
  await pressFor(page, '?', help)
  await expect(help.getByText('Next unhealthy GPU')).toBeVisible()
  await expect(help.getByText('Ctrl K')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
})

test.describe('in Chicago', () => {
  test.use({ timezoneId: 'America/Chicago' })

  test('Z turns every time between UTC and local, and both are labelled', async ({ page }) => {
    await signIn(page, 'ana')
    await whenAlive(page)
    const clock = page.getByRole('banner').getByRole('time')
    await expect(clock).toContainText(/^\d\d:\d\d:\d\dZ/)
    await page.keyboard.press('z')
    await expect(clock).toContainText(/^\d\d:\d\d(:\d\d)? C[SD]T/)
    await page.reload()
    await expect(clock).toContainText(/^\d\d:\d\d(:\d\d)? C[SD]T/)
    await page.keyboard.press('z')
    await expect(clock).toContainText(/^\d\d:\d\d:\d\dZ/)
  })
})

test('the theme turns by a press and stays after a reload', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await signIn(page, 'ana')
  await page.getByRole('button', { name: 'Turn to the other theme' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
})

test('every room is reached and left with the keyboard alone', async ({ page }) => {
  await page.goto('/sign-in')
  // A page that is still being woken hears no key: it is pressed again, as a person would.
  await expect(async () => {
    if (page.url().includes('/sign-in')) await page.keyboard.press('7')
    await expect(page.getByRole('button', { name: 'Signed in as Sam Okoye' })).toBeVisible({ timeout: 5_000 })
  }).toPass()
  await whenAlive(page)
  for (const { keys, url } of ROOMS) {
    await page.keyboard.press('g')
    await page.keyboard.press(keys)
    await expect(page).toHaveURL(url)
    await expect(page.getByRole('heading').first()).toBeVisible()
  }
  await page.reload()
  await expect(page.getByRole('button', { name: /^Our code/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  const firstPlane = page.getByRole('button', { name: /^Our code/ })
  for (
    let stop = 0;
    stop < 4 && !(await firstPlane.evaluate((node) => node === document.activeElement));
    stop += 1
  ) {
    await page.keyboard.press('Tab')
    await expect(page.locator('main :focus')).toHaveCount(1)
  }
  await expect(firstPlane).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Our code: evidence' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.locator('main :focus')).toHaveCount(1)
})

test('single keys rest while somebody types, and can be switched off', async ({ page }) => {
  await signIn(page, 'ana', '/fleet')
  await whenAlive(page)
  await page.getByRole('searchbox').fill('')
  await page.keyboard.type('gqz?')
  await expect(page).toHaveURL(/\/fleet/)
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toHaveCount(0)
  await page.goto('/settings')
  await page.getByRole('checkbox', { name: 'Single keys as shortcuts' }).uncheck()
  await page.locator('body').press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Everything you can do' })).toBeVisible()
})
