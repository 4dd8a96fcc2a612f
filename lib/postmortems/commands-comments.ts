import { z } from 'zod'
import { prose } from '../incidents/text'
import { defineCommand } from '../operation'
import { callPeople } from './call-store'
import { personIn, postmortemId, subjectOf } from './commands-edit'
import { COMMENT_LIMIT } from './comments'
import { lockPostmortem } from './document-store'
import { SECTION_KEYS } from './model'
import { findThread, insertComment } from './review-store'

/** addComment writes a remark on a section, or an answer to one; who is named with @ is called. */
export const addComment = defineCommand({
  name: 'postmortems.addComment',
  summary:
    'Writes a remark on a section of a postmortem, or an answer to one; @ and a handle calls somebody.',
  permission: 'postmortems.comment',
  input: z.strictObject({
    id: postmortemId,
    section: z.enum(SECTION_KEYS),
    /** threadId is the remark that this answers. */
    threadId: z.uuid('must be a remark’s id').optional(),
    quote: prose(500).default(''),
    text: prose(COMMENT_LIMIT).pipe(z.string().min(1, 'say something')),
  }),
  run: async (scope, { id, section, threadId, quote, text }) => {
    const { tx, actor, now } = scope
    const { id: byId, handle: by } = personIn(actor)
    const row = await lockPostmortem(scope, id)
    const added = await insertComment(tx, row, { threadId, section, quote, text, byId, by, now })
    const { WATCHFLOOR_PUBLIC_URL, NEXTAUTH_URL } = scope.console.env
    await callPeople(tx, {
      commentId: added.id,
      row,
      about: { section: added.section, by, text },
      people: added.mentioned.flatMap((person) => (person.id === byId ? [] : [person.id])),
      baseUrl: (WATCHFLOOR_PUBLIC_URL ?? NEXTAUTH_URL).replace(/\/+$/, ''),
      now,
    })
    const called = added.mentioned.map(({ handle }) => handle)
    return {
      result: { commentId: added.id, called, unknown: added.unknown, blind: added.blind },
      audit: {
        subject: subjectOf(row),
        detail: { postmortem: id, comment: added.id, section, called },
      },
      touched: [{ topic: 'postmortems', ref: id }],
    }
  },
})

/** settleThread says that a remark is dealt with, or that it is not. */
export const settleThread = defineCommand({
  name: 'postmortems.settleThread',
  summary: 'Says that a remark is dealt with, or opens it again.',
  permission: 'postmortems.comment',
  input: z.strictObject({
    id: postmortemId,
    threadId: z.uuid('must be a remark’s id'),
    isSettled: z.boolean(),
  }),
  run: async (scope, { id, threadId, isSettled }) => {
    const { tx, actor, now } = scope
    const { handle } = personIn(actor)
    const row = await lockPostmortem(scope, id)
    await findThread(tx, id, threadId)
    await tx.postmortemComment.update({
      where: { id: threadId },
      data: { settledBy: isSettled ? handle : '', settledAt: isSettled ? now : null },
    })
    return {
      result: { isSettled },
      audit: { subject: subjectOf(row), detail: { postmortem: id, comment: threadId, isSettled } },
      touched: [{ topic: 'postmortems', ref: id }],
    }
  },
})
