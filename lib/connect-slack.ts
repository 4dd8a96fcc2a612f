import { showSlackForm, slackTeamOf } from './connect-channels'
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

type Row = { readonly id: string; readonly config: unknown; readonly sealed: string }

/** BOTS_MAX is how many bots are asked whose they are. */
const BOTS_MAX = 10
/** A token never changes its workspace; a new one is sealed anew. */
const teams = new Map<string, string>()

/**
 * showForm lets the bot of the workspace that a request came from open a form, and the oldest one in use where no bot is
 * known to be of it; '' when Slack did, why not, or undefined where there is no bot.
 */
export async function showForm(
  console: Console,
  { trigger, team }: { readonly trigger: string; readonly team: string },
  view: SlackView,
): Promise<string | undefined> {
  const { rows } = await console.hot.query<Row>(
    `SELECT id, config, sealed FROM channel WHERE kind = 'slack-bot' AND sealed IS NOT NULL AND removed_at IS NULL
       AND paused_at IS NULL ORDER BY created_at, id LIMIT ${BOTS_MAX}`,
  )
  const bot = await botOf(console, rows, team)
  return bot === undefined ? undefined : showSlackForm(setupOf(console, bot), { trigger, view }, console)
}

function setupOf(console: Console, { id, config, sealed }: Row): Parameters<typeof showSlackForm>[0] {
  return { kind: 'slack-bot', config, secret: console.seal.open(sealed, channelPlace(id)), componentMap: {} }
}

/** Whose a bot is matters only where there are several. */
async function botOf(console: Console, bots: readonly Row[], team: string): Promise<Row | undefined> {
  if (bots.length < 2 || team === '') return bots[0]
  const known = await Promise.all(bots.map((bot) => teamOf(console, bot)))
  const mine = bots.find((_bot, place) => known[place] === team)
  const unsaid = bots.find((_bot, place) => known[place] === '')
  return mine ?? unsaid ?? bots[0]
}

/** The workspace of a bot; '' where it does not say so, whatever the cause: another bot's form must not fail of it. */
async function teamOf(console: Console, bot: Row): Promise<string> {
  const known = teams.get(bot.sealed)
  if (known !== undefined) return known
  try {
    const team = await slackTeamOf(setupOf(console, bot), console)
    if (teams.size >= 10 * BOTS_MAX) teams.clear()
    if (team !== '') teams.set(bot.sealed, team)
    return team
  } catch {
    return ''
  }
}
