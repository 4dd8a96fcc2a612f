import { z } from 'zod'
import { defineCommand } from '../operation'
import { tagsSchema } from './model'
import { writeTags } from './tag-store'

/** setTags says by which words a postmortem is kept; it changes no text, so an approval stays. */
export const setTags = defineCommand({
  name: 'library.setTags',
  summary: 'Sets the tags of a postmortem.',
  permission: 'postmortems.edit',
  input: z.strictObject({ postmortemId: z.uuid('must be a postmortem’s id'), tags: tagsSchema }),
  run: async (scope, { postmortemId, tags }) => {
    const { before, incidentId, number } = await writeTags(scope, { postmortemId, tags, now: scope.now })
    return {
      result: { tags },
      audit: {
        subject: incidentId === null ? `postmortem:${postmortemId}` : `incident:${incidentId}`,
        detail: { postmortem: number, from: before, to: tags },
      },
      touched: [{ topic: 'postmortems', ref: postmortemId }],
    }
  },
})
