import { z } from 'zod'
import { readOthers } from '../incidents/presence-store'
import { defineQuery } from '../operation'
import { personIn, postmortemId } from './commands-edit'
import { postmortemSight } from './sight-queries'

/** present gives who else has a document open now and in which section they type; nobody where the asking person may not know of it. */
export const present = defineQuery({
  name: 'postmortems.present',
  summary: 'Gives who else has a postmortem open now and in which section they type.',
  permission: 'postmortems.read',
  input: z.strictObject({ id: postmortemId }),
  run: async ({ console: { db }, actor, now }, { id }) => {
    const { id: personId } = personIn(actor)
    const known = await db.postmortem.findFirst({
      where: { AND: [{ id }, postmortemSight(actor)] },
      select: { id: true },
    })
    return { present: known === null ? [] : await readOthers(db, { placeId: id, personId, now }) }
  },
})
