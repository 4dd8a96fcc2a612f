import { z } from 'zod'

const seconds = z.number().positive().max(86_400)
const minutes = z.number().positive().max(10_080)
const hours = z.number().positive().max(8_760)
const percent = z.number().min(0).max(100)
const celsius = z.number().min(-40).max(130)
const perMinute = z.number().min(0).max(1_000_000)
const count = z.number().int().min(1).max(1_000)
const milliseconds = z.number().positive().max(600_000)

const freshnessSchema = z.strictObject({
  dcgmMaxAgeSeconds: seconds.default(120),
  agentMaxAgeSeconds: seconds.default(60),
  vastMaxAgeSeconds: seconds.default(60),
  temporalMaxAgeSeconds: seconds.default(45),
  serviceMaxAgeSeconds: seconds.default(45),
  metricsMaxAgeSeconds: seconds.default(300),
  providerPageMaxAgeSeconds: seconds.default(900),
  creditMaxAgeSeconds: seconds.default(300),
})

const gpuSchema = z.strictObject({
  xidFreshMinutes: minutes.default(30),
  assumedWarnC: celsius.default(85),
  assumedBreachC: celsius.default(95),
  assumedHoldSeconds: seconds.default(150),
  limitHoldSeconds: seconds.default(300),
  marginWarnC: celsius.default(5),
  marginBreachC: celsius.default(0),
  hbmWarnC: celsius.default(85),
  hbmBreachC: celsius.default(95),
  memoryWarnC: celsius.default(95),
  memoryBreachC: celsius.default(105),
  vramWarnPercent: percent.default(95),
  vramHoldSeconds: seconds.default(600),
  slowdownWindowMinutes: minutes.default(10),
  slowdownBreachPerMinute: z.number().positive().max(60).default(0.6),
})

const instanceSchema = z.strictObject({
  leaveRunningPolls: count.default(2),
  leaveRunningSeconds: seconds.default(30),
  flapWindowMinutes: minutes.default(15),
  strandedAfterSeconds: seconds.default(30),
  provisioningWarnMinutes: minutes.default(10),
  provisioningBreachMinutes: minutes.default(30),
  connectingSeconds: seconds.default(90),
  rebootWarnMinutes: minutes.default(5),
  contractWarnHours: hours.default(24),
  diskBreachPercent: percent.default(95),
})

const queueSchema = z.strictObject({
  freshPollerSeconds: seconds.default(120),
  oldestWarnSeconds: seconds.default(120),
  oldestBreachSeconds: seconds.default(600),
  growthHoldSeconds: seconds.default(300),
  stalledHoldSeconds: seconds.default(120),
})

const serviceSchema = z.strictObject({
  missesForDown: count.default(3),
  hitsForUp: count.default(2),
  loadingUsualSeconds: seconds.default(180),
  latencyWarnMs: milliseconds.default(2_000),
})

const apiSchema = z.strictObject({
  serverErrorsBreachPerMinute: perMinute.default(10),
  authErrorsBreachPerMinute: perMinute.default(0),
  rateLimitedBreachPerMinute: perMinute.default(5),
  errorRatioWarnPercent: percent.default(1),
  errorRatioBreachPercent: percent.default(5),
  p95WarnMs: milliseconds.default(500),
  p95BreachMs: milliseconds.default(1_000),
  p99BreachMs: milliseconds.default(5_000),
})

const creditSchema = z.strictObject({
  runwayInfoHours: hours.default(48),
  runwayWarnHours: hours.default(12),
  runwayBreachHours: hours.default(3),
})

const planesSchema = z.strictObject({
  hostsBreachCount: count.default(2),
  gpusBreachSharePercent: percent.default(1),
  xidWindowMinutes: minutes.default(60),
})

const conclusionsSchema = z.strictObject({
  probesOkSharePercent: percent.default(90),
})

/** healthPolicySchema validates the rating thresholds and holds; every field has its shipped default and its unit in its name. */
export const healthPolicySchema = z.strictObject({
  freshness: freshnessSchema.prefault({}),
  gpu: gpuSchema
    .refine((it) => it.assumedWarnC < it.assumedBreachC, {
      message: 'assumedWarnC must be below assumedBreachC',
      path: ['assumedWarnC'],
    })
    .refine((it) => it.marginWarnC > it.marginBreachC, {
      message:
        'marginWarnC must be above marginBreachC: a margin is degrees left, so it shrinks as the card heats',
      path: ['marginWarnC'],
    })
    .prefault({}),
  instance: instanceSchema
    .refine((it) => it.provisioningWarnMinutes < it.provisioningBreachMinutes, {
      message: 'provisioningWarnMinutes must be below provisioningBreachMinutes',
      path: ['provisioningWarnMinutes'],
    })
    .prefault({}),
  queue: queueSchema
    .refine((it) => it.oldestWarnSeconds < it.oldestBreachSeconds, {
      message: 'oldestWarnSeconds must be below oldestBreachSeconds',
      path: ['oldestWarnSeconds'],
    })
    .prefault({}),
  service: serviceSchema.prefault({}),
  api: apiSchema
    .refine((it) => it.errorRatioWarnPercent < it.errorRatioBreachPercent, {
      message: 'errorRatioWarnPercent must be below errorRatioBreachPercent',
      path: ['errorRatioWarnPercent'],
    })
    .refine((it) => it.p95WarnMs < it.p95BreachMs, {
      message: 'p95WarnMs must be below p95BreachMs',
      path: ['p95WarnMs'],
    })
    .prefault({}),
  credit: creditSchema
    .refine((it) => it.runwayBreachHours < it.runwayWarnHours && it.runwayWarnHours < it.runwayInfoHours, {
      message: 'runway hours must fall: runwayInfoHours above runwayWarnHours above runwayBreachHours',
      path: ['runwayWarnHours'],
    })
    .prefault({}),
  planes: planesSchema.prefault({}),
  conclusions: conclusionsSchema.prefault({}),
})

/** HealthPolicy is the parsed policy that every rating rule takes as an argument. */
export type HealthPolicy = z.infer<typeof healthPolicySchema>

/** DEFAULT_HEALTH_POLICY is what rules use when no policy file says otherwise; equal to the shipped file. */
export const DEFAULT_HEALTH_POLICY: HealthPolicy = healthPolicySchema.parse({})
