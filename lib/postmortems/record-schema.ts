import { z } from 'zod'

const TEXT = 4_000
const LINE = 1_000

/** instant is epoch milliseconds. */
export const instant = z.int().min(0).max(8_640_000_000_000_000).describe('epoch milliseconds')
const line = z.string().max(LINE)
const ref = z.string().max(200)
/** severity is how bad it was for users. */
export const severity = z.enum(['P1', 'P2', 'P3', 'P4'])

const link = z
  .strictObject({
    label: z.string().max(120).describe('what is found there'),
    href: z.string().max(2_000).describe('a path of the console, or an https address'),
  })
  .nullable()

/** rowSchema is one row of the timeline. */
export const rowSchema = z.strictObject({
  id: ref.describe('unique in the document, so that a text can point at it'),
  kind: z.enum(['entry', 'gap', 'disagreement']),
  eventAtMs: instant.describe('when it happened'),
  toMs: instant
    .nullable()
    .describe('the end of a time without evidence; null for all else and where it goes on'),
  receivedAtMs: instant
    .nullable()
    .describe('when the console learned of it; null where nothing was received'),
  source: z.enum(['record', 'alert', 'probe', 'triage', 'action', 'message', 'provider']),
  sourceName: z.string().max(120),
  by: z.string().max(120),
  text: line,
  isKey: z.boolean().describe('whether it decided the course'),
  doubt: z.string().max(300).describe('why its time can’t be taken as it is; empty when it can'),
  link,
})

const milestone = z.strictObject({
  key: z.enum(['impact', 'detected', 'declared', 'acknowledged', 'first-public', 'mitigated', 'resolved']),
  atMs: instant.nullable(),
  why: line.describe('what it rests on, or why it is not known'),
  rows: z.array(ref).max(20).describe('the rows of the timeline that it rests on'),
})

const step = z.strictObject({
  question: z.string().max(200),
  title: line,
  verdict: z.enum(['yes', 'no', 'unknown', 'stale', 'overridden']),
  machine: z.string().max(40).describe('what the machine answered'),
  evidence: line,
  override: z
    .strictObject({ answer: z.string().max(40), reason: line, by: z.string().max(120), atMs: instant })
    .nullable(),
})

const cause = z.strictObject({
  leaf: z.string().max(200),
  title: line,
  state: z.string().max(40),
  explainedBy: z.string().max(200).nullable(),
})

const action = z.strictObject({
  id: ref,
  action: z.string().max(200),
  title: line,
  risk: z.string().max(40),
  state: z.string().max(40),
  by: z.string().max(120),
  preparedAtMs: instant,
  sentAtMs: instant.nullable(),
  decidedAtMs: instant.nullable(),
  outcome: z.string().max(TEXT),
  approvedBy: z.string().max(120),
  isBreakGlass: z.boolean(),
})

const message = z.strictObject({
  id: ref,
  audience: z.string().max(40),
  status: z.string().max(40),
  title: line,
  body: z.string().max(20_000),
  atMs: instant,
  author: z.string().max(120),
  promisedAtMs: instant.nullable().describe('when the next one was promised'),
  promise: z.enum(['none', 'kept', 'late', 'missed']),
  lateMs: z.int().min(0).nullable(),
})

const chart = z.strictObject({
  key: z.enum(['error-rate', 'latency', 'queue', 'gpus']),
  title: z.string().max(120),
  unit: z.string().max(20),
  fromMs: instant,
  stepMs: z.int().min(1_000),
  series: z
    .array(z.strictObject({ name: z.string().max(120), values: z.array(z.number().nullable()).max(5_000) }))
    .max(20),
  limit: z.strictObject({ value: z.number(), label: z.string().max(60) }).nullable(),
  source: line.describe('where the values were read'),
  missing: line.describe('what is not known of it; empty when it is whole'),
})

const figure = z.strictObject({
  key: z.enum(['requests-failed', 'time-above-limit', 'gpus-down', 'gpu-hours', 'spend', 'users', 'revenue']),
  label: z.string().max(120),
  value: z.number().nullable(),
  unit: z.enum(['count', 'ms', 'hours', 'usd']),
  method: z.string().max(TEXT).describe('how it was counted, with its numbers filled in'),
  unknown: line.describe('why there is no value; empty when there is one'),
})

const meta = z.strictObject({
  incident: z.string().max(40).nullable(),
  title: z.string().max(300),
  errorType: z.string().max(200).describe('what kind of failure it was, as triage named it'),
  severity,
  severityChanges: z
    .array(
      z.strictObject({
        atMs: instant,
        from: severity.nullable(),
        to: severity,
        by: z.string().max(120),
        reason: line,
      }),
    )
    .max(200),
  isDrill: z.boolean(),
  visibility: z.enum(['restricted', 'internal', 'public']),
  declaredBy: z.string().max(120),
  startedAtMs: instant.describe('when impact began as far as known, else the declaration'),
  endedAtMs: instant.nullable().describe('when it was resolved; null while it goes on'),
  durationMs: z.int().min(0).nullable(),
  draftedAtMs: instant,
  roles: z
    .array(
      z.strictObject({
        role: z.string().max(40),
        handle: z.string().max(120),
        fromMs: instant,
        toMs: instant.nullable(),
      }),
    )
    .max(500),
  responders: z
    .array(z.string().max(120))
    .max(500)
    .describe('handles of all who did something in the response'),
  hosts: z.array(z.string().max(120)).max(500).describe('provider hosts that were touched'),
  components: z.array(z.strictObject({ id: z.string().max(120), name: z.string().max(200) })).max(200),
})

/** recordSchema is what the sources said of an incident; strict, so that an import says where it does not fit. */
export const recordSchema = z.strictObject({
  meta,
  milestones: z.array(milestone).max(20),
  timeline: z.array(rowSchema).max(20_000),
  leftOut: z.int().min(0).describe('how many rows were beyond the limit'),
  triage: z.strictObject({
    path: z.array(step).max(500),
    causes: z.array(cause).max(100),
    unanswered: z.array(line).max(200),
    note: line,
  }),
  actions: z.array(action).max(500),
  messages: z.array(message).max(2_000),
  charts: z.array(chart).max(20),
  impact: z.array(figure).max(20),
})

/** correctionSchema is what a person put in the place of what was counted or proposed. */
export const correctionSchema = z.strictObject({
  of: z.enum(['figure', 'milestone']),
  key: z.string().max(40),
  value: z.number().nullable().describe('a figure in its unit, or epoch milliseconds; null: there is none'),
  reason: z.string().min(1).max(LINE),
  by: z.string().max(120),
  atMs: instant,
})
