import { z } from 'zod'
import { defineCommand } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { redactText } from '../platform/redact'
import { readForest } from './run-store'
import { BOARD_RUN, findOrInsertRun, findRun, seeIncident, setOverride } from './store'

const incidentId = z.uuid('must be an incident’s id')

/** beginRun starts the triage of an incident; a run that stands already goes on. The worker is woken when the transaction commits. */
export async function beginRun(
  tx: Tx,
  run: { readonly incidentId: string; readonly by: string; readonly now: Date },
): Promise<string> {
  const id = await findOrInsertRun(tx, run)
  await wakeTriage(tx)
  return id
}

async function wakeTriage(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify('watchfloor_triage', '')`
}

/** start begins the triage of an incident; doing it again changes nothing. */
export const start = defineCommand({
  name: 'triage.start',
  summary: 'Begins the triage of an incident; one that has begun goes on.',
  permission: 'triage.work',
  input: z.strictObject({ incidentId }),
  output: z.object({ runId: z.uuid() }),
  run: async ({ tx, actor, now }, input) => {
    const { isOver } = await seeIncident(tx, actor, input.incidentId)
    if (isOver) throw new AppError('conflict', 'Work on this incident is over: there is nothing to ask.')
    const by = actor.kind === 'person' ? actor.handle : actor.id
    const runId = await beginRun(tx, { incidentId: input.incidentId, by, now })
    return {
      result: { runId },
      audit: { subject: `incident:${input.incidentId}`, detail: { runId } },
      touched: [{ topic: 'triage', ref: input.incidentId }],
    }
  },
})

/** override answers a question in place of the machine, with a reason; `machine` takes the person's answer back. */
export const override = defineCommand({
  name: 'triage.override',
  summary:
    'Answers a question of the triage in place of the machine, with a reason, or gives it back to the machine.',
  permission: 'triage.work',
  input: z
    .strictObject({
      incidentId: incidentId.nullable().default(null),
      question: z.string().min(1).max(60),
      answer: z.enum(['yes', 'no', 'machine']),
      reason: z
        .string()
        .transform((text) =>
          redactText(text)
            .replaceAll('\u0000', '\uFFFD')
            .replace(/\p{Surrogate}/gu, '\uFFFD')
            .trim(),
        )
        .pipe(z.string().max(500, 'at most 500 characters'))
        .default(''),
    })
    .refine((input) => input.answer === 'machine' || input.reason.length >= 3, {
      message: 'say why: the machine’s answer stays beside yours',
      path: ['reason'],
    }),
  output: z.object({ question: z.string(), answer: z.enum(['yes', 'no', 'machine']) }),
  run: async ({ tx, actor, now }, input) => {
    if (actor.kind !== 'person')
      throw new AppError('forbidden', 'Only a person may answer in place of the machine.')
    if (input.incidentId !== null) {
      const { isOver } = await seeIncident(tx, actor, input.incidentId)
      if (isOver) throw new AppError('conflict', 'Work on this incident is over. Reopen it first.')
    }
    const run = await findRun(
      tx,
      input.incidentId === null ? { id: BOARD_RUN } : { incidentId: input.incidentId },
    )
    if (!run) throw new AppError('not_found', 'This triage has not begun.')
    const forest = await readForest(tx, run.forestHash)
    if (!forest?.questions.has(input.question))
      throw new AppError('invalid', `The triage does not ask ${input.question}.`, {
        issues: [{ path: 'question', message: 'is not a question of this run’s trees' }],
      })
    const answer = input.answer === 'machine' ? undefined : input.answer
    const { question, reason } = input
    await setOverride(tx, run.id, { question, answer, reason, byId: actor.id, by: actor.handle, now })
    await wakeTriage(tx)
    return {
      result: { question, answer: input.answer },
      audit: {
        subject: input.incidentId === null ? 'triage:board' : `incident:${input.incidentId}`,
        detail: { question, answer: input.answer, reason },
      },
      touched: [{ topic: 'triage', ref: input.incidentId ?? 'board' }],
    }
  },
})
