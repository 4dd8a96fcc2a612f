import { createHmac } from 'node:crypto'

/** What a person types or presses in the simulated Slack, signed as Slack signs it. */
export type SlackSent = {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

function signed(secret: string, atMs: number, body: string): SlackSent {
  const timestamp = String(Math.floor(atMs / 1_000))
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return {
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
  }
}

/** typed is a slash command as Slack sends it. */
export function typed(
  secret: string,
  command: { readonly user: string; readonly text: string; readonly atMs: number; readonly team?: string },
): SlackSent {
  const { user, text, atMs, team = 'T1DC2JH3J' } = command
  const form = new URLSearchParams({
    team_id: team,
    team_domain: 'northlight',
    channel_id: 'C0123456789',
    channel_name: 'incidents',
    user_id: user,
    user_name: user.toLowerCase(),
    command: '/inc',
    text,
    response_url: 'https://hooks.slack.com/commands/T1DC2JH3J/1/x',
    trigger_id: `${atMs}.1.${team}`,
  })
  return signed(secret, atMs, form.toString())
}

/** pressed is a press of a button as Slack sends it. */
export function pressed(
  secret: string,
  press: { readonly user: string; readonly action: string; readonly value: string; readonly atMs: number },
): SlackSent {
  const { user, action, value, atMs } = press
  const payload = {
    type: 'block_actions',
    user: { id: user, username: user.toLowerCase() },
    trigger_id: `${atMs}.2.x`,
    response_url: 'https://hooks.slack.com/actions/T1DC2JH3J/2/x',
    actions: [{ type: 'button', action_id: action, block_id: 'b', value, action_ts: `${atMs / 1_000}` }],
  }
  return signed(secret, atMs, new URLSearchParams({ payload: JSON.stringify(payload) }).toString())
}

/** submitted is a form that was filled in and sent, with the values of its fields by their block, as Slack sends it. */
export function submitted(
  secret: string,
  form: {
    readonly user: string
    readonly view: Readonly<Record<string, unknown>>
    readonly values: Readonly<Record<string, string>>
    readonly atMs: number
  },
): SlackSent {
  const { user, view, values, atMs } = form
  const blocks = view.blocks as readonly { readonly block_id?: string; readonly element?: { type: string } }[]
  const state = blocks.flatMap(({ block_id: block, element }) => {
    if (block === undefined || element === undefined) return []
    const text = values[block]
    const value =
      element.type === 'static_select'
        ? { type: element.type, selected_option: { text: { type: 'plain_text', text }, value: text } }
        : { type: element.type, value: text ?? null }
    return [[block, { value }] as const]
  })
  const payload = {
    type: 'view_submission',
    user: { id: user, username: user.toLowerCase() },
    trigger_id: `${atMs}.3.x`,
    view: { ...view, state: { values: Object.fromEntries(state) } },
    response_urls: [],
  }
  return signed(secret, atMs, new URLSearchParams({ payload: JSON.stringify(payload) }).toString())
}
