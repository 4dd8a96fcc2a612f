import { z } from 'zod'
import { EDITING } from '../incidents/presence'
import { beatPresence } from '../incidents/presence-store'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { personIn, postmortemId } from './commands-edit'
import { postmortemSight } from './sight-queries'

/** beHere says that somebody has a document open to write and in which section they type, and gives who else is there; it leaves nothing in the audit record. */
export const beHere = defineCommand({
  name: 'postmortems.beHere',
  summary:
    'Says that somebody has a postmortem open and in which section they type, and gives who else is there.',
  permission: 'postmortems.read',
  input: z.strictObject({
    id: postmortemId,
    /** editing is the section, empty for none. */
    editing: z.string().regex(EDITING, 'must be the name of a section').default(''),
  }),
  run: async ({ tx, actor, now }, { id, editing }) => {
    const { id: personId, handle } = personIn(actor)
    const known = await tx.postmortem.findFirst({
      where: { AND: [{ id }, postmortemSight(actor)] },
      select: { id: true },
    })
    if (known === null) throw new AppError('not_found', 'There is no such postmortem.')
    const present = await beatPresence(tx, { placeId: id, personId, handle, editing, now })
    return { result: { present }, audit: 'private', touched: [] }
  },
})
