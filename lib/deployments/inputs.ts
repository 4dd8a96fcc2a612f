import { z } from 'zod'
import { ENVIRONMENTS } from './policy-services'

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits')
const tag = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'must be a tag such as "1.43.0"')
const service = z.string().regex(/^[a-z][a-z0-9-]{1,59}$/, 'must be the id of a service')
const when = z.iso.datetime('must be an instant such as 2026-11-18T18:00:00Z')
const link = z.union([
  z.literal(''),
  z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
])
const configName = z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'must be the name of a variable')

/** number is a deployment's number, version the change that the caller saw. */
export const number = z.number().int().min(1).max(2_147_483_647)

/** seen names a deployment as the caller saw it. */
export const seen = { number, version: z.number().int().min(1) }

/** reason is why somebody does something that others will ask about. */
export const reason = z.string().trim().min(10, 'say why, in at least ten characters').max(1_000)

const said = z.strictObject({
  item: z.string().min(3).max(60),
  state: z.enum(['passed', 'failed']).default('passed'),
  words: z.string().trim().min(2, 'say what you saw').max(300),
  link: link.default(''),
})

const choices = {
  startAt: when.optional(),
  steps: z
    .array(
      z.strictObject({ percent: z.number().int().min(1).max(100), minutes: z.number().min(0).max(1_440) }),
    )
    .min(1)
    .max(10)
    .refine((steps) => steps.at(-1)?.percent === 100, 'the last step is 100 %')
    .refine(
      (steps) => steps.every((step, at) => at === 0 || step.percent > (steps[at - 1]?.percent ?? 0)),
      'each step is larger than the one before',
    )
    .optional(),
  bakeMinutes: z.number().min(0).max(1_440).optional(),
  isAtOnce: z.boolean().optional(),
  keepWarm: z.boolean().optional(),
  tag: tag.optional(),
  digest: digest.optional(),
  config: z.record(configName, z.union([z.string().max(500), z.null()])).optional(),
  migrations: z
    .array(z.strictObject({ id: z.string().min(1).max(120), isReversible: z.boolean() }))
    .max(100)
    .optional(),
  rollback: z.strictObject({ digest, tag, revision: z.string().max(60).default('') }).optional(),
  notes: z.string().max(4_000).optional(),
  link: link.optional(),
}

/** INPUTS are what the commands of this room take. */
export const INPUTS = {
  plan: z.strictObject({
    ...choices,
    service,
    environment: z.enum(ENVIRONMENTS).default('production'),
    tag,
    title: z.string().max(200).default(''),
    kind: z.enum(['release', 'fix', 'rollback']).default('release'),
    baseline: z.strictObject({ digest, tag }).optional(),
    commits: z
      .strictObject({
        from: z.string().regex(/^[0-9a-f]{7,40}$/),
        to: z.string().regex(/^[0-9a-f]{7,40}$/),
        count: z.number().int().min(0),
        authors: z.array(z.string().min(1).max(60)).max(50),
      })
      .optional(),
    committedAt: when.optional(),
    incidentNumber: number.optional(),
    /** evidence is what CI or a person says of items at once, e.g. that all tests passed. */
    evidence: z.array(said).max(60).default([]),
    isDraft: z.boolean().default(false),
  }),
  submit: z.strictObject(seen),
  /** seenRevision is the plan that was seen: words said of it meanwhile are void anyway, and no conflict. */
  revise: z
    .strictObject({
      number,
      seenRevision: z.number().int().min(1),
      /** seenVersion is the change that was seen: notes and link make no revision, and two people may edit them. */
      seenVersion: z.number().int().min(1).optional(),
      ...choices,
      note: z.string().max(300).default(''),
    })
    .refine((it) => it.seenVersion !== undefined || (it.notes === undefined && it.link === undefined), {
      path: ['seenVersion'],
      message: 'say which version you saw: notes and link make no revision',
    }),
  refresh: z.strictObject({ number }),
  approve: z.strictObject({
    number,
    revision: z.number().int().min(1),
    hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be the hash that you read'),
    /** typed is the service's name, typed again: nobody approves by a slip of the thumb. */
    typed: z.string().max(60),
    /** whenMet are the conditions that the page showed as unmet: the word counts once they are met. */
    whenMet: z.array(z.string().max(80)).max(80).default([]),
    comment: z.string().max(1_000).default(''),
  }),
  reject: z.strictObject({ number, revision: z.number().int().min(1), comment: reason }),
  revoke: z.strictObject({ number }),
  hold: z.strictObject({ number, until: z.union([when, z.null()]), reason: z.string().max(300).default('') }),
  cancel: z.strictObject({ number, reason }),
  tell: z.strictObject({ number, ...said.shape }),
  waive: z.strictObject({ number, item: z.string().min(3).max(60), reason }),
  rehearsed: z.strictObject({
    number,
    seconds: z.number().int().min(1).max(86_400),
    isWarm: z.boolean(),
    link: link.default(''),
  }),
  askOverride: z.strictObject({
    number,
    ruleIds: z.array(z.string().min(2).max(80)).min(1, 'name the rules').max(20),
    reason: z.string().trim().min(20, 'say why, in at least twenty characters').max(1_000),
    link: z.url({ protocol: /^https?$/, error: 'link the incident or the ticket' }),
    isSolo: z.boolean().default(false),
  }),
  decideOverride: z.strictObject({ override: z.uuid('must be an override id'), agree: z.boolean() }),
  reviewOverride: z.strictObject({ override: z.uuid('must be an override id'), note: reason }),
  freeze: z
    .strictObject({
      kind: z.enum(['event', 'stop-line']),
      service: z.union([z.literal(''), service]).default(''),
      reason,
      startsAt: when.optional(),
      endsAt: when.optional(),
    })
    .refine((it) => it.kind === 'stop-line' || it.endsAt !== undefined, {
      path: ['endsAt'],
      message: 'an event has an end',
    })
    .refine((it) => it.endsAt === undefined || it.startsAt === undefined || it.startsAt < it.endsAt, {
      path: ['endsAt'],
      message: 'it ends after it begins',
    }),
  addSecret: z.strictObject({
    name: z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,99}$/, 'must be the name of a secret, never its value'),
    service,
    environment: z.enum(ENVIRONMENTS).default('production'),
    owner: z.string().trim().min(1).max(80),
    everyDays: z.number().int().min(1).max(365).default(90),
    rotatedAt: when,
    consumers: z.array(z.string().trim().min(1).max(80)).max(50).default([]),
  }),
  rotate: z.strictObject({
    secret: z.uuid('must be a secret id'),
    version: z.number().int().min(1),
    step: z.enum(['begin', 'restarted', 'finish']),
    /** dualHours is how long both values are good. */
    dualHours: z.number().min(1).max(720).default(24),
    consumer: z.string().max(80).optional(),
    note: z.string().max(300).default(''),
  }),
  decideSize: z.strictObject({
    proposal: z.uuid('must be a proposal id'),
    take: z.boolean(),
    reason,
  }),
  lift: z.strictObject({ freeze: z.uuid('must be a freeze id'), reason }),
} as const
