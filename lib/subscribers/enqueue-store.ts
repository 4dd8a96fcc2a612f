import type { Sql } from '../platform/sql'

/** MailedPublication is a released publication as far as mail is concerned; its texts are frozen. */
export type MailedPublication = {
  readonly id: string
  readonly incidentId: string | null
  readonly kind: string
  readonly audience: string
  readonly status: string
  readonly title: string
  readonly body: string
  readonly nextUpdateAt: Date | string | null
  readonly components: readonly { readonly componentId: string; readonly name: string; readonly to: string }[]
  readonly corrects?: string | null
  readonly drill: boolean
}

/**
 * enqueueMails writes one row of the ledger for each subscriber whom a public update concerns, in the caller's transaction:
 * whoever asked for one of its components or for all, and whoever was told of the same incident before. A correction goes to
 * those who got what it corrects. Practice, and what is not for the public, goes to nobody.
 */
export async function enqueueMails(input: {
  readonly tx: Sql
  readonly publication: MailedPublication
  readonly now: Date
}): Promise<void> {
  const { tx, publication, now } = input
  if (publication.drill || publication.audience !== 'public') return
  const thread = publication.incidentId ?? publication.id
  const components = publication.components.map(({ componentId }) => componentId)
  const corrects = publication.corrects ?? null
  await tx.$queryRaw`
    INSERT INTO subscriber_mailing (publication_id, thread, subject, text, components, created_at)
    VALUES (${publication.id}::uuid, ${thread}, ${subjectOf(publication)}, ${textOf(publication)},
      ${components}::text[], ${now}::timestamptz)
    ON CONFLICT DO NOTHING`
  await tx.$queryRaw`
    INSERT INTO subscriber_mail (kind, publication_id, subscriber_id, thread, not_before, created_at)
    SELECT 'update', ${publication.id}::uuid, s.id, ${thread}, ${now}::timestamptz, ${now}::timestamptz FROM subscriber AS s
    WHERE s.state = 'confirmed' AND CASE WHEN ${corrects}::uuid IS NULL
      THEN cardinality(s.components) = 0 OR cardinality(${components}::text[]) = 0 OR s.components && ${components}::text[]
        OR EXISTS (SELECT 1 FROM subscriber_mail AS m WHERE m.subscriber_id = s.id AND m.thread = ${thread})
      ELSE EXISTS (SELECT 1 FROM subscriber_mail AS m WHERE m.subscriber_id = s.id
        AND m.publication_id = ${corrects}::uuid AND m.state IN ('sent', 'unknown', 'sending', 'queued', 'retry')) END
    ORDER BY s.id
    ON CONFLICT DO NOTHING`
  await tx.$queryRaw`SELECT pg_notify('watchfloor_mail', 'mail')::text AS told`
}

/** The subject stays the same through an incident, but for its first word, so that mail programs keep it together. */
function subjectOf({ status, title, kind }: MailedPublication): string {
  const mark = kind === 'correction' ? 'Correction' : status.slice(0, 1).toUpperCase() + status.slice(1)
  return `[${mark}] ${title}`
}

function textOf({ body, components, nextUpdateAt }: MailedPublication): string {
  const affected = components.map(({ name, to }) => `- ${name}: ${to.replaceAll('_', ' ')}`)
  const next = nextUpdateAt === null ? undefined : new Date(nextUpdateAt)
  return [
    body.trim(),
    affected.length === 0 ? '' : `Affected:\n${affected.join('\n')}`,
    next === undefined
      ? ''
      : `Next update by ${next.toISOString().slice(11, 16)} UTC (${next.toISOString().slice(0, 10)}).`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
