import { z } from 'zod'
import { correctionSchema, instant, recordSchema, severity } from './record-schema'

const TEXT = 4_000

const section = z.strictObject({
  key: z.enum(['summary', 'impact', 'timeline', 'causes', 'went-well', 'was-hard', 'lucky', 'resolution']),
  body: z.string().max(100_000),
})

const actionItem = z.strictObject({
  title: z.string().min(1).max(300),
  kind: z.enum(['prevent', 'detect', 'mitigate', 'process']).nullable(),
  owner: z.string().max(120).nullable().describe('handle of the owner'),
  dueOn: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2026-12-01')
    .nullable(),
  doneWhen: z.string().max(1_000),
  state: z.enum(['open', 'done', 'dropped']),
  evidence: z.string().max(TEXT),
  externalUrl: z.string().max(2_000),
})

/** documentSchema is a whole postmortem as it leaves and enters; its JSON Schema is published. */
export const documentSchema = z.strictObject({
  format: z.literal('watchfloor.postmortem'),
  formatVersion: z.literal(1),
  name: z.string().max(40),
  title: z.string().min(1).max(300),
  state: z.enum(['draft', 'in-review', 'changes-asked', 'approved', 'published', 'closed']),
  severity,
  version: z.int().min(1),
  leafIds: z.array(z.string().max(200)).max(100),
  componentIds: z.array(z.string().max(120)).max(200),
  tags: z.array(z.string().min(1).max(60)).max(50),
  createdBy: z.string().max(120),
  createdAtMs: instant,
  updatedAtMs: instant,
  publishedAtMs: instant.nullable(),
  record: recordSchema,
  corrections: z.array(correctionSchema).max(500),
  sections: z.array(section).max(20),
  actionItems: z.array(actionItem).max(500),
})
