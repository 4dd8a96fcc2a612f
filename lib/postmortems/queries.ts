import { z } from 'zod'
import type { Prisma } from '../../prisma/generated/client'
import { incidentName, SEVERITIES } from '../incidents/model'
import { defineQuery } from '../operation'
import type { Db } from '../platform/db'
import { findPostmortem, type PostmortemRow } from './document-store'
import {
  type Correction,
  type PostmortemRecord,
  type PostmortemState,
  postmortemName,
  SECTION_KEYS,
  STATES,
} from './model'
import { documentOutput, documentsOutput } from './outputs'
import { postmortemSight } from './sight-queries'
import type { PostmortemRowView, PostmortemView, SectionView } from './view'

const FIRST_ROWS = 200

async function sectionsOf(db: Db, postmortemId: string): Promise<readonly SectionView[]> {
  const rows = await db.postmortemSection.findMany({ where: { postmortemId } })
  return SECTION_KEYS.map((key) => {
    const row = rows.find((one) => one.key === key)
    return {
      key,
      body: row?.body ?? '',
      version: row?.version ?? 0,
      editedBy: row?.editedBy ?? '',
      editedAtMs: row?.editedAt.getTime() ?? null,
    }
  })
}

async function incidentOf(db: Db, id: string | null): Promise<PostmortemView['incident']> {
  if (id === null) return null
  const row = await db.incident.findUnique({
    where: { id },
    select: { id: true, number: true, drill: true, status: true },
  })
  if (row === null) return null
  return { id: row.id, name: incidentName(row.number, row.drill), isResolved: row.status === 'resolved' }
}

/** viewOf reads a stored postmortem with its texts as its page and its export need it. */
export async function viewOf(db: Db, row: PostmortemRow): Promise<PostmortemView> {
  const [sections, incident] = await Promise.all([sectionsOf(db, row.id), incidentOf(db, row.incidentId)])
  return {
    id: row.id,
    number: row.number,
    name: postmortemName(row.number),
    incident,
    title: row.title,
    state: row.state as PostmortemState,
    severity: row.severity as PostmortemView['severity'],
    visibility: row.visibility as PostmortemView['visibility'],
    isDrill: row.isDrill,
    leafIds: row.leafIds as string[],
    componentIds: row.componentIds as string[],
    tags: row.tags as string[],
    record: row.record as PostmortemRecord,
    corrections: row.corrections as Correction[],
    sections,
    version: row.version,
    timelineTotal: (row.record as PostmortemRecord).timeline.length,
    approvedVersion: row.approvedVersion,
    approvedHash: row.approvedHash,
    origin: row.origin,
    createdBy: row.createdBy,
    createdAtMs: row.createdAt.getTime(),
    updatedAtMs: row.updatedAt.getTime(),
    publishedAtMs: row.publishedAt?.getTime() ?? null,
    closedAtMs: row.closedAt?.getTime() ?? null,
  }
}

/** one gives a whole postmortem by its number: the frozen record, the texts with their versions, the corrections. */
export const one = defineQuery({
  name: 'postmortems.one',
  summary: 'Gives a whole postmortem: the frozen record, the texts with their versions, the corrections.',
  permission: 'postmortems.read',
  output: documentOutput,
  input: z.strictObject({
    number: z.int().min(1),
    /** rows: `key` gives at most the first 200 rows of the timeline that decided its course; `timelineTotal` says how many there are. */
    rows: z.enum(['key', 'all']).default('all'),
  }),
  run: async ({ console: { db }, actor }, { number, rows }): Promise<PostmortemView> => {
    const view = await viewOf(db, await findPostmortem(db, actor, number))
    if (rows === 'all') return view
    const timeline = view.record.timeline.filter((row) => row.isKey).slice(0, FIRST_ROWS)
    return { ...view, record: { ...view.record, timeline } }
  },
})

type ListedRow = {
  readonly id: string
  readonly incident: string | null
  readonly started: string | null
  readonly duration: string | null
}

/** The frozen record may be megabytes: of it only what a line shows leaves the database. */
async function listed(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, ListedRow>> {
  const rows = await db.$queryRaw<ListedRow[]>`
    SELECT id::text, record #>> '{meta,incident}' AS incident, record #>> '{meta,startedAtMs}' AS started,
      record #>> '{meta,durationMs}' AS duration
    FROM postmortem WHERE id = ANY(${[...ids]}::uuid[])`
  return new Map(rows.map((row) => [row.id, row]))
}

/** list gives postmortems by filter, newest first, 50 at a time; `before` is the last one's number. */
export const list = defineQuery({
  name: 'postmortems.list',
  summary: 'Gives postmortems by filter, newest first, 50 at a time.',
  permission: 'postmortems.read',
  output: documentsOutput,
  input: z.strictObject({
    state: z.enum(['all', 'open', ...STATES]).default('all'),
    severity: z.enum(SEVERITIES).optional(),
    tag: z.string().max(60).default(''),
    drills: z.enum(['with', 'without', 'only']).default('without'),
    before: z.int().min(1).optional(),
    limit: z.int().min(1).max(100).default(50),
  }),
  run: async ({ console: { db }, actor }, input) => {
    const where: Prisma.PostmortemWhereInput = {
      AND: [postmortemSight(actor)],
      ...stateCondition(input.state),
      ...(input.severity === undefined ? {} : { severity: input.severity }),
      ...(input.tag === '' ? {} : { tags: { array_contains: [input.tag] } }),
      ...(input.drills === 'with' ? {} : { isDrill: input.drills === 'only' }),
      ...(input.before === undefined ? {} : { number: { lt: input.before } }),
    }
    const rows = await db.postmortem.findMany({
      where,
      omit: { record: true, corrections: true },
      orderBy: { number: 'desc' },
      take: input.limit + 1,
    })
    const shown = rows.slice(0, input.limit)
    const more = await listed(
      db,
      shown.map((row) => row.id),
    )
    const postmortems = shown.map((row): PostmortemRowView => {
      const { incident = null, started = null, duration = null } = more.get(row.id) ?? {}
      return {
        id: row.id,
        number: row.number,
        name: postmortemName(row.number),
        incident,
        title: row.title,
        state: row.state as PostmortemState,
        severity: row.severity as PostmortemRowView['severity'],
        isDrill: row.isDrill,
        leafIds: row.leafIds as string[],
        tags: row.tags as string[],
        startedAtMs: Number(started ?? row.createdAt.getTime()),
        durationMs: duration === null ? null : Number(duration),
        createdBy: row.createdBy,
        createdAtMs: row.createdAt.getTime(),
        updatedAtMs: row.updatedAt.getTime(),
        publishedAtMs: row.publishedAt?.getTime() ?? null,
      }
    })
    return { postmortems, next: rows.length > shown.length ? (shown.at(-1)?.number ?? null) : null }
  },
})

function stateCondition(state: 'all' | 'open' | PostmortemState): Prisma.PostmortemWhereInput {
  if (state === 'all') return {}
  return { state: state === 'open' ? { notIn: ['published', 'closed'] } : state }
}
