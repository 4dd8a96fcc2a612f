import { z } from 'zod'
import { withinSight } from '../access/sight'
import { defineCommand, type Scope } from '../operation'
import { AppError } from '../platform/errors'
import { subjectOf } from './commands-edit'
import { bumpVersion, createDocument, lockPostmortem, setRecord } from './document-store'
import { gather } from './gather-load'
import { type PostmortemState, postmortemName } from './model'
import { draftedOutput } from './outputs'
import { proposedSections } from './proposal'
import { foundByOf, recordOf, titleOf } from './record'

async function gathered(scope: Scope, incidentId: string) {
  const incident = await scope.console.db.incident.findFirst({
    where: { AND: [{ id: incidentId }, withinSight(scope.actor)] },
  })
  if (incident === null) throw new AppError('not_found', 'There is no such incident.')
  if (incident.mergedInto !== null)
    throw new AppError(
      'invalid',
      'This incident was merged into another one: draft the postmortem of that one.',
    )
  const known = await scope.console.db.postmortem.findUnique({ where: { incidentId }, select: { id: true } })
  if (known !== null) return { incident, record: undefined }
  return { incident, record: recordOf(await gather(scope, incident)) }
}

/** draft makes a postmortem of an incident from its record; one that stands already is given as it is. */
export const draft = defineCommand({
  name: 'postmortems.draft',
  summary: 'Drafts the postmortem of an incident from its record; one that stands already is given as it is.',
  permission: 'postmortems.draft',
  output: draftedOutput,
  input: z.strictObject({ incidentId: z.uuid('must be an incident id') }),
  before: (scope, { incidentId }) => gathered(scope, incidentId),
  run: async ({ tx, actor, now, before: { incident, record } }, { incidentId }) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('postmortem.number'))`
    const known = await tx.postmortem.findUnique({
      where: { incidentId },
      select: { id: true, number: true },
    })
    if (known !== null || record === undefined) {
      if (known === null)
        throw new AppError('conflict', 'The postmortem was taken away meanwhile. Draft it again.')
      return {
        result: { ...known, name: postmortemName(known.number), isNew: false },
        audit: {
          subject: subjectOf({ id: known.id, incidentId }),
          detail: { number: known.number, isNew: false },
        },
        touched: [],
      }
    }
    const made = await createDocument(
      tx,
      {
        incidentId,
        title: titleOf(record),
        state: 'draft',
        visibility: record.meta.visibility,
        ...foundByOf(record),
        tags: [],
        record,
        corrections: [],
        isDrill: record.meta.isDrill,
        origin: '',
        createdBy: actor.kind === 'person' ? actor.handle : actor.id,
        publishedAt: null,
        closedAt: null,
        sections: proposedSections(record, incident.impact),
      },
      now,
    )
    return {
      result: { ...made, name: postmortemName(made.number), isNew: true },
      audit: {
        subject: subjectOf({ id: made.id, incidentId }),
        detail: { number: made.number, incident: record.meta.incident, rows: record.timeline.length },
      },
      touched: [
        { topic: 'postmortems', ref: made.id },
        { topic: 'incidents', ref: incidentId },
      ],
    }
  },
})

const FROZEN: readonly PostmortemState[] = ['approved', 'published', 'closed']

/** readAgain takes the record anew from the sources, e.g. after late entries; texts and corrections stay. */
export const readAgain = defineCommand({
  name: 'postmortems.readAgain',
  summary: 'Takes the frozen record anew from the sources; texts and corrections stay.',
  permission: 'postmortems.edit',
  input: z.strictObject({ id: z.uuid('must be a postmortem id'), version: z.int().min(1) }),
  before: async (scope, { id }) => {
    const row = await scope.console.db.postmortem.findUnique({ where: { id }, select: { incidentId: true } })
    if (row?.incidentId == null) return undefined
    const incident = await scope.console.db.incident.findFirst({
      where: { AND: [{ id: row.incidentId }, withinSight(scope.actor)] },
    })
    return incident === null ? undefined : recordOf(await gather(scope, incident))
  },
  run: async ({ tx, actor, now, before: record }, { id, version }) => {
    const row = await lockPostmortem({ tx, actor }, id)
    if (FROZEN.includes(row.state as PostmortemState))
      throw new AppError('invalid', 'An approved postmortem stays as it was approved.')
    if (row.version !== version)
      throw new AppError('conflict', 'The postmortem was changed meanwhile. Look at it, then read again.', {
        current: { version: row.version },
      })
    if (record === undefined)
      throw new AppError('invalid', 'An imported postmortem has no incident here to be read again.')
    await setRecord(tx, id, { record, ...foundByOf(record) })
    return {
      result: { version: await bumpVersion(tx, id, now) },
      audit: { subject: subjectOf(row), detail: { postmortem: id, rows: record.timeline.length } },
      touched: [{ topic: 'postmortems', ref: id }],
    }
  },
})
