import type pg from 'pg'

/** takeOnce remembers a signed request; false when the very same one was taken before. */
export async function takeOnce(hot: Pick<pg.Pool, 'query'>, key: string, now: Date): Promise<boolean> {
  const { rowCount } = await hot.query(
    'INSERT INTO slack_request (key, at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [key, now],
  )
  return rowCount === 1
}

/** personOfSlack gives the person that a user of Slack was said to be, if the account is in use. */
export async function personOfSlack(
  hot: Pick<pg.Pool, 'query'>,
  slackUser: string,
): Promise<
  | { readonly id: string; readonly handle: string; readonly name: string; readonly roles: readonly string[] }
  | undefined
> {
  const { rows } = await hot.query<{ id: string; handle: string; name: string; roles: string[] }>(
    `SELECT p.id, p.handle, p.name, p.roles FROM slack_person AS s JOIN person AS p ON p.id = s.person_id
     WHERE s.slack_user = $1 AND p.disabled_at IS NULL`,
    [slackUser],
  )
  return rows[0]
}
