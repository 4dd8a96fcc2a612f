import { z } from 'zod'
import { OUTPUT_MAX, REASON_MIN } from './model'

function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD')
}

function line(min: number, max: number, short: string): z.ZodType<string, string> {
  return z
    .string()
    .transform((text) => storable(text).replace(/\s+/g, ' ').trim())
    .pipe(z.string().min(min, short).max(max, `at most ${max} characters`))
}

const incidentId = z.uuid('must be an incident’s id')
const run = z.uuid('must be a run’s id')
const version = z.number().int().min(1)
const leaf = z.string().min(1).max(60).optional()
const action = z.string().min(1).max(60)
/** Values of parameters are texts, numbers or lists of texts; every executor has its own list on top. */
const params = z
  .record(
    z.string().max(60),
    z.union([z.string().max(8_192), z.number(), z.array(z.string().max(400)).max(20)]),
  )
  .refine((values) => Object.keys(values).length <= 20, 'at most 20 parameters')

/** INPUTS are the schemas of the operations of this room, by the last part of their names. */
export const INPUTS = {
  offered: z.strictObject({ incidentId, leaf }),
  run: z.strictObject({ id: run }),
  list: z.strictObject({ incidentId }),
  toReview: z.strictObject({}),
  prepare: z.strictObject({ incidentId, leaf, action, params: params.default({}) }),
  askSecond: z.strictObject({ run, version }),
  approve: z.strictObject({ run, version, planHash: z.string().regex(/^[0-9a-f]{64}$/) }),
  decline: z.strictObject({ run, version, reason: line(3, 500, 'say why') }),
  breakGlass: z.strictObject({
    run,
    version,
    reason: line(REASON_MIN, 500, `say why in at least ${REASON_MIN} characters: somebody will review it`),
  }),
  /** secrets are the values of secret parameters by name: sealed until they are sent, then forgotten. */
  carryOut: z.strictObject({
    run,
    version,
    secrets: z.record(z.string().max(60), z.string().max(4_096)).default({}),
  }),
  cancel: z.strictObject({ run, version }),
  undo: z.strictObject({ run }),
  recordManual: z.strictObject({
    incidentId,
    leaf,
    action,
    output: z
      .string()
      .max(OUTPUT_MAX, `at most ${OUTPUT_MAX} characters: keep the end of it`)
      .transform(storable)
      .default(''),
    outcome: z.enum(['worked', 'did-not-work', 'unknown']),
    note: z
      .string()
      .max(500)
      .transform((text) => storable(text).trim())
      .default(''),
  }),
  review: z.strictObject({ run, note: line(3, 2_000, 'say what you make of it') }),
} as const
