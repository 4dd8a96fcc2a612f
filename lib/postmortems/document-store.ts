import { randomUUID } from 'node:crypto'
import type { Postmortem } from '../../prisma/generated/client'
import type { Actor } from '../operation'
import type { Db, Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import type { SectionKey } from './model'
import { postmortemSight } from './sight-queries'

/** PostmortemRow is a postmortem as it is stored. */
export type PostmortemRow = Postmortem

/** SaveOutcome is what became of a text: its new version, or the text that stands in its way. */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly version: number; readonly documentVersion: number }
  | {
      readonly kind: 'conflict'
      readonly version: number
      readonly body: string
      readonly editedBy: string
      readonly editedAtMs: number
    }

/** lockPostmortem locks and reads one postmortem until the transaction ends; not_found also where the actor may not know of it. */
export async function lockPostmortem(
  { tx, actor }: { readonly tx: Tx; readonly actor: Actor },
  id: string,
): Promise<PostmortemRow> {
  await tx.$queryRaw`SELECT 1 FROM postmortem WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.postmortem.findFirst({ where: { AND: [{ id }, postmortemSight(actor)] } })
  if (row === null) throw new AppError('not_found', 'There is no such postmortem.')
  return row
}

/** findPostmortem gives one postmortem by its number; not_found also where the actor may not know of it. */
export async function findPostmortem(db: Db, actor: Actor, number: number): Promise<PostmortemRow> {
  const row = await db.postmortem.findFirst({ where: { AND: [{ number }, postmortemSight(actor)] } })
  if (row === null) throw new AppError('not_found', `There is no postmortem ${number}.`)
  return row
}

/**
 * saveSection overwrites one text and keeps it as a revision; the document's version rises with it. A base version that
 * is not the stored one changes nothing and gives the stored text back. The same text again is saved as it stands.
 */
export async function saveSection({
  tx,
  postmortemId,
  key,
  body,
  baseVersion,
  author,
  now,
}: {
  readonly tx: Tx
  readonly postmortemId: string
  readonly key: SectionKey
  readonly body: string
  /** baseVersion is the version that the text was written upon, 0 where nobody had written yet. */
  readonly baseVersion: number
  readonly author: string
  readonly now: Date
}): Promise<SaveOutcome> {
  await tx.$queryRaw`SELECT 1 FROM postmortem WHERE id = ${postmortemId}::uuid FOR UPDATE`
  const where = { postmortemId_key: { postmortemId, key } }
  const stored = await tx.postmortemSection.findUnique({ where })
  const version = stored?.version ?? 0
  if (stored !== null && stored.body === body) {
    const row = await tx.postmortem.findUniqueOrThrow({
      where: { id: postmortemId },
      select: { version: true },
    })
    return { kind: 'saved', version, documentVersion: row.version }
  }
  if (version !== baseVersion)
    return {
      kind: 'conflict',
      version,
      body: stored?.body ?? '',
      editedBy: stored?.editedBy ?? '',
      editedAtMs: stored?.editedAt.getTime() ?? 0,
    }
  const next = { body, version: version + 1, editedBy: author, editedAt: now }
  await tx.postmortemSection.upsert({ where, create: { postmortemId, key, ...next }, update: next })
  await appendRevision(tx, { postmortemId, section: key, body, version: version + 1, author, at: now })
  return { kind: 'saved', version: version + 1, documentVersion: await bumpVersion(tx, postmortemId, now) }
}

async function appendRevision(
  tx: Tx,
  revision: {
    readonly postmortemId: string
    readonly section: string
    readonly body: string
    readonly version: number
    readonly author: string
    readonly at: Date
  },
): Promise<void> {
  const last = await tx.postmortemRevision.aggregate({
    where: { postmortemId: revision.postmortemId },
    _max: { seq: true },
  })
  await tx.postmortemRevision.create({ data: { ...revision, seq: (last._max.seq ?? 0) + 1 } })
}

/** bumpVersion raises a document's version after a change of content and gives the new one. */
export async function bumpVersion(tx: Tx, id: string, now: Date): Promise<number> {
  const row = await tx.postmortem.update({
    where: { id },
    data: { version: { increment: 1 }, updatedAt: now },
    select: { version: true },
  })
  return row.version
}

/** nextPostmortemNumber gives the next number; the lock keeps two from getting the same. */
export async function nextPostmortemNumber(tx: Tx): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('postmortem.number'))`
  const top = await tx.postmortem.aggregate({ _max: { number: true } })
  return (top._max.number ?? 0) + 1
}

/** NewDocument is what a postmortem begins with. */
export type NewDocument = Omit<
  PostmortemRow,
  | 'id'
  | 'number'
  | 'version'
  | 'approvedVersion'
  | 'approvedHash'
  | 'createdAt'
  | 'updatedAt'
  | 'leafIds'
  | 'componentIds'
  | 'tags'
  | 'record'
  | 'corrections'
> & {
  readonly leafIds: readonly string[]
  readonly componentIds: readonly string[]
  readonly tags: readonly string[]
  readonly record: object
  readonly corrections: readonly object[]
  readonly sections: readonly { readonly key: SectionKey; readonly body: string }[]
}

/** createDocument writes a new postmortem with its first texts, each as version 1 with a revision; gives its id and number. */
export async function createDocument(
  tx: Tx,
  { sections, ...document }: NewDocument,
  now: Date,
): Promise<{ readonly id: string; readonly number: number }> {
  const id = randomUUID()
  const number = await nextPostmortemNumber(tx)
  await tx.postmortem.create({
    data: {
      ...document,
      id,
      number,
      createdAt: now,
      updatedAt: now,
      leafIds: [...document.leafIds],
      componentIds: [...document.componentIds],
      tags: [...document.tags],
      corrections: document.corrections as object[],
    },
  })
  const written = sections.filter(({ body }) => body !== '')
  const author = document.createdBy
  await tx.postmortemSection.createMany({
    data: written.map(({ key, body }) => ({ postmortemId: id, key, body, editedBy: author, editedAt: now })),
  })
  await tx.postmortemRevision.createMany({
    data: written.map(({ key, body }, place) => ({
      postmortemId: id,
      seq: place + 1,
      section: key,
      body,
      version: 1,
      author,
      at: now,
    })),
  })
  return { id, number }
}

/** setRecord puts a record that was read anew in the place of the frozen one, with what documents are found and counted by. */
export async function setRecord(
  tx: Tx,
  id: string,
  {
    record,
    ...found
  }: Pick<NewDocument, 'record' | 'severity'> & {
    readonly leafIds: string[]
    readonly componentIds: string[]
  },
): Promise<void> {
  await tx.postmortem.update({ where: { id }, data: { record, ...found } })
}

/** setCorrections writes what people corrected by hand. */
export async function setCorrections(tx: Tx, id: string, corrections: readonly object[]): Promise<void> {
  await tx.postmortem.update({ where: { id }, data: { corrections: corrections as object[] } })
}
