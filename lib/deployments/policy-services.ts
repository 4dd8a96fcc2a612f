import { z } from 'zod'
import { ITEMS } from './checklist'

const id = z.string().regex(/^[a-z][a-z0-9-]{1,59}$/, 'small letters, digits and hyphens, e.g. "asr-api"')
const seconds = z.number().positive().max(86_400)
const minutes = z.number().min(0).max(10_080)
const percent = z.number().min(0).max(100)

/** PROVIDERS are where a service can run. */
export const PROVIDERS = ['kubernetes', 'fly', 'vast'] as const

/** ENVIRONMENTS are the two places of a service. */
export const ENVIRONMENTS = ['staging', 'production'] as const

const kubernetesTarget = z
  .strictObject({
    provider: z.literal('kubernetes'),
    name: id,
    namespace: id,
    deployment: id,
    /** canaryDeployment is the second Deployment (track=canary) that takes the share; without it none is possible. */
    canaryDeployment: id.optional(),
    container: id.optional(),
    /** share: what splits the requests. `gateway` is an HTTPRoute and `ingress` a canary Ingress of nginx, both exact; `replicas` is the ratio of pods. */
    share: z.enum(['replicas', 'gateway', 'ingress']).default('replicas'),
    /** route is the name of the HTTPRoute or canary Ingress. */
    route: id.optional(),
    /** canaryService is the backend of the HTTPRoute that leads to the canary; by default it is called as the canary Deployment. */
    canaryService: id.optional(),
  })
  .refine((it) => it.share === 'replicas' || (it.route !== undefined && it.canaryDeployment !== undefined), {
    path: ['route'],
    message: 'a share by weight needs the route that splits it, and a canaryDeployment behind it',
  })
  .refine((it) => it.share !== 'replicas' || it.route === undefined, {
    path: ['share'],
    message: 'a route is named, so say what it is: gateway or ingress',
  })

const flyTarget = z.strictObject({
  provider: z.literal('fly'),
  name: id,
  app: id,
})

const vastTarget = z.strictObject({
  provider: z.literal('vast'),
  name: id,
  /** label chooses the instances by their label; instances names them one by one. */
  label: z.string().min(1).max(120).optional(),
  instances: z
    .array(z.string().regex(/^\d{1,12}$/))
    .max(200)
    .default([]),
  /** mode: a second instance behind the team's router is a true canary, replacing in place is 100 % at once. */
  mode: z.enum(['second-instance', 'in-place']).default('in-place'),
  /** image: whether instances are pinned by digest or follow a tag. */
  image: z.enum(['by-digest', 'by-tag']).default('by-tag'),
})

/** targetSchema is one place where an environment runs. */
export const targetSchema = z.discriminatedUnion('provider', [kubernetesTarget, flyTarget, vastTarget])

const environmentSchema = z.strictObject({
  /** appName must end in `-staging` in staging and must not in production. */
  appName: id,
  targets: z.array(targetSchema).min(1).max(20),
  /** healthUrl answers with the state of the service and of what it depends on; healthService names one that Sources watch. */
  healthUrl: z.url().optional(),
  healthService: id.optional(),
  /** signals are PromQL expressions of this environment; each gives one number. */
  signals: z
    .strictObject({
      requestsPerMinute: z.string().min(3).max(500).optional(),
      errorPercent: z.string().min(3).max(500).optional(),
      p95Ms: z.string().min(3).max(500).optional(),
      memoryPercent: z.string().min(3).max(500).optional(),
      cpuPercent: z.string().min(3).max(500).optional(),
    })
    .prefault({}),
  /** secrets are names that must be set; their values are never read. */
  secrets: z.array(z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,99}$/)).default([]),
  /** secretObject is the Kubernetes Secret that holds them. */
  secretObject: id.optional(),
  size: z.strictObject({ cpus: z.number().positive(), memoryMb: z.number().int().positive() }).optional(),
})

const slotSchema = z.strictObject({
  slot: id,
  /** roles: anybody who holds one of them may fill the slot. */
  roles: z.array(z.enum(['responder', 'commander', 'comms', 'reviewer', 'manager', 'admin'])).min(1),
  /** people narrows the slot to these handles. */
  people: z.array(z.string().min(1).max(60)).optional(),
})

const stepSchema = z.strictObject({ percent: z.number().int().min(1).max(100), minutes })

const bandSchema = z.strictObject({ warning: z.number().positive(), critical: z.number().positive() })

const itemSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)?$/),
  title: z.string().min(3).max(120),
  /** freshHours is how long a person's word counts. */
  freshHours: z.number().positive().max(8_760).default(168),
})

const stepsSchema = z
  .array(stepSchema)
  .min(1)
  .max(10)
  .refine((steps) => steps.at(-1)?.percent === 100, 'the last step is 100 %')
  .refine(
    (steps) => steps.every((step, at) => at === 0 || step.percent > (steps[at - 1]?.percent ?? 0)),
    'each step is larger than the one before',
  )

/** serviceSchema validates `runbooks/services/*.yaml`: one service in staging and production, and what it takes to deploy it. */
export const serviceSchema = z
  .strictObject({
    id,
    title: z.string().min(2).max(80),
    owner: z.string().min(1).max(80),
    provider: z.enum(PROVIDERS),
    /** image is the repository without tag, e.g. `ghcr.io/acme/asr-api`. */
    image: z.string().regex(/^[a-z0-9.:-]+(\/[a-z0-9._-]+)+$/, 'a repository such as "ghcr.io/acme/asr-api"'),
    environments: z.strictObject({ staging: environmentSchema, production: environmentSchema }),
    steps: stepsSchema.default([
      { percent: 10, minutes: 10 },
      { percent: 50, minutes: 5 },
      { percent: 100, minutes: 10 },
    ]),
    bakeMinutes: minutes.default(15),
    soakMinutes: minutes.default(30),
    announceMinutes: minutes.default(15),
    approvalHours: z.number().positive().max(168).default(24),
    approvals: z
      .array(slotSchema)
      .max(6)
      .default([
        { slot: 'engineer', roles: ['responder', 'commander'] },
        { slot: 'manager', roles: ['manager'] },
      ]),
    thresholds: z
      .strictObject({
        errorPercent: bandSchema.default({ warning: 1, critical: 5 }),
        p95Ms: bandSchema.default({ warning: 500, critical: 1_000 }),
        memoryPercent: bandSchema.default({ warning: 70, critical: 85 }),
      })
      .prefault({}),
    rollback: z
      .strictObject({
        budgetSeconds: seconds.default(300),
        /** switchSeconds is the way back while the old version is kept warm: the route changes and is looked at. */
        switchSeconds: seconds.default(110),
        /** startSeconds is what a cold start takes after the image is there. */
        startSeconds: seconds.default(60),
        /** pullMbPerSecond predicts a cold pull; a rehearsal that was measured counts before it. */
        pullMbPerSecond: z.number().positive().max(10_000).default(50),
        warmUsdPerHour: z.number().min(0).max(100_000).optional(),
        rehearsalDays: z.number().positive().max(365).default(30),
      })
      .prefault({}),
    /** traffic is what the power of a step is computed from while nothing measured says otherwise. */
    traffic: z.strictObject({ requestsPerMinute: z.number().positive() }).optional(),
    baselineErrorPercent: percent.default(1),
    /** downstream are services that feel a failure of this one. */
    downstream: z.array(z.string().min(1).max(80)).default([]),
    /** components are those of the status page that this service carries, by name: an incident that names one freezes it. */
    components: z.array(z.string().trim().min(1).max(120)).max(40).default([]),
    tenants: z.number().int().min(0).optional(),
    /** items are checks of this service's own, told by hand, beside those of the checklist. */
    items: z.array(itemSchema).max(40).default([]),
    /** leaveOut names items of the checklist that this service has no use for, with the reason in `because`. */
    leaveOut: z
      .array(z.strictObject({ item: z.string().min(3).max(60), because: z.string().min(10).max(240) }))
      .default([]),
    /** rules are Prometheus rule groups or alerts that must exist before production. */
    rules: z.array(z.string().min(1).max(120)).default([]),
    /** apiLimits is how much of a provider's request limit must be free, in percent. */
    apiHeadroomPercent: percent.default(20),
  })
  .superRefine(({ leaveOut }, context) => {
    for (const [at, { item }] of leaveOut.entries())
      if (!ITEMS.some(({ id: known }) => known === item))
        context.addIssue({
          code: 'custom',
          path: ['leaveOut', at, 'item'],
          message: `the checklist has no item ${item}`,
        })
  })
  .refine((it) => it.environments.staging.appName.endsWith('-staging'), {
    path: ['environments', 'staging', 'appName'],
    message: 'the name of a staging app ends in -staging',
  })
  .refine((it) => !it.environments.production.appName.endsWith('-staging'), {
    path: ['environments', 'production', 'appName'],
    message: 'the name of a production app does not end in -staging',
  })
  .refine(
    (it) =>
      [...it.environments.staging.targets, ...it.environments.production.targets].every(
        ({ provider }) => provider === it.provider,
      ),
    { path: ['environments'], message: 'every target is at the provider of the service' },
  )
