import { z } from 'zod'
import { ENVIRONMENTS } from './policy-services'

const wall = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day such as "14:00"')
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as "2026-11-26"')
const zone = z.string().refine((name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}, 'an IANA time zone such as "America/Chicago"')

const weekly = z
  .strictObject({
    type: z.literal('weekly'),
    /** days count from 1 = Monday to 7 = Sunday. */
    days: z.array(z.number().int().min(1).max(7)).min(1),
    from: wall,
    to: wall,
  })
  .refine((it) => it.from < it.to, 'it ends after it begins, on the same day')

const dates = z
  .strictObject({ type: z.literal('dates'), from: day, to: day })
  .refine((it) => it.from <= it.to, 'the last day is not before the first')

/** whenSchema is when a rule counts, in local civil time. */
export const whenSchema = z.discriminatedUnion('type', [
  weekly,
  dates,
  /** Federal holidays of the United States as they are observed: Saturday's on Friday, Sunday's on Monday. */
  z.strictObject({ type: z.literal('us-federal-holidays') }),
  /** The last business days of every month: Monday to Friday that are no federal holiday. */
  z.strictObject({ type: z.literal('month-end'), businessDays: z.number().int().min(1).max(10) }),
  /** The last calendar days of March, June, September and December. */
  z.strictObject({ type: z.literal('quarter-end'), days: z.number().int().min(1).max(31) }),
])

/** windowRuleSchema is one rule: it allows or denies, in a zone, for environments and services, with its reason. */
export const windowRuleSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,59}$/),
  kind: z.enum(['allow', 'deny']),
  environments: z.array(z.enum(ENVIRONMENTS)).min(1).default(['production']),
  /** services: only these; left out, all. */
  services: z.array(z.string().min(1)).optional(),
  zone: zone.optional(),
  when: whenSchema,
  reason: z.string().min(3).max(160),
})

const shippedRules: z.input<typeof windowRuleSchema>[] = [
  {
    id: 'production-hours',
    kind: 'allow',
    when: { type: 'weekly', days: [2, 3, 4], from: '10:00', to: '14:00' },
    reason: 'Tuesday to Thursday, 10:00 to 14:00',
  },
  {
    id: 'staging-hours',
    kind: 'allow',
    environments: ['staging'],
    when: { type: 'weekly', days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' },
    reason: 'business hours',
  },
  { id: 'holiday', kind: 'deny', when: { type: 'us-federal-holidays' }, reason: 'holiday' },
  {
    id: 'month-end',
    kind: 'deny',
    when: { type: 'month-end', businessDays: 2 },
    reason: 'the last two business days of the month',
  },
  {
    id: 'quarter-end',
    kind: 'deny',
    when: { type: 'quarter-end', days: 7 },
    reason: 'the last week of the quarter',
  },
]

/** windowsPolicySchema validates `policy/windows.yaml`: when a deployment may start. Production that no rule allows is closed. */
export const windowsPolicySchema = z
  .strictObject({
    zone: zone.default('America/Chicago'),
    rules: z.array(windowRuleSchema).max(100).prefault(shippedRules),
    /** incidents freeze by themselves while one of these severities is open. */
    incidentSeverities: z.array(z.enum(['P1', 'P2', 'P3', 'P4'])).default(['P1', 'P2']),
    /** slipMinutes: an announced start that is later than this is announced again. */
    slipMinutes: z.number().min(1).max(240).default(10),
    /** overrideMinutes is how long an override counts, overrideAskMinutes how long its question stands. */
    overrideMinutes: z.number().min(5).max(480).default(120),
    overrideAskMinutes: z.number().min(5).max(480).default(30),
    reviewHours: z.number().min(1).max(168).default(24),
  })
  .refine((it) => new Set(it.rules.map(({ id }) => id)).size === it.rules.length, {
    path: ['rules'],
    message: 'every rule has an id of its own',
  })

/** WindowsPolicy is the parsed policy of windows. */
export type WindowsPolicy = z.infer<typeof windowsPolicySchema>

/** WindowRule is one rule of it. */
export type WindowRule = z.infer<typeof windowRuleSchema>

/** DEFAULT_WINDOWS_POLICY is what counts when no policy file says otherwise; equal to the shipped file. */
export const DEFAULT_WINDOWS_POLICY: WindowsPolicy = windowsPolicySchema.parse({})
