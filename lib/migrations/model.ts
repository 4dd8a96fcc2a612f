import { z } from 'zod'

/** STATES are where a migration can stand, in order; the last three are beside the way. */
export const STATES = [
  'assessing',
  'adapting',
  'dual-writing',
  'backfilling',
  'validating',
  'parallel-running',
  'shifting',
  'awaiting-cutover',
  'cut-over',
  'decommissioning',
  'completed',
  'traffic-rolled-back',
  'forward-fix',
  'rolled-back',
] as const

/** State is one of them. */
export type State = (typeof STATES)[number]

/** STATE_WORDS is what each state is called on a screen. */
export const STATE_WORDS: Readonly<Record<State, string>> = {
  assessing: 'Assessing',
  adapting: 'Adapting',
  'dual-writing': 'Writing to both',
  backfilling: 'Moving data',
  validating: 'Validating',
  'parallel-running': 'Running side by side',
  shifting: 'Shifting traffic',
  'awaiting-cutover': 'Before the point of no return',
  'cut-over': 'Cut over',
  decommissioning: 'Taking the old one down',
  completed: 'Completed',
  'traffic-rolled-back': 'Traffic rolled back',
  'forward-fix': 'Fixing forward',
  'rolled-back': 'Rolled back',
}

/** PHASES are the four phases of a plan. */
export const PHASES = ['setup', 'adapter', 'data', 'traffic'] as const

/** Phase is one of them. */
export type Phase = (typeof PHASES)[number]

/** GATES are what people approve: each in slots, each slot by another person. */
export const GATES = {
  assessment: ['manager'],
  validation: ['engineer', 'manager'],
  cutover: ['engineer', 'manager'],
} as const

/** Gate is one of them. */
export type Gate = keyof typeof GATES

/** Slot is whose word a gate needs. */
export type Slot = 'engineer' | 'manager'

/** SLOT_ROLES is which roles fill a slot. */
export const SLOT_ROLES: Readonly<Record<Slot, readonly string[]>> = {
  engineer: ['responder', 'commander'],
  manager: ['manager'],
}

/** TRACKS are what a facade reports: requests of each side, comparisons, and writes to both. */
export const TRACKS = ['old', 'new', 'noise', 'compare', 'writes', 'reverse'] as const

/** Track is one of them. */
export type Track = (typeof TRACKS)[number]

/** CLASSES are why a row could not be moved: it may work later, its data is bad, or the transform does not know it. */
export const CLASSES = ['retryable', 'data', 'mapping'] as const

/** BEFORE_CUTOVER are the states from which a migration can still be given up. */
export const BEFORE_CUTOVER: readonly State[] = [
  'assessing',
  'adapting',
  'dual-writing',
  'backfilling',
  'validating',
  'parallel-running',
  'shifting',
  'traffic-rolled-back',
  'awaiting-cutover',
]

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

/** ROLLBACK_STEPS are the way back, in order. */
export const ROLLBACK_STEPS = ['flag', 'restart', 'restore', 'health'] as const

/** RollbackStep is one of them. */
export type RollbackStep = (typeof ROLLBACK_STEPS)[number]

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
