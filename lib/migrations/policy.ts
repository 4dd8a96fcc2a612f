import { z } from 'zod'

/** KINDS are the kinds of a migration. */
export const KINDS = ['fresh', 'competitor', 'major-version', 're-platform'] as const

const kind = z.strictObject({
  title: z.string().min(1).max(60),
  complexity: z.enum(['low', 'medium', 'high']),
  takes: z.string().min(1).max(30),
  risk: z.enum(['low', 'medium', 'high']),
})

const item = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
  text: z.string().min(3).max(200),
})
const weeks = z.tuple([z.int().min(1).max(104), z.int().min(1).max(104)])
const phase = z.strictObject({ title: z.string().min(1).max(40), weeks, items: z.array(item).min(1).max(9) })
const percent = z.number().min(0).max(100)
const band = z.strictObject({
  /** ok is what a figure must stay below to pass; from `breach` on it counts as a breach. */
  ok: z.number().positive(),
  breach: z.number().positive(),
  holdSeconds: z.number().min(0).max(3_600),
})

/** migrationsPolicySchema validates the numbers by which a migration goes from phase to phase. */
export const migrationsPolicySchema = z.strictObject({
  kinds: z
    .strictObject({ fresh: kind, competitor: kind, 'major-version': kind, 're-platform': kind })
    .default({
      fresh: { title: 'Fresh install', complexity: 'low', takes: 'days', risk: 'low' },
      competitor: { title: 'From a competitor', complexity: 'medium', takes: 'weeks', risk: 'medium' },
      'major-version': { title: 'Major version', complexity: 'medium', takes: 'weeks', risk: 'medium' },
      're-platform': { title: 'Full re-platform', complexity: 'high', takes: 'months', risk: 'high' },
    }),
  phases: z.strictObject({ setup: phase, adapter: phase, data: phase, traffic: phase }).default({
    setup: {
      title: 'Setup',
      weeks: [1, 2],
      items: [
        { id: 'setup-account', text: 'The new provider’s account, quota and billing stand' },
        { id: 'setup-secrets', text: 'Its keys lie in the vault, with the scopes needed and no more' },
        { id: 'setup-network', text: 'Its addresses are reachable from the cluster and from the instances' },
        { id: 'setup-alerts', text: 'Its errors and latency are watched beside the old one’s' },
      ],
    },
    adapter: {
      title: 'Adapter layer',
      weeks: [3, 4],
      items: [
        { id: 'adapter-crud', text: 'Create, read, update and delete go through one facade' },
        { id: 'adapter-old', text: 'The facade sends 100 % to the old provider' },
        { id: 'adapter-flag', text: 'The flag was turned on and off in staging, and off was off at once' },
        { id: 'adapter-deadline', text: 'A call to the new provider has a deadline of its own' },
      ],
    },
    data: {
      title: 'Data',
      weeks: [5, 6],
      items: [
        { id: 'data-backup', text: 'A dated backup exists, and was restored once' },
        { id: 'data-transform', text: 'The transform was read by a second person' },
        { id: 'data-throttle', text: 'The migrator gives way when the source gets slow' },
      ],
    },
    traffic: {
      title: 'Traffic',
      weeks: [7, 8],
      items: [
        { id: 'traffic-told', text: 'Support and the status page know the days of the shift' },
        { id: 'traffic-watch', text: 'Somebody watches each step for as long as it is held' },
        { id: 'traffic-reverse', text: 'Reverse sync keeps the old side current' },
      ],
    },
  }),
  batch: z
    .strictObject({
      rows: z.int().min(1).max(10_000),
      /** badPercent is the share of bad rows above which a part stops and asks a person. */
      badPercent: percent,
      /** afterRows is from how many rows on the share is judged. */
      afterRows: z.int().min(1),
      failedBatches: z.int().min(1).max(100),
    })
    .default({ rows: 100, badPercent: 0.1, afterRows: 1_000, failedBatches: 3 }),
  /** quietHours is for how long both sides of dual writes must have agreed. */
  quietHours: z.number().min(0).max(720).default(24),
  parallel: z
    .strictObject({ noiseRequests: z.int().min(1), requests: z.int().min(1), agreedPercent: percent })
    .default({ noiseRequests: 1_000, requests: 10_000, agreedPercent: 0.1 }),
  shift: z
    .strictObject({
      steps: z.array(z.number().positive().max(100)).min(1).max(20),
      holdMinutes: z.number().min(0).max(10_080),
      minRequests: z.int().min(1),
      clearSeconds: z.int().min(0).max(3_600),
    })
    .refine(
      ({ steps }) => steps.at(-1) === 100 && steps.every((one, at) => at === 0 || one > (steps[at - 1] ?? 0)),
      {
        message: 'must rise and end at 100',
        path: ['steps'],
      },
    )
    .default({ steps: [1, 5, 10, 25, 50, 100], holdMinutes: 10, minRequests: 59, clearSeconds: 120 }),
  triggers: z
    .strictObject({
      tickSeconds: z.int().min(1).max(60),
      maxGapSeconds: z.int().min(0),
      clearTicks: z.int().min(1).max(10),
      errorPercent: band,
      p95Ms: band,
      mismatchPercent: band,
    })
    .default({
      tickSeconds: 15,
      maxGapSeconds: 60,
      clearTicks: 2,
      errorPercent: { ok: 1, breach: 5, holdSeconds: 300 },
      p95Ms: { ok: 500, breach: 1_000, holdSeconds: 600 },
      mismatchPercent: { ok: 0.5, breach: 2, holdSeconds: 300 },
    }),
  validation: z
    .strictObject({ slowerPercent: percent, morePoints: percent, minSampled: z.int().min(1) })
    .default({ slowerPercent: 10, morePoints: 0.5, minSampled: 100 }),
  bakeDays: z.number().min(0).max(90).default(3),
  reverseLagSeconds: z.number().positive().default(60),
  idleDays: z.number().min(0).max(365).default(14),
})

/** MigrationsPolicy is the parsed policy; a migration keeps the one it began under. */
export type MigrationsPolicy = z.infer<typeof migrationsPolicySchema>

/** DEFAULT_MIGRATIONS_POLICY is what counts when no policy file says otherwise; equal to the shipped file. */
export const DEFAULT_MIGRATIONS_POLICY: MigrationsPolicy = migrationsPolicySchema.parse({})

/** staleAfterMs is how old a figure may be that is told every tick: beyond it, what it is now is not known. */
export function staleAfterMs({ triggers }: MigrationsPolicy): number {
  return (triggers.maxGapSeconds + 2 * triggers.tickSeconds) * 1_000
}

/** rehearsed is a policy without waits, for a rehearsal: every check stays, nothing has to be held for hours or days. */
export function rehearsed(policy: MigrationsPolicy): MigrationsPolicy {
  const { triggers, shift, parallel } = policy
  return {
    ...policy,
    quietHours: 0,
    bakeDays: 0,
    idleDays: 0,
    parallel: {
      ...parallel,
      noiseRequests: Math.min(parallel.noiseRequests, 100),
      requests: Math.min(parallel.requests, 200),
    },
    shift: { ...shift, holdMinutes: 0, clearSeconds: 0 },
    triggers: {
      ...triggers,
      tickSeconds: 1,
      errorPercent: { ...triggers.errorPercent, holdSeconds: 0 },
      p95Ms: { ...triggers.p95Ms, holdSeconds: 0 },
      mismatchPercent: { ...triggers.mismatchPercent, holdSeconds: 0 },
    },
  }
}
