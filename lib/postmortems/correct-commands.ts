import { z } from 'zod'
import { line } from '../incidents/text'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { subjectOf } from './commands-edit'
import { bumpVersion, lockPostmortem, setCorrections } from './document-store'
import { type Correction, FIGURES, MILESTONES } from './model'

const MAX_CORRECTIONS = 500

/** correct puts a person's figure or instant in the place of what was counted or proposed, with the reason; a milestone's own instant accepts it. */
export const correct = defineCommand({
  name: 'postmortems.correct',
  summary: 'Corrects a figure of impact or a milestone by hand, with the reason.',
  permission: 'postmortems.edit',
  input: z
    .strictObject({
      id: z.uuid('must be a postmortem id'),
      of: z.enum(['figure', 'milestone']),
      key: z.enum([...FIGURES, ...MILESTONES]),
      value: z.number().min(0).max(8_640_000_000_000_000).nullable(),
      reason: line(500, 'say why'),
      version: z.int().min(1),
    })
    .refine(
      ({ of, key }) => (of === 'figure' ? FIGURES : (MILESTONES as readonly string[])).includes(key as never),
      {
        path: ['key'],
        message: 'must be a figure or a milestone of this kind',
      },
    ),
  run: async ({ tx, actor, now }, { id, version, of, key, value, reason }) => {
    const row = await lockPostmortem({ tx, actor }, id)
    if (row.state === 'published' || row.state === 'closed' || row.state === 'approved')
      throw new AppError('invalid', 'An approved postmortem stays as it was approved.')
    const before = row.corrections as Correction[]
    if (row.version !== version)
      throw new AppError(
        'conflict',
        'The postmortem was changed meanwhile. Look at it, then correct it again.',
        {
          current: { version: row.version, corrections: before },
        },
      )
    if (before.length >= MAX_CORRECTIONS)
      throw new AppError('invalid', `A postmortem holds at most ${MAX_CORRECTIONS} corrections.`)
    const by = actor.kind === 'person' ? actor.handle : actor.id
    await setCorrections(tx, id, [...before, { of, key, value, reason, by, atMs: now.getTime() }])
    return {
      result: { version: await bumpVersion(tx, id, now) },
      audit: { subject: subjectOf(row), detail: { postmortem: id, of, key, value, reason } },
      touched: [{ topic: 'postmortems', ref: id }],
    }
  },
})
