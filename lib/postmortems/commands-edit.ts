import { z } from 'zod'
import { storable } from '../incidents/text'
import { type Actor, defineCommand, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { redactText } from '../platform/redact'
import { lockPostmortem, type PostmortemRow, saveSection as writeSection } from './document-store'
import { type PostmortemState, SECTION_KEYS } from './model'
import { moveOf } from './review'
import { appendEvent, sealOf } from './review-store'

/** SECTION_LIMIT is the longest text of a section in characters. */
export const SECTION_LIMIT = 50_000

/** postmortemId names a document by its id. */
export const postmortemId = z.uuid('must be a postmortem’s id')

/** personIn gives the person who acts; a machine neither writes nor reviews. */
export function personIn(actor: Actor): Extract<Actor, { kind: 'person' }> {
  if (actor.kind !== 'person') throw new AppError('forbidden', 'Only a person may do this.')
  return actor
}

/** subjectOf names a document in the audit trail: as its incident where it has one, so that a restricted one is masked. */
export function subjectOf({ id, incidentId }: Pick<PostmortemRow, 'id' | 'incidentId'>): string {
  return incidentId === null ? `postmortem:${id}` : `incident:${incidentId}`
}

type Inside = Scope & { readonly tx: Tx }

/** openForEdit locks a document that may be changed, and brings an approved one back into review: its approval counts no more. */
export async function openForEdit(scope: Inside, id: string): Promise<PostmortemRow> {
  const row = await lockPostmortem(scope, id)
  const move = moveOf(
    {
      state: row.state as PostmortemState,
      version: row.version,
      approvedVersion: row.approvedVersion,
      events: [],
    },
    { deed: 'edit', byId: '' },
  )
  if (!move.ok) throw new AppError(move.code, move.why)
  return row
}

/** afterEdit moves an approved document back into review once its content changed. */
export async function afterEdit({ tx, actor, now }: Inside, row: PostmortemRow, what: string): Promise<void> {
  if (row.state !== 'approved') return
  const { id: byId, handle: by } = personIn(actor)
  await tx.postmortem.update({
    where: { id: row.id },
    data: { state: 'in-review', approvedVersion: null, approvedHash: null },
  })
  const version = row.version + 1
  await appendEvent(tx, row, {
    deed: 'edit',
    byId,
    by,
    now,
    version,
    hash: await sealOf(tx, row),
    text: what,
  })
}

/** saveSection writes one text of a document over the version that its writer had before them; another one that came between is a conflict with both texts. */
export const saveSection = defineCommand({
  name: 'postmortems.saveSection',
  summary:
    'Writes one text of a postmortem over the version that its writer saw; a conflict gives both texts.',
  permission: 'postmortems.edit',
  input: z.strictObject({
    id: postmortemId,
    key: z.enum(SECTION_KEYS),
    body: z
      .string()
      .max(SECTION_LIMIT, `at most ${SECTION_LIMIT} characters`)
      .transform((text) => redactText(storable(text.replaceAll('\r\n', '\n')))),
    baseVersion: z.int().min(0),
  }),
  output: z.object({ version: z.int(), documentVersion: z.int(), body: z.string() }),
  run: async (scope, { id, key, body, baseVersion }) => {
    const { tx, actor, now } = scope
    const author = personIn(actor).handle
    const row = await openForEdit(scope, id)
    const saved = await writeSection({ tx, postmortemId: id, key, body, baseVersion, author, now })
    if (saved.kind === 'conflict')
      throw new AppError(
        'conflict',
        `@${saved.editedBy} wrote here while you did. Both texts are kept: choose.`,
        {
          current: {
            key,
            version: saved.version,
            theirs: saved.body,
            yours: body,
            by: saved.editedBy,
            atMs: saved.editedAtMs,
          },
        },
      )
    const isChanged = saved.documentVersion > row.version
    if (isChanged) await afterEdit(scope, row, `Changed: ${key}`)
    return {
      // What looks like a secret is masked on the way: the writer goes on with what is stored.
      result: { version: saved.version, documentVersion: saved.documentVersion, body },
      audit: isChanged
        ? {
            subject: subjectOf(row),
            detail: { postmortem: id, section: key, version: saved.version, length: body.length },
          }
        : 'private',
      touched: isChanged ? [{ topic: 'postmortems', ref: id }] : [],
    }
  },
})
