import { z } from 'zod'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { countDraftKeys, KEYS_LIMIT, writeDrafts } from './draft-store'
import { DRAFT_KEY, DRAFT_SEEN_LIMIT, DRAFT_TEXT_LIMIT } from './drafts'
import { personOf } from './store'
import { storable } from './text'

const FAR_MS = Date.UTC(9999, 0, 1)

const slot = z.strictObject({
  writer: z.uuid('must be a UUID'),
  rev: z.number().int().min(1).max(2_000_000_000),
  text: z
    .string()
    .max(DRAFT_TEXT_LIMIT, `at most ${DRAFT_TEXT_LIMIT} characters`)
    .transform(storable)
    .nullable(),
  editedAtMs: z.number().int().min(0).max(FAR_MS),
  seen: z
    .record(z.uuid(), z.number().int().min(1).max(2_000_000_000))
    .refine((seen) => Object.keys(seen).length <= DRAFT_SEEN_LIMIT, `at most ${DRAFT_SEEN_LIMIT} slots`),
})

/**
 * saveDraft keeps what a person has typed and not yet sent, for that person alone; each tab writes its own slot, so none
 * overwrites another's. Gives what then stands under the key. Drafts are nobody else's business: no audit entry, no hint.
 */
export const saveDraft = defineCommand({
  name: 'incidents.saveDraft',
  summary: 'Keeps what a person has typed and not yet sent, for that person alone.',
  permission: 'incidents.read',
  input: z.strictObject({
    key: z.string().regex(DRAFT_KEY, 'must name a draft of this room'),
    slots: z.array(slot).min(1).max(20),
  }),
  run: async ({ tx, actor, now }, { key, slots }) => {
    const personId = personOf(actor).id
    if (slots.some(({ text }) => text !== null) && (await countDraftKeys(tx, personId, key)) >= KEYS_LIMIT)
      throw new AppError('too_many', `You keep ${KEYS_LIMIT} drafts: send or drop some of them first.`)
    return {
      result: { slots: await writeDrafts(tx, { personId, key, slots, now }) },
      audit: 'private',
      touched: [],
    }
  },
})
