import { z } from 'zod'
import { SEVERITIES } from '../incidents/model'
import { defineQuery } from '../operation'
import { type PostmortemState, STATES } from '../postmortems/model'
import { searchPostmortems, sightParts } from './search-store'
import { readTags } from './tag-store'

const PAGE = 20
const MOST_PAGES = 50
const key = z.string().min(1).max(200).optional()

/** search finds postmortems by words in any of their texts, best first, with the hits marked. */
export const search = defineQuery({
  name: 'library.search',
  summary:
    'Finds postmortems by words in any of their texts and in the frozen record, best first, hits marked.',
  permission: 'postmortems.read',
  input: z.strictObject({
    text: z.string().min(1, 'write what to search for').max(200),
    severity: z.enum(SEVERITIES).optional(),
    state: z.enum(STATES).optional(),
    leaf: key,
    component: key,
    tag: key,
    drills: z.enum(['with', 'without', 'only']).default('without'),
    page: z.number().int().min(1).max(MOST_PAGES).default(1),
  }),
  run: async ({ console: { db }, actor, now }, { text, page, ...narrowing }) => {
    const { matching, found } = await searchPostmortems(db, { text, narrowing, actor, page, pageSize: PAGE })
    return {
      nowMs: now.getTime(),
      matching,
      pageSize: PAGE,
      found: found.map((one) => ({ ...one, state: one.state as PostmortemState })),
    }
  },
})

/** tags lists the tags in use with how many postmortems hold each, most used first. */
export const tags = defineQuery({
  name: 'library.tags',
  summary: 'Lists the tags in use with how many postmortems hold each.',
  permission: 'postmortems.read',
  input: z.strictObject({}),
  run: async ({ console: { db }, actor }) => ({ tags: await readTags(db, sightParts(actor)) }),
})
