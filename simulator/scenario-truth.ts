import { z } from 'zod'
import { TRIAGE_LEAVES } from './leaves'
import { duration } from './scenario-events'

const leaf = z.union([
  z.enum(TRIAGE_LEAVES),
  z.string().regex(/^team\.[a-z0-9-]+$/, 'not a triage leaf (a leaf of your own begins with "team.")'),
])

export const truth = z.strictObject({
  leaf,
  from: duration,
  until: duration.optional().describe('When it ends, counted from the start; it stays when left out'),
  sufficientAt: duration.optional().describe('From when the sources together allow the diagnosis'),
  state: z
    .enum(['certain', 'likely', 'possible'])
    .default('likely')
    .describe('How sure triage must be at least, 30 s after sufficientAt'),
  explainedBy: leaf.optional().describe('The cause that must stand above it'),
  may: z.boolean().default(false).describe('It may be found, and need not be'),
  subject: z.string().max(200).optional(),
})

export const answer = z
  .strictObject({
    at: duration.describe('When somebody answers, counted from the start'),
    question: z.string().regex(/^[a-z][a-z0-9-]{1,59}$/, 'the id of a question of the triage trees'),
    answer: z.enum(['yes', 'no']),
    by: z.string().min(1).max(40).default('ana'),
    reason: z.string().min(3).max(300),
  })
  .describe('What a person answers in place of the machine')
