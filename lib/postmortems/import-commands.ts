import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Day } from '../action-items/model'
import { changeItem, insertItem } from '../action-items/store'
import { storable } from '../incidents/text'
import { defineCommand } from '../operation'
import { redactText } from '../platform/redact'
import { documentSchema } from './document-schema'
import { createDocument } from './document-store'
import { type PostmortemDocument, postmortemName } from './model'
import { draftedOutput } from './outputs'

/** cleaned masks what looks like a secret and replaces what Postgres refuses, in every text of a document. */
function cleaned(document: PostmortemDocument): PostmortemDocument {
  const copy = (value: unknown): unknown => {
    if (typeof value === 'string') return redactText(storable(value))
    if (Array.isArray(value)) return value.map(copy)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
  }
  return copy(document) as PostmortemDocument
}

/** importOne makes a postmortem of an exported file; the same file again gives what it made before. An approval elsewhere is none here. */
export const importOne = defineCommand({
  name: 'postmortems.import',
  summary: 'Makes a postmortem of an exported file; the same file again gives what it made before.',
  permission: 'postmortems.import',
  output: draftedOutput,
  input: z.strictObject({ document: documentSchema }),
  maxBodyBytes: 16_000_000,
  run: async ({ tx, actor, now }, { document: given }) => {
    const document = cleaned(given)
    const digest = createHash('sha256').update(JSON.stringify(given)).digest('hex').slice(0, 16)
    const origin = `${document.name} ${digest}`
    const by = actor.kind === 'person' ? actor.handle : actor.id
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('postmortem.number'))`
    const known = await tx.postmortem.findFirst({ where: { origin }, select: { id: true, number: true } })
    if (known !== null)
      return {
        result: { ...known, name: postmortemName(known.number), isNew: false },
        audit: { subject: `postmortem:${known.id}`, detail: { origin, isNew: false } },
        touched: [],
      }
    const wasPublished = document.state === 'published' || document.state === 'closed'
    const made = await createDocument(
      tx,
      {
        incidentId: null,
        title: document.title,
        state: wasPublished ? document.state : 'draft',
        severity: document.severity,
        visibility: document.record.meta.visibility,
        leafIds: document.leafIds,
        componentIds: document.componentIds,
        tags: document.tags,
        record: document.record,
        corrections: document.corrections,
        isDrill: document.record.meta.isDrill,
        origin,
        createdBy: by,
        publishedAt: wasPublished ? new Date(document.publishedAtMs ?? document.updatedAtMs) : null,
        closedAt: document.state === 'closed' ? new Date(document.updatedAtMs) : null,
        sections: document.sections,
      },
      now,
    )
    for (const { owner, state, evidence, dueOn, ...item } of document.actionItems) {
      // An owner is a person of this installation: whoever has the same handle.
      const person = owner === null ? null : await tx.person.findUnique({ where: { handle: owner } })
      const home = { incidentId: null, postmortemId: made.id }
      const fields = { ...item, dueOn: dueOn as Day | null, ownerId: person?.id ?? null }
      const { id } = await insertItem(tx, { fields, home, by, now })
      if (state === 'open') continue
      const data = { state, evidence, ...(state === 'done' ? { doneBy: owner ?? by, doneAt: now } : {}) }
      await changeItem(tx, id, { data, words: { state: { from: 'open', to: state } }, by, now })
    }
    return {
      result: { ...made, name: postmortemName(made.number), isNew: true },
      audit: { subject: `postmortem:${made.id}`, detail: { origin, rows: document.record.timeline.length } },
      touched: [{ topic: 'postmortems', ref: made.id }],
    }
  },
})
