import { z } from 'zod'
import { documentsWithin, withinSight } from '../access/sight'
import { type Actor, defineQuery } from '../operation'
import type { Db } from '../platform/db'

const NOBODY = 'nobody'
const instant = z.iso.datetime({ offset: true, error: 'must be an ISO instant with its zone' })

/** auditFilter is what the trail can be narrowed by: exact actor, action prefix, subject prefix, half-open time range. */
const auditFilter = z.object({
  actor: z.string().max(100).optional(),
  action: z.string().max(100).optional(),
  subject: z.string().max(200).optional(),
  from: instant.optional(),
  until: instant.optional(),
})

type AuditFilter = z.output<typeof auditFilter>

function whereOf(filter: AuditFilter): object {
  return {
    ...(filter.actor ? { actor: filter.actor } : {}),
    ...(filter.action ? { action: { startsWith: filter.action } } : {}),
    ...(filter.subject ? { subject: { startsWith: filter.subject } } : {}),
    ...(filter.from || filter.until
      ? {
          at: {
            ...(filter.from ? { gte: new Date(filter.from) } : {}),
            ...(filter.until ? { lt: new Date(filter.until) } : {}),
          },
        }
      : {}),
  }
}

const SECRET_KINDS = ['incident', 'postmortem', 'action-item'] as const

type SecretKind = (typeof SECRET_KINDS)[number]

function idOf(kind: SecretKind, { subject }: { readonly subject: string }): string | undefined {
  return new RegExp(`^${kind}:([0-9a-f-]{36})$`).exec(subject)?.[1]
}

function keyIdOf({ sessionId }: { readonly sessionId: string | null }): string | undefined {
  return /^key:([0-9a-f-]{36})$/.exec(sessionId ?? '')?.[1]
}

function present(ids: readonly (string | undefined)[]): string[] {
  return [...new Set(ids.filter((id) => id !== undefined))]
}

function findSeen(db: Db, actor: Actor, kind: SecretKind, ids: string[]): Promise<readonly { id: string }[]> {
  const [id, select] = [{ in: ids }, { id: true }] as const
  switch (kind) {
    case 'incident':
      return db.incident.findMany({ where: { AND: [{ id }, withinSight(actor)] }, select })
    case 'postmortem':
      return db.postmortem.findMany({ where: { AND: [{ id }, documentsWithin(actor)] }, select })
    case 'action-item':
      // One that was written in an incident stands under the incident's own name.
      return db.actionItem.findMany({
        where: { id, OR: [{ postmortemId: null }, { postmortem: { is: documentsWithin(actor) } }] },
        select,
      })
  }
}

/** The subjects among these rows that the reader may not know of, each with what is shown in its place. */
async function hiddenSubjects(
  db: Db,
  actor: Actor,
  rows: readonly { readonly subject: string }[],
): Promise<ReadonlyMap<string, string>> {
  const hidden = new Map<string, string>()
  for (const kind of SECRET_KINDS) {
    const ids = present(rows.map((row) => idOf(kind, row)))
    if (ids.length === 0) continue
    const seen = new Set((await findSeen(db, actor, kind, ids)).map(({ id }) => id))
    for (const id of ids) if (!seen.has(id)) hidden.set(`${kind}:${id}`, `${kind}:restricted`)
  }
  return hidden
}

async function keyNamesOf(
  db: Db,
  rows: readonly { readonly sessionId: string | null }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = present(rows.map(keyIdOf))
  if (ids.length === 0) return new Map()
  const keys = await db.apiKey.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  return new Map(keys.map(({ id, name }) => [id, name]))
}

/** The chain shows every row; of what is restricted it shows others only that something was done and by whom. */
function masked<Row extends { readonly subject: string; readonly detail: unknown }>(
  row: Row,
  hidden: ReadonlyMap<string, string>,
): Row {
  const subject = hidden.get(row.subject)
  return subject === undefined ? row : { ...row, subject, detail: null }
}

function personIdsOf(rows: readonly { readonly actor: string; readonly subject: string }[]): string[] {
  const ids = rows.flatMap((row) => [row.actor, row.subject.replace(/^person:/, '')])
  return [...new Set(ids)].filter((id) => /^[0-9a-f-]{36}$/.test(id))
}

/** auditList pages through the trail, newest first; `before` is the last row's sequence of the page above. */
export const auditList = defineQuery({
  name: 'audit.list',
  summary: 'Pages through the trail, newest first.',
  permission: 'audit.read',
  input: auditFilter.extend({
    before: z
      .string()
      .regex(/^\d{1,18}$/, 'must be a sequence number')
      .optional(),
    limit: z.int().min(1).max(200).default(50),
  }),
  run: async ({ console, actor }, input) => {
    const rows = await console.db.auditEntry.findMany({
      where: { ...whereOf(input), ...(input.before ? { seq: { lt: BigInt(input.before) } } : {}) },
      orderBy: { seq: 'desc' },
      take: input.limit + 1,
    })
    const page = rows.slice(0, input.limit)
    const people = await console.db.person.findMany({
      where: { id: { in: personIdsOf(page) } },
      select: { id: true, name: true },
    })
    const names = new Map(people.map((person) => [person.id, person.name]))
    const hidden = await hiddenSubjects(console.db, actor, page)
    const keyNames = await keyNamesOf(console.db, page)
    const head = await console.db.ledgerHead.findUnique({ where: { id: 1 } })
    return {
      rows: page
        .map((row) => masked(row, hidden))
        .map((row) => ({
          seq: row.seq.toString(),
          at: Math.floor(row.at.getTime() / 1_000),
          actor: row.actor,
          actorName: names.get(row.actor) ?? (row.actor === NOBODY ? 'nobody signed in' : row.actor),
          action: row.action,
          subject: row.subject,
          subjectName: names.get(row.subject.replace(/^person:/, '')) ?? row.subject,
          detail: row.detail,
          /** key names the API key through which it was done. */
          key: keyNames.get(keyIdOf(row) ?? '') ?? null,
          requestId: row.requestId,
          hash: row.hash,
        })),
      next: rows.length > input.limit ? (page.at(-1)?.seq.toString() ?? null) : null,
      head: { seq: (head?.auditSeq ?? 0n).toString(), hash: head?.auditHash ?? '' },
    }
  },
})
