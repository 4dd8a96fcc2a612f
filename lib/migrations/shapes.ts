import { z } from 'zod'
import { PHASES, ROLLBACK_STEPS } from './model'

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

/** querySchema validates a Prometheus query whose one number the gates of a shift read too; more is worse. */
const querySchema = z
  .strictObject({
    name: text(60).regex(/^[A-Za-z0-9][\w .-]{1,59}$/, 'letters, digits, dots and dashes; at least two'),
    expr: text(2_000).min(1, 'write the query'),
    unit: text(10).default(''),
    ok: z.number(),
    breach: z.number(),
    holdSeconds: z.int().min(0).max(3_600).default(300),
  })
  .refine(({ ok, breach }) => breach >= ok, {
    message: 'must not be below what is good',
    path: ['breach'],
  })

/** PlanQuery is that. */
export type PlanQuery = z.infer<typeof querySchema>

const queries = z
  .array(querySchema)
  .max(3)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'each query has its own name')
  .refine((all) => new Set(all.map(({ expr }) => expr)).size === all.length, 'the same query is there twice')

/** startsOn is a calendar day, or null while nobody said it. */
const startsOn = z.iso.date().nullable().default(null)

/** askedPlanSchema validates a plan as somebody sets it: owners are people of the house, null is nobody, and what is not named stays. */
export const askedPlanSchema = z.strictObject({
  startsOn,
  owners: z.partialRecord(z.enum(PHASES), z.uuid('must be a person’s id').nullable()).default({}),
  queries: queries.optional(),
})

/** AskedPlan is that. */
export type AskedPlan = z.infer<typeof askedPlanSchema>

/** planSchema validates a plan as it is kept: an owner is a person, or a text that an older plan holds. */
export const planSchema = z.strictObject({
  startsOn,
  owners: z
    .partialRecord(
      z.enum(PHASES),
      z.union([text(60), z.strictObject({ personId: z.uuid(), handle: text(60) })]),
    )
    .default({}),
  queries: queries.default([]),
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
