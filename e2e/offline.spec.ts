import { expect, signIn, test } from './fixtures'
import { declare, giveTask, held, keptHere, note, record, whenKept } from './incident-pages'
import { openRelay } from './relay'

test.use({ allowedNoise: /net::ERR_|Failed to load resource|Failed to fetch|NetworkError|status of 401/ })

test('the server goes away: the incident stays open, is opened anew, and what was done there is sent in order', async ({
  page,
  baseURL,
}) => {
  test.setTimeout(180_000)
  const relay = await openRelay(baseURL ?? '')
  try {
    const title = `Line is cut ${test.info().testId.slice(-6)}`
    await signIn(page, 'ana')
    await page.goto(`${relay.url}/incidents`)
    const name = await declare(page, title)
    await page.goto(`${relay.url}/incidents`)
    await keptHere(page)
    await page.goto(`${relay.url}/incidents/${name}`)
    await giveTask(page, 'drain host 8841')
    await whenKept(page)
    await relay.cut()

    await note(page, 'first, from the dark')
    await expect(held(page)).toContainText('first, from the dark')
    await expect(page.getByText(/^Offline since/).first()).toBeVisible()
    await page.getByRole('button', { name: 'Done', exact: true }).click()
    await expect(page.getByText(/^waits for @ana to accept, done · waiting to be sent/)).toBeVisible()
    await note(page, 'then this')
    await expect(held(page).getByRole('listitem')).toHaveCount(3)

    await page.reload()
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
    await expect(page.getByText('3 actions held; they run as you when the server answers.')).toBeVisible()
    await page.goto(`${relay.url}/fleet`)
    await expect(page.getByRole('heading', { name: 'Watchfloor does not answer' })).toBeVisible()
    await page.getByRole('link', { name: 'All that went on' }).click()
    await expect(page.getByText(/^Offline since/).first()).toBeVisible()
    await page.getByRole('link', { name: new RegExp(title) }).click()
    await expect(held(page)).toContainText('first, from the dark')

    await relay.mend()
    await expect(held(page)).toHaveCount(0, { timeout: 60_000 })
    await page.goto(`${baseURL}/incidents/${name}`)
    await expect(record(page).getByText('first, from the dark')).toHaveCount(1)
    const entries = await record(page).getByRole('listitem').allTextContents()
    const placeOf = (text: string): number => entries.findIndex((entry) => entry.includes(text))
    expect(placeOf('then this')).toBeLessThan(placeOf('first, from the dark'))
    expect(placeOf('then this')).toBeGreaterThanOrEqual(0)
    expect(entries.filter((entry) => entry.includes('then this'))).toHaveLength(1)
  } finally {
    await relay.close()
  }
})

test('what one person did offline is neither shown to nor sent as the next person at the same browser', async ({
  page,
  context,
}) => {
  test.setTimeout(180_000)
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `Two at one desk ${test.info().testId.slice(-6)}`)
  await whenKept(page)
  await context.setOffline(true)
  await note(page, 'known to ana alone')
  await expect(held(page)).toContainText('known to ana alone')
  await context.clearCookies({ name: /session/ })
  await context.setOffline(false)
  await expect(page).toHaveURL(/sign-in|session-ended/, { timeout: 60_000 })

  await signIn(page, 'li', `/incidents/${name}`)
  await expect(page.getByText('1 action of @ana waits on this device')).toBeVisible()
  await expect(record(page)).toContainText('declared')
  await expect(page.getByText('known to ana alone')).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+K')
  await page.getByPlaceholder(/^Do something/).fill('Sign out')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/session-ended/)

  await signIn(page, 'ana', `/incidents/${name}`)
  await expect(record(page)).toContainText('known to ana alone', { timeout: 30_000 })
  await expect(record(page).getByText('known to ana alone')).toHaveCount(1)
})

test('a kept incident opens without network for its person, and for nobody after signing out', async ({
  page,
  context,
}) => {
  test.setTimeout(180_000)
  await signIn(page, 'ana', '/incidents')
  const title = `Kept for one ${test.info().testId.slice(-6)}`
  const name = await declare(page, title)
  await whenKept(page)
  await context.setOffline(true)
  await page.goto(`/incidents/${name}`)
  await expect(page.getByRole('heading', { name: title })).toBeVisible()
  await expect(page.getByText(/^Offline since/).first()).toBeVisible()
  await context.setOffline(false)
  await page.goto('/incidents')
  await expect(page.getByText(/^Offline since/)).toHaveCount(0, { timeout: 60_000 })
  await page.keyboard.press('ControlOrMeta+K')
  await page.getByPlaceholder(/^Do something/).fill('Sign out')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/session-ended/)
  await context.setOffline(true)
  await page.goto(`/incidents/${name}`)
  await expect(page.getByRole('heading', { name: 'Watchfloor does not answer' })).toBeVisible()
  await expect(page.getByText(title)).toHaveCount(0)
  await expect(page.getByText('Nothing is kept on this device')).toBeVisible()
})

test('on a phone without network a note waits under the thumb and is sent when the train leaves the tunnel', async ({
  page,
  open,
}) => {
  test.setTimeout(180_000)
  await signIn(page, 'ana', '/incidents')
  const name = await declare(page, `In a tunnel ${test.info().testId.slice(-6)}`)
  const phone = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await signIn(phone, 'li', `/incidents/${name}`)
  await whenKept(phone)
  await phone.context().setOffline(true)
  await phone.getByRole('button', { name: 'Note' }).click()
  await phone.getByRole('textbox', { name: 'Note' }).fill('tunnel ahead')
  await phone.getByRole('button', { name: 'Post' }).click()
  await expect(held(phone)).toContainText('tunnel ahead')
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await phone.context().setOffline(false)
  await expect(held(phone)).toHaveCount(0, { timeout: 60_000 })
  await page.goto(`/incidents/${name}`)
  await expect(record(page).getByText('tunnel ahead')).toHaveCount(1)
})
