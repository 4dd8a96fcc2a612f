import { z } from 'zod'

const text = (max: number) => z.string().trim().min(1).max(max)

/** QUESTION_ID is the shape of a question's name: lower-case words with hyphens and no dot. */
export const QUESTION_ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** LEAF_ID is the shape of a leaf's name: `plane.what`, the same in runbooks, scenarios, messages and postmortems. */
export const LEAF_ID = /^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$/

const questionId = z
  .string()
  .regex(QUESTION_ID, 'a question is named in lower-case words with hyphens')
  .max(60)
const leafId = z.string().regex(LEAF_ID, 'a leaf is named plane.what-it-is').max(60)
const targetId = z
  .string()
  .regex(/^[a-z][a-z0-9.-]*$/, 'must name a question, a leaf or `clear`')
  .max(60)

/** CLEAR is the end of a branch on which nothing is wrong. */
export const CLEAR = 'clear'

const predicateSchema = z
  .strictObject({
    above: z.number().optional(),
    atLeast: z.number().optional(),
    below: z.number().optional(),
    atMost: z.number().optional(),
  })
  .refine((it) => Object.values(it).filter((limit) => limit !== undefined).length === 1, {
    message: 'give exactly one of above, atLeast, below and atMost',
  })

/** Predicate compares a look's number with one limit. */
export type Predicate = z.infer<typeof predicateSchema>

const branch = z.array(targetId).min(1).max(20)

const questionSchema = z
  .strictObject({
    id: questionId,
    ask: text(160),
    /** probe asks one look of the catalogue; `when` says which numbers mean yes. */
    probe: z.string().max(60).optional(),
    when: predicateSchema.optional(),
    /** freshSeconds is how old the look may be; the probe's own limit when left out. */
    freshSeconds: z.number().positive().max(86_400).optional(),
    allOf: z.array(questionId).min(2).max(40).optional(),
    anyOf: z.array(questionId).min(2).max(40).optional(),
    not: questionId.optional(),
    /** held is yes once another question has been yes for so long without a plain no. */
    held: z.strictObject({ of: questionId, seconds: z.number().positive().max(86_400) }).optional(),
    /** person is how somebody finds out what no source can tell. */
    person: text(300).optional(),
    /** symptom marks what users or operators notice: it needs an explanation. */
    symptom: z.boolean().default(false),
    yes: branch.optional(),
    no: branch.optional(),
    /** unknown opens both branches; further targets may be looked at besides. */
    unknown: z.union([z.literal('both'), z.array(targetId).min(1).max(20)]).optional(),
  })
  .refine((it) => basesOf(it).length === 1, {
    message: 'a question rests on exactly one of probe, allOf, anyOf, not, held and person',
  })
  .refine((it) => (it.probe === undefined) === (it.when === undefined), {
    message: 'probe and when belong together',
    path: ['when'],
  })

function basesOf(question: Readonly<Record<string, unknown>>): readonly string[] {
  return ['probe', 'allOf', 'anyOf', 'not', 'held', 'person'].filter((key) => question[key] !== undefined)
}

/** Question is one thing that the tree asks: of a probe, of other questions, or of a person. */
export type Question = z.infer<typeof questionSchema>

const severity = z.enum(['P1', 'P2', 'P3', 'P4'])

const leafSchema = z.strictObject({
  id: leafId,
  title: text(80),
  plane: z.enum([
    'code',
    'account',
    'quota',
    'provider-api',
    'provider-page',
    'host',
    'gpu',
    'queue',
    'control-plane',
    'eyes',
    'none',
  ]),
  /** severity is a suggestion; `hidden` takes the gravest that a blind eye may hide. */
  severity: z.union([severity, z.literal('hidden')]),
  raises: z
    .array(z.strictObject({ to: severity, when: questionId }))
    .max(3)
    .default([]),
  /** means says in one or two sentences what holds and what does not follow from it. */
  means: text(400),
  requires: z.array(questionId).min(1).max(8),
  supports: z.array(questionId).max(8).default([]),
  against: z.array(questionId).max(8).default([]),
  /** explains are leaves, or symptoms, that follow from this one. */
  explains: z
    .array(z.union([leafId, questionId]))
    .max(30)
    .default([]),
  /** actions name what may be done, in order; the title stands where no action of that id is defined. */
  actions: z
    .array(z.strictObject({ id: z.string().regex(/^[a-z][a-z0-9.-]{1,59}$/), title: text(120) }))
    .min(1)
    .max(9),
  checklist: questionId,
  messages: z.array(questionId).max(4).default([]),
})

/** Leaf is one diagnosis with its evidence, what it explains and what to do. */
export type Leaf = z.infer<typeof leafSchema>

const checklistSchema = z.strictObject({
  id: questionId,
  title: text(80),
  /** kind: read-do goes one at a time, for what is rare or dangerous; do-confirm is for what is practised. */
  kind: z.enum(['read-do', 'do-confirm']),
  items: z
    .array(z.strictObject({ id: questionId, text: text(160), hint: text(300).optional() }))
    .min(5, 'a checklist of fewer than five items is an action or two: say so in the leaf')
    .max(9, 'a checklist longer than nine items is not read: split it'),
})

/** Checklist is a short list to read and do, or to do and confirm. */
export type Checklist = z.infer<typeof checklistSchema>

/** treeSchema is one file of `runbooks/triage`: questions, leaves and checklists; ids are unique over all files. */
export const treeSchema = z.strictObject({
  title: text(80),
  /** order is the place of this tree among the others, from 1. */
  order: z.number().int().min(1).max(99),
  roots: z.array(questionId).max(20).default([]),
  questions: z.array(questionSchema).max(100).default([]),
  leaves: z.array(leafSchema).max(60).default([]),
  checklists: z.array(checklistSchema).max(40).default([]),
})

/** Tree is the value of one tree file. */
export type Tree = z.infer<typeof treeSchema>

const lookSchema = z.union([
  z.number(),
  z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, 'the first number is the lower one'),
  z.boolean(),
  z.literal('unknown'),
])

/** casesSchema is a file of `runbooks/triage-cases`: looks by probe, and the leaves that must come of them. */
export const casesSchema = z.strictObject({
  cases: z
    .array(
      z.strictObject({
        id: questionId,
        /** quiet fills every probe that is not named with its calm value; otherwise what is not named is unknown. */
        quiet: z.boolean().default(true),
        looks: z.record(z.string(), lookSchema).default({}),
        /** answers are what people said, by question. */
        answers: z.record(z.string(), z.enum(['yes', 'no'])).default({}),
        /** held are questions that have been yes for so many seconds. */
        held: z.record(z.string(), z.number().min(0)).default({}),
        expect: z.record(leafId, z.enum(['certain', 'likely', 'possible', 'excluded'])),
      }),
    )
    .min(1)
    .max(200),
})

/** CaseFile is the value of one file of cases. */
export type CaseFile = z.infer<typeof casesSchema>

/** Case is one recorded moment with the diagnosis that must come of it. */
export type Case = CaseFile['cases'][number]
