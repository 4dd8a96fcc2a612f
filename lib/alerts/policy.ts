import { z } from 'zod'
import { HOST_FIGURES } from '../health/host-figures'

const seconds = z.number().min(0).max(86_400)
const word = z.string().trim().min(1).max(60).toLowerCase()
const level = z.enum(['P1', 'P2', 'P3', 'P4'])

const API_FIGURES = ['serverErrors', 'authErrors', 'rateLimited', 'errorRatio', 'p95', 'p99'] as const

const limit = {
  above: z.number().min(-1e9).max(1e9).optional(),
  below: z.number().min(-1e9).max(1e9).optional(),
}

const signalSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('api'), figure: z.enum(API_FIGURES), ...limit }),
  z.strictObject({ kind: z.literal('credit'), figure: z.literal('runwayHours'), ...limit }),
  z.strictObject({ kind: z.literal('hosts'), figure: z.enum(HOST_FIGURES), ...limit }),
  z.strictObject({ kind: z.literal('services'), rating: z.literal('breach') }),
  z.strictObject({ kind: z.literal('queues'), rating: z.literal('breach') }),
])

const ruleSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'lower-case words joined by dots or hyphens'),
    name: z.string().min(1).max(80),
    level,
    /** holdSeconds is how much breach must have been observed before it fires. */
    holdSeconds: seconds.default(0),
    signal: signalSchema,
    sentence: z.string().min(1).max(300),
    action: z.string().max(300).default(''),
  })
  .refine(
    ({ signal }) => !('figure' in signal) || (signal.above === undefined) !== (signal.below === undefined),
    { message: 'a figure needs exactly one of above and below', path: ['signal'] },
  )

/** AlertRule is one rule of our own, as data. */
export type AlertRule = z.infer<typeof ruleSchema>

const triggerSchema = z.strictObject({
  tickSeconds: z.number().int().min(5).max(300).default(15),
  maxGapSeconds: seconds.default(60),
  clearTicks: z.number().int().min(1).max(20).default(2),
})

const severitySchema = z.strictObject({
  P1: z.array(word).default(['critical', 'page', 'p1', 'sev1', 'emergency', 'fatal', 'disaster']),
  P2: z.array(word).default(['error', 'high', 'major', 'p2', 'sev2']),
  P3: z.array(word).default(['warning', 'warn', 'minor', 'medium', 'p3', 'sev3']),
  P4: z.array(word).default(['info', 'information', 'none', 'low', 'ok', 'p4', 'sev4']),
  other: level.default('P3'),
})

const heartbeatSchema = z.strictObject({
  alertname: z.string().min(1).max(200).default('Watchdog'),
  intervalSeconds: z.number().min(5).max(86_400).default(60),
  level: level.default('P2'),
  /** required raises the alarm also when no heartbeat was ever delivered. */
  required: z.boolean().default(false),
})

const reconcileSchema = z.strictObject({
  everySeconds: z.number().int().min(5).max(3_600).default(60),
  closeAfterSeconds: seconds.default(120),
  /** settleSeconds: for this long after a restart the source's list is not trusted to be complete. */
  settleSeconds: seconds.default(300),
  /** webhookGraceSeconds is how long a listed alert may be without a delivery before the webhook counts as silent. */
  webhookGraceSeconds: seconds.default(120),
})

const linkingSchema = z.strictObject({
  everySeconds: z.number().int().min(1).max(300).default(5),
  /** agreeing is how many of rule, plane and place must be the same before a machine links by itself. */
  agreeing: z.number().int().min(1).max(3).default(2),
  /** windowMinutes: an alert may have begun so long before the declaration and still belong to it. */
  windowMinutes: z.number().min(0).max(1_440).default(30),
  /** pendingPerIncident is how many proposals may wait for a person. */
  pendingPerIncident: z.number().int().min(0).max(200).default(20),
})

/** alertsPolicySchema validates `policy/alerts.yaml`: severity words, our own rules, heartbeat, reconciliation, linking to incidents. */
export const alertsPolicySchema = z.strictObject({
  severity: severitySchema.prefault({}),
  trigger: triggerSchema.prefault({}),
  heartbeat: heartbeatSchema.prefault({}),
  reconcile: reconcileSchema.prefault({}),
  linking: linkingSchema.prefault({}),
  rules: z
    .array(ruleSchema)
    .max(200)
    .refine((rules) => new Set(rules.map((rule) => rule.id)).size === rules.length, {
      message: 'two rules have the same id',
    })
    .default([]),
})

/** AlertsPolicy is the parsed policy; without a file there is no rule of our own. */
export type AlertsPolicy = z.infer<typeof alertsPolicySchema>

/** DEFAULT_ALERTS_POLICY is what stands when no policy file can be read. */
export const DEFAULT_ALERTS_POLICY: AlertsPolicy = alertsPolicySchema.parse({})
