import { z } from 'zod'
import { defineQuery } from '../operation'

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

function personIdsOf(rows: readonly { readonly actor: string; readonly subject: string }[]): string[] {
  const ids = rows.flatMap((row) => [row.actor, row.subject.replace(/^person:/, '')])
  return [...new Set(ids)].filter((id) => /^[0-9a-f-]{36}$/.test(id))
}

/** auditList pages through the trail, newest first; `before` is the last row's sequence of the page above. */
export const auditList = defineQuery({
  name: 'audit.list',
  permission: 'audit.read',
  input: auditFilter.extend({
    before: z
      .string()
      .regex(/^\d{1,18}$/, 'must be a sequence number')
      .optional(),
    limit: z.int().min(1).max(200).default(50),
  }),
  run: async ({ console }, input) => {
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
    const head = await console.db.ledgerHead.findUnique({ where: { id: 1 } })
    return {
      rows: page.map((row) => ({
        seq: row.seq.toString(),
        at: Math.floor(row.at.getTime() / 1_000),
        actor: row.actor,
        actorName: names.get(row.actor) ?? (row.actor === NOBODY ? 'nobody signed in' : row.actor),
        action: row.action,
        subject: row.subject,
        subjectName: names.get(row.subject.replace(/^person:/, '')) ?? row.subject,
        detail: row.detail,
        requestId: row.requestId,
        hash: row.hash,
      })),
      next: rows.length > input.limit ? (page.at(-1)?.seq.toString() ?? null) : null,
      head: { seq: (head?.auditSeq ?? 0n).toString(), hash: head?.auditHash ?? '' },
    }
  },
})
