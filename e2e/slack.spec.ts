import { typed } from '../simulator/protocols/slack-user'
import { expect, signIn, test } from './fixtures'

const SECRET = 'simulated-slack-signing-secret'

test('a member of Slack who is named may ask, a stranger may not, and nothing is taken twice', async ({
  page,
  request,
}) => {
  const user = `U${Date.now() % 1_000_000_000}`
  const ask = (as: string, text: string) => {
    const { headers, body } = typed(SECRET, { user: as, text, atMs: Date.now() })
    return { headers: { ...headers }, data: body }
  }
  const stranger = await request.post('/api/hooks/slack', ask(user, 'status'))
  expect(((await stranger.json()) as { text: string }).text).toContain('Nobody here is known')

  await signIn(page, 'sam', '/settings/slack')
  const row = page.getByRole('row').filter({ hasText: '@mei' })
  await row.getByLabel('Member id of @mei').fill(user)
  await row.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText(`@mei is ${user} in Slack.`)).toBeVisible()

  const refused = ask(user, 'declare P1 Everything is down')
  const answer = await request.post('/api/hooks/slack', refused)
  expect(await answer.json()).toMatchObject({
    response_type: 'ephemeral',
    text: expect.stringContaining('Not done. This needs the permission incidents.declare'),
  })
  expect((await request.post('/api/hooks/slack', refused)).status()).toBe(401)
})
