import { z } from 'zod'
import { RISKS } from './model'

const text = (max: number) => z.string().trim().min(1).max(max)

const ACTION_ID = /^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+$/
const EXECUTOR_ID = /^[a-z]+(\.[a-z]+(-[a-z]+)*)+$/
const PARAM_NAME = /^[a-z][A-Za-z0-9]{0,39}$/

/** MANUAL is the executor of what a person does by hand and writes down. */
export const MANUAL = 'manual'

const paramSchema = z
  .strictObject({
    name: z.string().regex(PARAM_NAME, 'a parameter is named in letters and digits'),
    label: text(60),
    hint: z.string().max(200).default(''),
    kind: z.enum(['choice', 'number', 'text', 'secret']).default('choice'),
    /**
     * from says where the allowed values come from: `fleet` the instances that the provider lists, `settings` what the
     * installation connects, `target` what the executor reads of its target, `values` the list below.
     */
    from: z.enum(['fleet', 'settings', 'target', 'values']).optional(),
    values: z.array(text(200)).min(1).max(50).optional(),
    /** suggest fills the form: with what the diagnosis names, with the first of the list, or not at all. */
    suggest: z.enum(['finding', 'first', 'none']).default('none'),
    min: z.number().int().optional(),
    max: z.number().int().optional(),
    maxLength: z.number().int().min(1).max(4_096).optional(),
    /** preset fills the form of a number or a text. */
    preset: z.union([z.string().max(200), z.number().int()]).optional(),
  })
  .refine((it) => (it.kind === 'choice') === (it.from !== undefined), {
    message: 'a choice says where its values come from, and nothing else does',
    path: ['from'],
  })
  .refine((it) => (it.from === 'values') === (it.values !== undefined), {
    message: 'values and from: values belong together',
    path: ['values'],
  })
  .refine((it) => it.kind !== 'number' || (it.min !== undefined && it.max !== undefined), {
    message: 'a number has min and max',
    path: ['min'],
  })
  .refine((it) => it.kind !== 'text' || it.maxLength !== undefined, {
    message: 'a text has maxLength',
    path: ['maxLength'],
  })

/** ParamRule is one parameter of an action and where its values may come from. */
export type ParamRule = z.infer<typeof paramSchema>

const verifySchema = z.strictObject({
  says: text(200),
  /** question of the triage whose answer shows the effect; without it the executor's own look decides. */
  question: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
    .optional(),
  answer: z.enum(['yes', 'no']).optional(),
  withinSeconds: z.number().int().min(5).max(7_200).default(300),
})

const actionSchema = z
  .strictObject({
    id: z.string().regex(ACTION_ID, 'an action is named thing.what-to-do').max(60),
    title: text(120),
    /** executor is one id or several in the order of preference; `manual` is what a person does by hand. */
    executor: z
      .union([z.string(), z.array(z.string()).min(1).max(5)])
      .transform((it) => (typeof it === 'string' ? [it] : it))
      .pipe(z.array(z.union([z.literal(MANUAL), z.string().regex(EXECUTOR_ID, 'must be an executor’s id')]))),
    risk: z.enum(RISKS),
    params: z.array(paramSchema).max(8).default([]),
    /** fixed are parameters that this action always has, e.g. the variable that it sets. */
    fixed: z.record(z.string().regex(PARAM_NAME), z.union([text(200), z.number().int()])).default({}),
    /** command is the line as a person types it, with {name} for a parameter. */
    command: z.string().max(400).default(''),
    steps: z.array(text(300)).max(9).default([]),
    effect: text(300),
    undo: text(300),
    verify: verifySchema,
    /** general actions are offered beside every leaf; no tree has to name them. */
    general: z.boolean().default(false),
  })
  .refine((it) => !it.executor.includes(MANUAL) || it.steps.length > 0, {
    message: 'what is done by hand says how, step by step',
    path: ['steps'],
  })
  .refine((it) => it.command !== '' || it.steps.length > 0, {
    message: 'give the command, or the steps that a person takes',
    path: ['command'],
  })
  .refine((it) => (it.verify.question === undefined) === (it.verify.answer === undefined), {
    message: 'question and answer belong together',
    path: ['verify', 'answer'],
  })

/** actionsSchema is one file of `runbooks/actions`; ids are unique over all files. */
export const actionsSchema = z.strictObject({
  title: text(80),
  actions: z.array(actionSchema).min(1).max(80),
})

/** ActionsFile is the value of one file of actions. */
export type ActionsFile = z.infer<typeof actionsSchema>

/** ActionRule is one action as the runbooks define it. */
export type ActionRule = ActionsFile['actions'][number]

/** isManualOnly tells whether no executor exists for an action. */
export function isManualOnly(rule: Pick<ActionRule, 'executor'>): boolean {
  return rule.executor.every((id) => id === MANUAL)
}
