import { showSlackForm } from './connect-channels'
import type { Console } from './console'
import { channelPlace } from './delivery/settings'
import { createHttp } from './platform/http'
import type { SlackView } from './slack/forms'
import type { SlackReply } from './slack/replies'

const DEADLINE_MS = 5_000
const SLACK = 'hooks.slack.com'

/** sayLater posts an answer to the address that Slack gave with a request; any other host is left alone. */
export async function sayLater(console: Console, url: string, reply: SlackReply): Promise<void> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:' || new URL(url).hostname !== SLACK) return
  const http = createHttp({ allow: [], clock: console.clock })
  try {
    await http.request({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(reply),
      deadlineMs: DEADLINE_MS,
    })
  } finally {
    await http.close()
  }
}

/** showForm lets the oldest bot that is in use open a form; '' when Slack did, why not, or undefined where there is no bot. */
export async function showForm(
  console: Console,
  trigger: string,
  view: SlackView,
): Promise<string | undefined> {
  const { rows } = await console.hot.query<{ id: string; config: unknown; sealed: string }>(
    `SELECT id, config, sealed FROM channel WHERE kind = 'slack-bot' AND sealed IS NOT NULL AND removed_at IS NULL
       AND paused_at IS NULL ORDER BY created_at, id LIMIT 1`,
  )
  const [bot] = rows
  if (bot === undefined) return undefined
  const secret = console.seal.open(bot.sealed, channelPlace(bot.id))
  const setup = { kind: 'slack-bot', config: bot.config, secret, componentMap: {} } as const
  return showSlackForm(setup, { trigger, view }, console)
}
