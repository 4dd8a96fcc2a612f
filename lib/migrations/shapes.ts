import { z } from 'zod'
import { ROLLBACK_STEPS } from './model'

const text = (max: number) => z.string().trim().max(max)

/** inventorySchema validates what the scanner found, or what somebody wrote down by hand. */
export const inventorySchema = z.strictObject({
  version: z.literal(1).default(1),
  root: text(200).default(''),
  files: z
    .strictObject({
      seen: z.int().min(0),
      read: z.int().min(0),
      tooLarge: z.int().min(0),
      withUsage: z.int().min(0),
    })
    .default({ seen: 0, read: 0, tooLarge: 0, withUsage: 0 }),
  seconds: z.number().min(0).default(0),
  providers: z
    .array(
      z.strictObject({
        id: text(40),
        name: text(80),
        findings: z.int().min(0),
        files: z.int().min(0),
        integrationPoints: z.int().min(0),
        dependencies: z.array(text(200)).max(200),
        credentials: z.array(text(200)).max(200),
        customisations: z.array(text(300)).max(200),
      }),
    )
    .max(20)
    .default([]),
  dataTypes: z
    .array(z.strictObject({ name: text(120), records: z.int().min(0).nullable() }))
    .max(500)
    .default([]),
  findings: z
    .array(
      z.strictObject({
        provider: text(40),
        kind: text(20),
        file: text(500),
        line: z.int().min(1),
        name: text(300),
      }),
    )
    .max(2_000)
    .default([]),
})

/** Inventory is what is known of the thing to be moved; records that nobody counted are null. */
export type Inventory = z.infer<typeof inventorySchema>

/** planSchema validates when a migration starts and who owns which phase. */
export const planSchema = z.strictObject({
  /** startsOn is a calendar day, or null while nobody said it. */
  startsOn: z.iso.date().nullable().default(null),
  owners: z
    .strictObject({ setup: text(60), adapter: text(60), data: text(60), traffic: text(60) })
    .partial()
    .default({}),
})

/** Plan is that. */
export type Plan = z.infer<typeof planSchema>

/** rollbackSchema validates a way back as it is kept. */
export const rollbackSchema = z.strictObject({
  reason: z.string(),
  by: z.string(),
  startedAt: z.string(),
  steps: z.array(
    z.strictObject({
      step: z.enum(ROLLBACK_STEPS),
      at: z.string(),
      by: z.string(),
      evidence: z.string(),
      /** outcome is `not-needed` for a restore where no data was harmed. */
      outcome: z.enum(['done', 'not-needed']),
    }),
  ),
})

/** Rollback is a way back with the steps that are done. */
export type Rollback = z.infer<typeof rollbackSchema>
