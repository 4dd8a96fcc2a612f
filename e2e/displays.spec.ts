import { expect, signIn, test, whenAlive } from './fixtures'

test('the wall display of the board has no controls but everything that matters', async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 })
  await signIn(page, 'ana', '/?display=wall')
  await whenAlive(page)
  await expect(page.getByRole('navigation', { name: 'Rooms', exact: true })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^Signed in as/ })).toHaveCount(0)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByRole('button', { name: /^GPU, driver/ })).toBeVisible()
  const whole = await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight)
  expect(whole, 'nothing is below the fold').toBe(true)
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  test('every room is reached with a thumb, and no page is wider than the screen', async ({ page }) => {
    await signIn(page, 'sam')
    await whenAlive(page)
    const bar = page.getByRole('navigation', { name: 'Rooms, phone' })
    for (const room of ['Fleet', 'Queues', 'Services', 'Board']) {
      await bar.getByRole('link', { name: room }).tap()
      await expect(bar.getByRole('link', { name: room })).toHaveAttribute('aria-current', 'page')
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      const overhang = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(overhang, `${room} is wider than the screen by`).toBeLessThanOrEqual(0)
    }
    await bar.getByRole('button', { name: 'More rooms and settings' }).tap()
    await page.getByRole('dialog', { name: 'More' }).getByRole('link', { name: 'Audit' }).tap()
    await expect(page.getByRole('heading', { name: 'Audit trail' })).toBeVisible()
  })

  test('a finding opens over the wall, is read and closed with a thumb', async ({ page }) => {
    await signIn(page, 'ana', '/fleet')
    const finding = page.getByRole('region', { name: 'GPUs to look at' }).getByRole('listitem').first()
    await finding.getByRole('button').tap()
    const gpu = page.getByRole('dialog', { name: /^GPU/ })
    await expect(gpu.getByRole('heading', { level: 3 }).first()).toBeVisible()
    await gpu.getByRole('button', { name: 'Close' }).tap()
    await expect(gpu).toBeHidden()
    await page.getByRole('button', { name: 'Filters' }).tap()
    await page.getByRole('dialog').getByRole('checkbox', { name: /^L40S/ }).tap()
    await expect(page).toHaveURL(/model=L40S/)
  })

  test('everything in the thumb bar is at least 44 px high', async ({ page }) => {
    await signIn(page, 'ana')
    const bar = page.getByRole('navigation', { name: 'Rooms, phone' })
    for (const target of [...(await bar.getByRole('link').all()), ...(await bar.getByRole('button').all())])
      expect((await target.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44)
  })
})
