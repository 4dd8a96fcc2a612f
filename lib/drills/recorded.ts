import { z } from 'zod'
import { type ParsedFile, parseRunbook } from '../runbooks/parse'
import { type UnknownWhy, WHY_WORDS } from '../sources/reading'
import type { UnknownLook } from '../triage/model'

const WHYS: readonly UnknownLook['why'][] = [
  ...(Object.keys(WHY_WORDS) as UnknownWhy[]),
  'not_connected',
  'not_asked',
]

const subjects = z.array(z.string())
const epochMs = z.number()

const look = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('known'),
    low: z.number(),
    high: z.number(),
    words: z.string(),
    source: z.string(),
    observedAtMs: epochMs,
    latencyMs: z.number().optional(),
    subjects: subjects.optional(),
    hidden: subjects.optional(),
  }),
  z.strictObject({
    kind: z.literal('unknown'),
    why: z.enum(WHYS),
    source: z.string(),
    sinceMs: epochMs.optional(),
    detail: z.string().optional(),
    wayRound: z.string().optional(),
    last: z.strictObject({ words: z.string(), observedAtMs: epochMs }).optional(),
  }),
])

const override = z.strictObject({
  answer: z.enum(['yes', 'no']),
  by: z.string(),
  reason: z.string(),
  atMs: epochMs,
})

const remembered = z.strictObject({ answer: z.enum(['yes', 'no']), sinceMs: epochMs })

const moment = z.strictObject({
  afterMs: z.int().min(0).describe('since the start'),
  looks: z.record(z.string(), look).default({}).describe('those that differ from the moment before'),
  gone: z.array(z.string()).default([]),
  overrides: z.record(z.string(), override).default({}).describe('all answers of people that stand'),
  memory: z.record(z.string(), remembered).optional().describe('in the first moment only'),
})

const recordedSchema = z.strictObject({
  kind: z.literal('recorded'),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,59}$/, 'use lower case letters, digits and -'),
  title: z.string().min(1).max(160),
  description: z.string().max(2000).default(''),
  start: z.iso.datetime().describe('when triage began: the instant that afterMs counts from'),
  incident: z.strictObject({
    name: z.string(),
    severity: z.string(),
    status: z.string(),
    isDrill: z.boolean(),
    declaredAt: z.iso.datetime(),
  }),
  outcome: z.strictObject({
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal'),
    path: z.array(z.strictObject({ question: z.string(), answer: z.string() })),
    leaves: z.array(
      z.strictObject({ leaf: z.string(), state: z.string(), explainedBy: z.string().nullable() }),
    ),
  }),
  events: z
    .array(
      z.strictObject({
        afterMs: z.int().describe('below 0 when it was before triage began'),
        kind: z.string(),
        source: z.string(),
        by: z.string(),
        body: z.record(z.string(), z.unknown()),
      }),
    )
    .default([]),
  moments: z.array(moment).min(1, 'there is nothing to replay'),
  trees: z.strictObject({
    hash: z.string(),
    forest: z.array(z.strictObject({ name: z.string(), tree: z.unknown() })).min(1),
  }),
})

/** Recorded is a real incident as a scenario: what triage's looks saw and when, the trees of that time, and what came of it. */
export type Recorded = z.output<typeof recordedSchema>

/** parseRecorded reads a recorded scenario; every fault, an unknown key by its name, has its file, line and column. */
export function parseRecorded(text: string, file: string): ParsedFile<Recorded> {
  return parseRunbook({ file, text, schema: recordedSchema })
}

/** isRecorded tells a recorded scenario from one that the simulated world plays, by its first key. */
export function isRecorded(text: string): boolean {
  return /^kind:\s*['"]?recorded['"]?\s*$/m.test(text)
}
