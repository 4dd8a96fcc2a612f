import { expect, signIn, test, whenAlive } from './fixtures'
import { inject } from './world'

test('a queue opens with its figures, its last hour and its changes, and the link shows another person the same', async ({
  page,
  open,
}) => {
  await signIn(page, 'ana', '/queues')
  // The journey of a source that refuses ended earlier: what it could not read is read again.
  const sentence = page.getByRole('heading', { level: 1 })
  await expect(sentence).not.toContainText(/stale|unknown/, { timeout: 90_000 })
  await page.getByRole('link', { name: /^embedding@gpu/ }).click()
  await expect(page).toHaveURL(/queue=activity%2Fembedding%40gpu/)
  const other = await open()
  const { pathname, search } = new URL(page.url())
  await signIn(other, 'mei', `${pathname}${search}`)
  for (const tab of [page, other]) {
    const queue = tab.getByRole('dialog', { name: 'embedding@gpu' })
    await expect(queue.getByRole('img', { name: 'Age of the oldest task' })).toBeVisible()
    await expect(queue.getByRole('heading', { name: 'Changes in the last day' })).toBeVisible()
    await expect(queue.getByText(/of \d+ listed/)).toBeVisible()
  }
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL('/queues')
})

test('a queue whose workers fall behind is warned about and says what to do', async ({ page }) => {
  test.setTimeout(200_000)
  await signIn(page, 'li', '/queues')
  await whenAlive(page)
  await inject({ event: 'queue-dispatch', queue: 'thumbnails@cpu', factor: 0.05, for: '4m' })
  const row = page.getByRole('row', { name: /thumbnails@cpu/ })
  await expect(row).not.toContainText(/Work is taken as fast|Nothing waits/, { timeout: 170_000 })
  await row.getByRole('link').click()
  await expect(page.getByRole('dialog', { name: 'thumbnails@cpu' }).getByRole('list').first()).toBeVisible()
})

test('a service that fails shows its state, its parts and its last success', async ({ page }) => {
  await signIn(page, 'ana', '/services')
  await whenAlive(page)
  await inject({ event: 'service', service: 'rag-mcp', state: 'down', for: '75s' })
  const row = page.getByRole('row', { name: /rag-mcp/ })
  await expect(row).not.toContainText('says that it is well', { timeout: 60_000 })
  await row.getByRole('link').click()
  const service = page.getByRole('dialog', { name: 'rag-mcp' })
  await expect(service.getByText('Last success')).toBeVisible()
  await expect(service.getByRole('heading', { name: 'Changes in the last day' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: /^integration/ }).click()
  await expect(page.getByRole('dialog', { name: 'integration' }).getByText('minio')).toBeVisible()
})

test('a link to a queue that is not watched says so', async ({ page }) => {
  await signIn(page, 'ana', '/queues?queue=activity%2Fgone')
  await expect(page.getByText('The queue activity/gone is not watched here.')).toBeVisible()
})
