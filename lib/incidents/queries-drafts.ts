import { z } from 'zod'
import { defineQuery } from '../operation'
import { readDrafts } from './draft-store'
import { personOf } from './store'

/** drafts gives what the asking person has typed and not yet sent, in any browser; nobody reads another's. */
export const drafts = defineQuery({
  name: 'incidents.drafts',
  summary: 'Gives what the asking person has typed and not yet sent, in any browser.',
  permission: 'incidents.read',
  input: z.strictObject({}),
  run: async ({ console: { db }, actor }) => {
    const personId = personOf(actor).id
    return { personId, slots: await readDrafts(db, personId) }
  },
})
