import type { Console } from './console'
import { createHttp } from './platform/http'
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
