import { randomUUID } from 'node:crypto'
import type { PostmortemNode } from '../../prisma/generated/client'
import { sha256Hex } from '../platform/crypto'
import type { Db, Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { readBlind } from './call-store'
import { type Comment, mentionsIn, THREAD_LIMIT } from './comments'
import type { PostmortemRow } from './document-store'
import type { PostmortemRecord, SectionKey } from './model'
import type { ReviewDeed, ReviewEvent } from './review'
import { sealText } from './seal'

const CALLS = 500

/** readEvents gives the ledger of a review in order. */
export async function readEvents(db: Db | Tx, postmortemId: string): Promise<readonly ReviewEvent[]> {
  return (await readEventsOf(db, [postmortemId])).get(postmortemId) ?? []
}

/** readEventsOf gives the ledgers of reviews in order, by document; one without a review is missing. */
export async function readEventsOf(
  db: Db | Tx,
  postmortemIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ReviewEvent[]>> {
  const rows = await db.postmortemReview.findMany({
    where: { postmortemId: { in: [...postmortemIds] } },
    orderBy: { seq: 'asc' },
  })
  return byDocument(rows, (row) => ({
    deed: row.deed as ReviewDeed,
    byId: row.byId,
    by: row.by,
    atMs: row.at.getTime(),
    version: row.version,
    text: row.text,
    isOutsider: row.isOutsider,
    reviewers: row.reviewers as { id: string; handle: string }[],
    checklist: row.checklist as string[],
  }))
}

function byDocument<Row extends { readonly postmortemId: string }, Shown>(
  rows: readonly Row[],
  shownOf: (row: Row) => Shown,
): ReadonlyMap<string, readonly Shown[]> {
  const found = new Map<string, Shown[]>()
  for (const row of rows) {
    const own = found.get(row.postmortemId)
    if (own) own.push(shownOf(row))
    else found.set(row.postmortemId, [shownOf(row)])
  }
  return found
}

/** appendEvent writes the next row of the ledger; the document must be locked. */
export async function appendEvent(
  tx: Tx,
  row: PostmortemRow,
  event: {
    readonly deed: ReviewDeed
    readonly byId: string
    readonly by: string
    readonly now: Date
    readonly version: number
    readonly hash: string
    readonly text?: string
    readonly isOutsider?: boolean
    readonly reviewers?: readonly { readonly id: string; readonly handle: string }[]
    readonly checklist?: readonly string[]
  },
): Promise<string> {
  const { now, reviewers = [], checklist = [], ...rest } = event
  const last = await tx.postmortemReview.aggregate({ where: { postmortemId: row.id }, _max: { seq: true } })
  const made = await tx.postmortemReview.create({
    select: { id: true },
    data: {
      ...rest,
      postmortemId: row.id,
      seq: (last._max.seq ?? 0) + 1,
      at: now,
      reviewers: reviewers.map(({ id, handle }) => ({ id, handle })),
      checklist: [...checklist],
    },
  })
  return made.id
}

/** readSections gives the texts of a document with their versions. */
export async function readSections(
  db: Db | Tx,
  postmortemId: string,
): Promise<readonly { readonly key: SectionKey; readonly body: string; readonly version: number }[]> {
  const rows = await db.postmortemSection.findMany({ where: { postmortemId } })
  return rows.map(({ key, body, version }) => ({ key: key as SectionKey, body, version }))
}

/** sealOf is the hash of a document as it stands. */
export async function sealOf(tx: Tx, row: PostmortemRow): Promise<string> {
  return sha256Hex(sealText({ ...row, sections: await readSections(tx, row.id) }))
}

/** insidersOf gives the handles of all who responded in the incident or wrote in the document. */
export async function insidersOf(db: Db | Tx, row: PostmortemRow): Promise<ReadonlySet<string>> {
  const writers = await db.postmortemRevision.findMany({
    where: { postmortemId: row.id },
    distinct: ['author'],
    select: { author: true },
  })
  const { responders } = (row.record as PostmortemRecord).meta
  return new Set([...responders, ...writers.map(({ author }) => author)])
}

/** readComments gives every comment of a document. */
export async function readComments(db: Db | Tx, postmortemId: string): Promise<readonly Comment[]> {
  return (await readCommentsOf(db, [postmortemId])).get(postmortemId) ?? []
}

/** readCommentsOf gives every comment of documents in order, by document; one without comments is missing. */
export async function readCommentsOf(
  db: Db | Tx,
  postmortemIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Comment[]>> {
  const rows = await db.postmortemComment.findMany({
    where: { postmortemId: { in: [...postmortemIds] } },
    orderBy: { seq: 'asc' },
  })
  return byDocument(rows, ({ at, settledAt, byId: _byId, postmortemId: _of, ...row }) => ({
    ...row,
    section: row.section as SectionKey,
    mentions: row.mentions as string[],
    atMs: at.getTime(),
    settledAtMs: settledAt?.getTime() ?? null,
  }))
}

/** readCallingIds gives the documents in whose comments somebody is named, those named last first, at most 500. */
export async function readCallingIds(db: Db | Tx, handle: string): Promise<ReadonlySet<string>> {
  const rows = await db.postmortemComment.findMany({
    where: { mentions: { array_contains: [handle] } },
    select: { postmortemId: true },
    orderBy: { at: 'desc' },
    take: CALLS,
  })
  return new Set(rows.map(({ postmortemId }) => postmortemId))
}

/** insertComment keeps a comment; an answer goes to its thread's section. Gives its id, whom it calls, the handles that nobody has, and those of people who may not know of it. */
export async function insertComment(
  tx: Tx,
  row: PostmortemRow,
  comment: {
    readonly threadId: string | undefined
    readonly section: SectionKey
    readonly quote: string
    readonly text: string
    readonly byId: string
    readonly by: string
    readonly now: Date
  },
): Promise<{
  readonly id: string
  readonly section: SectionKey
  readonly mentioned: readonly { readonly id: string; readonly handle: string }[]
  readonly unknown: readonly string[]
  readonly blind: readonly string[]
}> {
  const { threadId, now, ...rest } = comment
  const postmortemId = row.id
  const first = threadId === undefined ? undefined : await findThread(tx, postmortemId, threadId)
  const count = await tx.postmortemComment.count({ where: { postmortemId } })
  if (count >= THREAD_LIMIT) throw new AppError('too_many', `A postmortem holds ${THREAD_LIMIT} comments.`)
  const called = mentionsIn(comment.text)
  const people = await tx.person.findMany({
    where: { handle: { in: [...called] }, disabledAt: null },
    select: { id: true, handle: true },
  })
  const blind = await readBlind(
    tx,
    row,
    people.map(({ id }) => id),
  )
  const mentioned = people.filter(({ id }) => !blind.has(id))
  const section = first?.section === undefined ? comment.section : (first.section as SectionKey)
  const id = randomUUID()
  await tx.postmortemComment.create({
    data: {
      ...rest,
      id,
      postmortemId,
      seq: count + 1,
      threadId: first?.id ?? id,
      section,
      quote: first === undefined ? comment.quote : '',
      mentions: mentioned.map(({ handle }) => handle),
      at: now,
    },
  })
  return {
    id,
    section,
    mentioned,
    unknown: called.filter((handle) => !people.some((person) => person.handle === handle)),
    blind: people.filter((person) => blind.has(person.id)).map(({ handle }) => handle),
  }
}

/** findThread gives the first remark of a thread; throws not_found. */
export async function findThread(tx: Tx, postmortemId: string, threadId: string) {
  const first = await tx.postmortemComment.findFirst({ where: { id: threadId, threadId, postmortemId } })
  if (first === null) throw new AppError('not_found', 'There is no such remark.')
  return first
}

/** NodeRow is a named question of the triage as it is stored. */
export type NodeRow = PostmortemNode

/** readNodes gives the questions that were named in a document, but for those taken back. */
export async function readNodes(db: Db | Tx, postmortemId: string): Promise<readonly NodeRow[]> {
  return db.postmortemNode.findMany({ where: { postmortemId, droppedBy: '' }, orderBy: { at: 'asc' } })
}

/** readReviewers gives enabled accounts by id; throws invalid when one is missing. */
export async function readReviewers(
  tx: Tx,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly handle: string }[]> {
  const wanted = [...new Set(ids)]
  const people = await tx.person.findMany({
    where: { id: { in: wanted }, disabledAt: null },
    select: { id: true, handle: true },
    orderBy: { handle: 'asc' },
  })
  if (people.length === wanted.length) return people
  throw new AppError('invalid', 'Choose people who have an account that is not disabled.', {
    issues: [{ path: 'reviewerIds', message: 'one of them has no account, or it is disabled' }],
  })
}
