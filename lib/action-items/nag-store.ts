import { randomUUID } from 'node:crypto'
import { enqueueLetters } from '../letters/enqueue-store'
import type { NamedPerson } from '../letters/model'
import type { Tx } from '../platform/db'
import type { Sql } from '../platform/sql'
import type { Day } from './model'
import type { Nagged, Step } from './nags'

/** NagRow is an open item as the worker sees it, with everybody whom a nag of it could reach. */
export type NagRow = {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly dueOn: Day
  readonly setAtMs: number
  readonly doneWhen: string
  readonly ownerId: string | null
  readonly owner: string
  readonly incidentNumber: number | null
  readonly isDrill: boolean
  /** isRestricted is true where only named people know of the incident: no channel hears of it. */
  readonly isRestricted: boolean
  readonly taken: readonly string[]
  /** lastAt is when somebody was last reminded of it; the epoch where nobody was. */
  readonly lastAt: Date
  readonly people: readonly (Nagged & NamedPerson)[]
}

const PAGE = 500

/**
 * readNagRows gives open items whose day is at most two days away, those reminded of longest ago first, a page at a time after
 * `after`. Of a restricted incident's only those who may know of it are reached.
 */
export function readNagRows(
  sql: Sql,
  { now, after }: { readonly now: Date; readonly after: Pick<NagRow, 'lastAt' | 'number'> | undefined },
): PromiseLike<NagRow[]> {
  const { lastAt, number } = after ?? { lastAt: new Date(0), number: 0 }
  return sql.$queryRaw<NagRow[]>`
    SELECT a.id, a.number, a.title, to_char(a.due_on, 'YYYY-MM-DD') AS "dueOn", nagged.at AS "lastAt",
      (extract(epoch FROM a.due_set_at) * 1000)::float8 AS "setAtMs", a.done_when AS "doneWhen",
      a.owner_id AS "ownerId", coalesce(o.handle, '') AS owner, i.number AS "incidentNumber",
      coalesce(i.drill, false) AS "isDrill", coalesce(i.visibility = 'restricted', false) AS "isRestricted",
      coalesce((SELECT jsonb_agg(n.step) FROM action_nag AS n WHERE n.item_id = a.id AND n.due_on = a.due_on), '[]') AS taken,
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', p.id, 'handle', p.handle, 'slackUser', s.slack_user,
          'isManager', 'manager' = ANY(p.roles), 'isDisabled', p.disabled_at IS NOT NULL) ORDER BY p.handle)
        FROM person AS p LEFT JOIN slack_person AS s ON s.person_id = p.id
        WHERE (p.id = a.owner_id OR 'manager' = ANY(p.roles)) AND (i.visibility IS DISTINCT FROM 'restricted'
          OR 'admin' = ANY(p.roles) OR EXISTS (SELECT 1 FROM incident_access AS x
            WHERE x.incident_id = i.id AND x.person_id = p.id))), '[]') AS people
    FROM action_item AS a LEFT JOIN person AS o ON o.id = a.owner_id LEFT JOIN incident AS i ON i.id = a.incident_id
      CROSS JOIN LATERAL (SELECT coalesce(max(n.fired_at), to_timestamp(0)) AS at FROM action_nag AS n
        WHERE n.item_id = a.id) AS nagged
    WHERE a.state = 'open' AND a.due_on IS NOT NULL AND a.due_on <= (${now}::timestamptz AT TIME ZONE 'UTC')::date + 2
      AND (nagged.at, a.number) > (${lastAt}::timestamptz, ${number}::int)
    ORDER BY nagged.at, a.number LIMIT ${PAGE}`
}

/** claimNag writes that a step is given and puts its mails in the ledger; gives its id, undefined when it was given before or the item moved on. */
export async function claimNag(
  tx: Sql,
  claim: {
    readonly itemId: string
    readonly dueOn: Day
    readonly step: Step
    readonly people: readonly string[]
    readonly now: Date
  },
): Promise<string | undefined> {
  const { itemId, dueOn, step, people, now } = claim
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO action_nag (id, item_id, due_on, step, fired_at)
    SELECT ${randomUUID()}::uuid, a.id, a.due_on, ${step}, ${now}::timestamptz FROM action_item AS a
    WHERE a.id = ${itemId}::uuid AND a.state = 'open' AND a.due_on = ${dueOn}::date FOR SHARE OF a
    ON CONFLICT DO NOTHING RETURNING id`
  if (row === undefined) return undefined
  await enqueueLetters(tx, { kind: 'nag', ref: row.id, people, now })
  return row.id
}

/** readNagLetter gives what a reminder says to one person; undefined once the item is over, its date moved, or the person is not to hear of it. */
export async function readNagLetter(
  sql: Sql,
  { ref, personId }: { readonly ref: string; readonly personId: string },
): Promise<NagMail | undefined> {
  const [row] = await sql.$queryRaw<NagMail[]>`
    SELECT p.email, a.number, a.title, to_char(n.due_on, 'YYYY-MM-DD') AS "dueOn", a.done_when AS "doneWhen",
      coalesce(o.handle, '') AS owner, i.number AS "incidentNumber", coalesce(i.drill, false) AS "isDrill"
    FROM action_nag AS n JOIN action_item AS a ON a.id = n.item_id JOIN person AS p ON p.id = ${personId}::uuid
      LEFT JOIN person AS o ON o.id = a.owner_id LEFT JOIN incident AS i ON i.id = a.incident_id
    WHERE n.id = ${ref}::uuid AND a.state = 'open' AND a.due_on = n.due_on AND p.disabled_at IS NULL
      AND (p.id = a.owner_id OR 'manager' = ANY(p.roles))
      AND (i.visibility IS DISTINCT FROM 'restricted' OR 'admin' = ANY(p.roles) OR EXISTS (
        SELECT 1 FROM incident_access AS x WHERE x.incident_id = i.id AND x.person_id = p.id))`
  return row
}

/** NagMail is a reminder as its letter needs it. */
export type NagMail = {
  readonly email: string
  readonly number: number
  readonly title: string
  readonly dueOn: Day
  readonly doneWhen: string
  readonly owner: string
  readonly incidentNumber: number | null
  readonly isDrill: boolean
}

/** readLastNags gives the newest nag of each item. */
export async function readLastNags(
  tx: Tx,
  items: readonly string[],
): Promise<ReadonlyMap<string, { readonly step: string; readonly firedAt: Date }>> {
  if (items.length === 0) return new Map()
  const rows = await tx.actionNag.findMany({
    where: { itemId: { in: [...items] } },
    distinct: ['itemId'],
    orderBy: [{ itemId: 'asc' }, { firedAt: 'desc' }],
  })
  return new Map(rows.map(({ itemId, step, firedAt }) => [itemId, { step, firedAt }]))
}

/** NagView is one nag of an item: when, how far, and what became of its mails. */
export type NagView = {
  readonly step: Step
  readonly atMs: number
  readonly mails: readonly { readonly handle: string; readonly state: string; readonly note: string }[]
}

/** readNagMails gives the nags of an item with what became of their mails, oldest first. */
export async function readNagMails(tx: Tx, itemId: string): Promise<readonly NagView[]> {
  const rows = await tx.$queryRaw<{ step: Step; at: Date; mails: NagView['mails'] }[]>`
    SELECT n.step, n.fired_at AS at, coalesce((SELECT jsonb_agg(jsonb_build_object('handle', p.handle, 'state', m.state,
        'note', m.note) ORDER BY p.handle) FROM person_mail AS m JOIN person AS p ON p.id = m.person_id
        WHERE m.ref = n.id), '[]') AS mails
    FROM action_nag AS n WHERE n.item_id = ${itemId}::uuid ORDER BY n.fired_at LIMIT 200`
  return rows.map(({ step, at, mails }) => ({ step, atMs: at.getTime(), mails }))
}
