import { z } from 'zod'
import { withinSight } from '../access/sight'
import { defineQuery } from '../operation'
import { readOthers } from './presence-store'
import { personOf } from './store'
import { incidentId } from './text'

/** present gives who else looks at an incident now; nobody where the asking person may not know of it. */
export const present = defineQuery({
  name: 'incidents.present',
  summary: 'Gives who else looks at an incident now.',
  permission: 'incidents.read',
  input: z.strictObject({ id: incidentId }),
  run: async ({ console: { db }, actor, now }, { id }) => {
    const person = personOf(actor)
    const known = await db.incident.findFirst({
      where: { AND: [{ id }, withinSight(actor)] },
      select: { id: true },
    })
    if (known === null) return { present: [] }
    return { present: await readOthers(db, { placeId: id, personId: person.id, now }) }
  },
})
