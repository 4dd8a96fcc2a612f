import { z } from 'zod'
import { AUDIENCES, KINDS, SEVERITIES, STATUSES } from './model'

/** OCCASIONS are when a message is written: the first and later ones of an incident, and the steps of planned work. */
export const OCCASIONS = [
  'first',
  'change',
  'no-change',
  'announce',
  'start',
  'progress',
  'problem',
  'done',
] as const

/** Occasion is when a message is written. */
export type Occasion = (typeof OCCASIONS)[number]

const FACT_ID = /^[a-z][a-z0-9_]*$/

/** Several ways to say it: the first whose facts are all known counts. */
const ways = (max: number) =>
  z
    .union([z.string().min(1).max(max), z.array(z.string().min(1).max(max)).min(1).max(5)])
    .transform((it) => (typeof it === 'string' ? [it] : it))

const partSchema = z.strictObject({
  say: ways(600),
  /** optional parts are left out when a fact that they need is unknown; others keep the place open and block. */
  optional: z.boolean().default(false),
  /** above leaves a part out unless each of these facts is greater than its number. */
  above: z.record(z.string().regex(FACT_ID), z.number()).default({}),
  /** paragraph begins a new one. */
  paragraph: z.boolean().default(false),
})

const templateSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a template is named in small letters'),
    audience: z.enum(AUDIENCES),
    kind: z.enum(KINDS),
    status: z.enum(STATUSES),
    occasion: z.enum(OCCASIONS),
    /** severities for which it is written; all when it names none. */
    severities: z
      .array(z.enum(SEVERITIES))
      .min(1)
      .default([...SEVERITIES]),
    /** nextMinutes is when the next message is promised; without it the cadence says, and resolved promises none. */
    nextMinutes: z.number().int().min(1).max(10_080).nullable().optional(),
    title: ways(200),
    parts: z.array(partSchema).min(1).max(12),
  })
  .refine((it) => it.kind !== 'correction', {
    message: 'a correction is written by a person',
    path: ['kind'],
  })

/** messagesSchema is one file of `runbooks/messages`; ids are unique over all files. */
export const messagesSchema = z.strictObject({
  title: z.string().trim().min(1).max(80),
  templates: z.array(templateSchema).min(1).max(80),
})

/** MessagesFile is the value of one file of templates. */
export type MessagesFile = z.infer<typeof messagesSchema>

/** Template is one message as the runbooks write it. */
export type Template = MessagesFile['templates'][number]
