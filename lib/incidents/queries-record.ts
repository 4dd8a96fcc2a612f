import { z } from 'zod'
import { keptAnswer } from '../live/shared-answer'
import { defineQuery } from '../operation'
import type { Db } from '../platform/db'
import { timelineOutput } from './outputs'
import { readRecordHead } from './record-head-store'
import { type EntryView, entryView, FILTERS, type Filter, whereOf } from './view'

type PageInput = {
  readonly id: string
  readonly filter: Filter
  readonly before?: number | undefined
  readonly after?: number | undefined
  readonly limit: number
}

async function readPage(db: Db, input: PageInput, head: number) {
  const range = {
    ...(input.before === undefined ? {} : { lt: input.before }),
    ...(input.after === undefined ? {} : { gt: input.after }),
  }
  const where = { incidentId: input.id, seq: range, ...whereOf(input.filter) }
  const rows = await db.timelineEvent.findMany({
    where,
    orderBy: { seq: input.after === undefined ? 'desc' : 'asc' },
    take: input.limit + 1,
  })
  const shown = rows.slice(0, input.limit)
  if (input.after !== undefined) shown.reverse()
  // The places have no holes, so the newest one counts the whole record.
  const total =
    input.filter === 'all'
      ? Math.max(head, shown[0]?.seq ?? 0)
      : await db.timelineEvent.count({ where: { incidentId: input.id, ...whereOf(input.filter) } })
  return {
    entries: shown.map((row): EntryView => entryView(row)),
    hasMore: rows.length > shown.length,
    total,
  }
}

/** timeline gives entries of the record, newest first: before a place, or after it to catch up; `at` centres on one. */
export const timeline = defineQuery({
  name: 'incidents.timeline',
  summary: 'Gives entries of the record, newest first: before a place, or after it to catch up.',
  permission: 'incidents.read',
  output: timelineOutput,
  input: z.strictObject({
    id: z.uuid('must be an incident id'),
    filter: z.enum(FILTERS).default('all'),
    before: z.number().int().min(1).optional(),
    after: z.number().int().min(0).optional(),
    limit: z.number().int().min(1).max(500).default(100),
  }),
  run: async ({ console, actor }, input) => {
    const { head, isRestricted } = await readRecordHead(console.hot, actor, input.id)
    if (input.after === undefined) return { ...(await readPage(console.db, input, head)), isRestricted }
    // Every open page asks for the same tail at the same hint, and an entry never changes.
    const page = await keptAnswer(console, `incidents.timeline ${head} ${JSON.stringify(input)}`, () =>
      readPage(console.db, input, head),
    )
    return { ...page, isRestricted }
  },
})
