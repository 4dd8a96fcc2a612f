import { z } from 'zod'
import { withinSight } from '../access/sight'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { EDITING } from './presence'
import { beatPresence } from './presence-store'
import { personOf } from './store'
import { incidentId } from './text'

/**
 * beHere says that somebody looks at an incident and what they are typing in, and gives who else is there. It lives for
 * 45 s, costs one row of an unlogged table, and leaves nothing in the audit record.
 */
export const beHere = defineCommand({
  name: 'incidents.beHere',
  summary:
    'Says that somebody looks at an incident and what they are typing in, and gives who else is there.',
  permission: 'incidents.read',
  input: z.strictObject({
    id: incidentId,
    /** editing names the form or field that is open, empty for none. */
    editing: z.string().regex(EDITING, 'must be the name of a form').default(''),
  }),
  run: async ({ tx, actor, now }, { id, editing }) => {
    const person = personOf(actor)
    const known = await tx.incident.findFirst({
      where: { AND: [{ id }, withinSight(actor)] },
      select: { id: true },
    })
    if (known === null) throw new AppError('not_found', 'There is no such incident.')
    const { id: personId, handle } = person
    const present = await beatPresence(tx, { placeId: id, personId, handle, editing, now })
    return { result: { present }, audit: 'private', touched: [] }
  },
})
