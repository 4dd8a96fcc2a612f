import type { Console } from '../console'

/** SLACK_KEY is the row of what Slack signs its requests with. */
export const SLACK_KEY = 'slack:inbound'

/** slackPlace binds the sealed signing secret to its row. */
export const slackPlace = `setting|${SLACK_KEY}|sealed`

/** readSigningSecret gives the secret that Slack signs with; a setting made in the browser wins, `off` included. */
export async function readSigningSecret({ hot, seal, env }: Pick<Console, 'hot' | 'seal' | 'env'>): Promise<{
  readonly secret: string | undefined
  readonly origin: 'environment' | 'settings' | undefined
  readonly version: number
}> {
  const { rows } = await hot.query<{ sealed: string | null; version: number }>(
    'SELECT sealed, version FROM setting WHERE key = $1',
    [SLACK_KEY],
  )
  const [row] = rows
  if (row === undefined) {
    const secret = env.SLACK_SIGNING_SECRET
    return { secret, origin: secret === undefined ? undefined : 'environment', version: 0 }
  }
  const secret = row.sealed === null ? undefined : seal.open(row.sealed, slackPlace)
  return { secret, origin: 'settings', version: row.version }
}
