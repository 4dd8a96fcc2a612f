import { z } from 'zod'
import { AUDIENCES, KINDS, STATUSES } from '../comms/model'
import { PUBLICATION_STATES } from './model'

const publication = z.looseObject({
  id: z.uuid(),
  seq: z.int(),
  kind: z.enum(KINDS),
  audience: z.enum(AUDIENCES),
  status: z.enum(STATUSES),
  title: z.string(),
  body: z.string().describe('What is read outside, with its facts filled in.'),
  hash: z.string().describe('An approval names it: an edited text has another one.'),
  state: z.enum(PUBLICATION_STATES),
  holdUntilMs: z.int().nullable(),
})

/** publishedOutput is what became of each text. */
export const publishedOutput = z.looseObject({ publications: z.array(publication) })

/** movedOutput is a message after a deed. */
export const movedOutput = z.looseObject({ publication })

/** messagesOutput are an incident's messages, newest first. */
export const messagesOutput = z.looseObject({ publications: z.array(publication) })
