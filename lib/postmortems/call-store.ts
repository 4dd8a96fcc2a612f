import { can, rolesOf } from '../access/permissions'
import { enqueueNag } from '../delivery/enqueue-store'
import { enqueueLetters } from '../letters/enqueue-store'
import type { NamedPerson } from '../letters/model'
import type { Tx } from '../platform/db'
import type { Sql } from '../platform/sql'
import { type AskAbout, askLine, type CallAbout, callLine } from './call-words'
import type { PostmortemRow } from './document-store'

// An incident's own sight counts where there is one.
async function isRestricted(tx: Tx, { incidentId, visibility }: PostmortemRow): Promise<boolean> {
  if (incidentId === null) return visibility === 'restricted'
  const incident = await tx.incident.findUnique({ where: { id: incidentId }, select: { visibility: true } })
  return incident?.visibility === 'restricted'
}

/** readBlind gives those of these people (ids) who may not know of a document. */
export async function readBlind(
  tx: Tx,
  row: PostmortemRow,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (!(await isRestricted(tx, row))) return new Set()
  const people = await tx.person.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, handle: true, roles: true },
  })
  const named =
    row.incidentId === null
      ? []
      : await tx.incidentAccess.findMany({
          where: { incidentId: row.incidentId },
          select: { personId: true },
        })
  const known = new Set(named.map(({ personId }) => personId))
  const sees = ({ id, handle, roles }: (typeof people)[number]): boolean =>
    can(rolesOf(roles), 'incidents.read-restricted') ||
    known.has(id) ||
    (row.incidentId === null && handle === row.createdBy)
  return new Set(people.filter((person) => !sees(person)).map(({ id }) => id))
}

/** callPeople tells people (ids) that a remark calls them: a mail to each, and a line in the internal channels unless the document is restricted. */
export async function callPeople(
  tx: Tx,
  call: {
    readonly commentId: string
    readonly row: PostmortemRow
    readonly about: Omit<CallAbout, 'number' | 'title' | 'isRestricted'>
    readonly people: readonly string[]
    readonly baseUrl: string
    readonly now: Date
  },
): Promise<void> {
  const { row, baseUrl } = call
  const about = { ...call.about, number: row.number, title: row.title, isRestricted: false }
  await tellPeople(tx, {
    ...call,
    kind: 'call',
    ref: call.commentId,
    line: (named) => callLine(about, named, baseUrl),
  })
}

/** askPeople tells people (ids) that they are asked for a review, as a remark that calls them would. */
export async function askPeople(
  tx: Tx,
  ask: {
    /** reviewId is the row of the review's ledger. */
    readonly reviewId: string
    readonly row: PostmortemRow
    readonly by: string
    readonly text: string
    readonly people: readonly string[]
    readonly baseUrl: string
    readonly now: Date
  },
): Promise<void> {
  const { row, by, text, baseUrl } = ask
  const about = { number: row.number, title: row.title, by, text, isRestricted: false }
  await tellPeople(tx, {
    ...ask,
    kind: 'ask',
    ref: ask.reviewId,
    line: (named) => askLine(about, named, baseUrl),
  })
}

async function tellPeople(
  tx: Tx,
  told: {
    readonly kind: 'call' | 'ask'
    readonly ref: string
    readonly row: PostmortemRow
    readonly people: readonly string[]
    readonly line: (named: readonly NamedPerson[]) => string
    readonly now: Date
  },
): Promise<void> {
  const { kind, ref, row, people, now } = told
  if (people.length === 0) return
  await enqueueLetters(tx, { kind, ref, people, now })
  if (await isRestricted(tx, row)) return
  const named = await tx.$queryRaw<NamedPerson[]>`
    SELECT p.handle, s.slack_user AS "slackUser" FROM person AS p LEFT JOIN slack_person AS s ON s.person_id = p.id
    WHERE p.id = ANY(${[...people]}::uuid[]) ORDER BY p.handle`
  await enqueueNag({ tx, nag: { id: ref, isDrill: row.isDrill }, text: told.line(named), now })
}

/** CallRow is a remark with the address of whom it calls. */
export type CallRow = CallAbout & { readonly email: string }

/** readCall gives a remark as the letter to one person needs it; undefined once the thread is settled, they answered, or may no longer know of it. */
export async function readCall(
  sql: Sql,
  { ref, personId }: { readonly ref: string; readonly personId: string },
): Promise<CallRow | undefined> {
  const [row] = await sql.$queryRaw<CallRow[]>`
    SELECT p.email, d.number, d.title, c.section, c.by, c.text,
      coalesce(i.visibility, d.visibility) = 'restricted' AS "isRestricted"
    FROM postmortem_comment AS c JOIN postmortem_comment AS f ON f.id = c.thread_id
      JOIN postmortem AS d ON d.id = c.postmortem_id JOIN person AS p ON p.id = ${personId}::uuid
      LEFT JOIN incident AS i ON i.id = d.incident_id
    WHERE c.id = ${ref}::uuid AND f.settled_at IS NULL AND d.state <> 'closed' AND p.disabled_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM postmortem_comment AS a
        WHERE a.thread_id = c.thread_id AND a.seq > c.seq AND a.by = p.handle)
      AND (coalesce(i.visibility, d.visibility) <> 'restricted' OR 'admin' = ANY(p.roles)
        OR (i.id IS NULL AND d.created_by = p.handle)
        OR EXISTS (SELECT 1 FROM incident_access AS x WHERE x.incident_id = i.id AND x.person_id = p.id))`
  return row
}

/** AskRow is the ask for a review with the address of whom it asks. */
export type AskRow = AskAbout & { readonly email: string }

/** readAsk gives the ask for a review as the letter to one person needs it; undefined once they answered, were asked anew, the review ended, or they may no longer know of it. */
export async function readAsk(
  sql: Sql,
  { ref, personId }: { readonly ref: string; readonly personId: string },
): Promise<AskRow | undefined> {
  const [row] = await sql.$queryRaw<AskRow[]>`
    SELECT p.email, d.number, d.title, r.by, r.text, coalesce(i.visibility, d.visibility) = 'restricted' AS "isRestricted"
    FROM postmortem_review AS r JOIN postmortem AS d ON d.id = r.postmortem_id JOIN person AS p ON p.id = ${personId}::uuid
      LEFT JOIN incident AS i ON i.id = d.incident_id
    WHERE r.id = ${ref}::uuid AND r.deed = 'ask' AND d.state NOT IN ('published', 'closed') AND p.disabled_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM postmortem_review AS l WHERE l.postmortem_id = r.postmortem_id AND l.seq > r.seq
        AND (l.deed IN ('take-back', 'reopen') OR (l.deed IN ('approve', 'ask-changes') AND l.by_id = p.id::text)
          OR (l.deed = 'ask' AND l.reviewers @> jsonb_build_array(jsonb_build_object('id', p.id)))))
      AND (coalesce(i.visibility, d.visibility) <> 'restricted' OR 'admin' = ANY(p.roles)
        OR (i.id IS NULL AND d.created_by = p.handle)
        OR EXISTS (SELECT 1 FROM incident_access AS x WHERE x.incident_id = i.id AND x.person_id = p.id))`
  return row
}
