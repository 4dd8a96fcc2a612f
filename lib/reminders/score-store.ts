import type { Sql } from '../platform/sql'
import type { Audience } from './promises'
import type { Post, ScoreInput } from './score'

type RawPost = {
  readonly audience: Audience
  readonly at: Date
  readonly next: Date | null
  readonly components: readonly { readonly componentId?: string; readonly to?: string }[]
  readonly findings: readonly { readonly level?: string }[]
}

/** readScoreParts gives an incident's published updates and what became of their deliveries and mails. */
export async function readScoreParts(
  sql: Sql,
  incidentId: string,
): Promise<Pick<ScoreInput, 'posts' | 'deliveries'>> {
  const posts = await sql.$queryRaw<RawPost[]>`
    SELECT audience, released_at AS at, next_update_at AS next, components, findings FROM publication
    WHERE incident_id = ${incidentId}::uuid AND state = 'released' ORDER BY released_at`
  const deliveries = await sql.$queryRaw<{ channel: string; state: string }[]>`
    SELECT c.name AS channel, d.state FROM delivery AS d JOIN channel AS c ON c.id = d.channel_id
    WHERE d.incident_id = ${incidentId}::uuid
    UNION ALL
    SELECT 'Mail', m.state FROM subscriber_mail AS m JOIN publication AS p ON p.id = m.publication_id
    WHERE p.incident_id = ${incidentId}::uuid`
  return { posts: posts.map(postOf), deliveries }
}

function postOf({ audience, at, next, components, findings }: RawPost): Post {
  return {
    audience,
    atMs: at.getTime(),
    nextAtMs: next?.getTime() ?? null,
    components: components.flatMap(({ componentId, to }) =>
      componentId === undefined || to === undefined ? [] : [{ id: componentId, to }],
    ),
    // What blocks can be published only when it was overridden with a reason.
    overrides: findings.filter(({ level }) => level === 'block').length,
  }
}
