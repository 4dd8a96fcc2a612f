import { expect, signIn, test } from './fixtures'
import { simulatorUrl } from './people'

type Mail = { readonly to: string; readonly raw: string }

/** The text of the newest mail to an address, once it has come. */
async function mailTo(address: string): Promise<string> {
  let text = ''
  await expect
    .poll(async () => {
      const { mails } = (await (await fetch(`${simulatorUrl()}/control/mail`)).json()) as {
        readonly mails: readonly Mail[]
      }
      // Long lines are folded: a soft break is an equals sign at the end of a line.
      const raw = mails.findLast((mail) => mail.to === address)?.raw ?? ''
      text = raw.replaceAll('=\r\n', '').replaceAll('=3D', '=')
      return text
    })
    .not.toBe('')
  return text
}

function linkIn(text: string, what: string): string {
  return new RegExp(`https?://[^/\\s]+/status/${what}\\?s=[0-9a-f-]{36}&t=[0-9a-f]{64}`).exec(text)?.[0] ?? ''
}

test('somebody subscribes on the status page without scripts, confirms by mail, and ends it with one press', async ({
  open,
  request,
}) => {
  const address = `journey${Date.now() % 1_000_000_000}@example.com`
  const page = await open({ javaScriptEnabled: false })
  await page.goto('/status')
  await page.getByLabel('Email address').fill(address)
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible()

  const mail = await mailTo(address)
  const confirm = linkIn(mail, 'confirm')
  await page.goto(confirm)
  await page.getByRole('button', { name: 'Send me updates by mail' }).click()
  await expect(page.getByRole('heading', { name: 'You are subscribed' })).toBeVisible()

  const end = linkIn(mail, 'unsubscribe')
  await page.goto(end)
  await expect(page.getByRole('button', { name: 'Send me no more mail' })).toBeVisible()
  const pressed = await request.post(end, { form: { 'List-Unsubscribe': 'One-Click' } })
  expect(pressed.status()).toBe(200)
  expect(await pressed.text()).toContain('You are unsubscribed')
})

test('an admin sees how mail leaves and gets a test mail', async ({ page }) => {
  await signIn(page, 'sam', '/settings/mail')
  await expect(page.getByText(/^Mail leaves through 127\.0\.0\.1/)).toBeVisible()
  await page.getByRole('button', { name: 'Send me a test mail' }).click()
  await expect(page.getByText('The mail server took it. Look into your mail.')).toBeVisible()
})
