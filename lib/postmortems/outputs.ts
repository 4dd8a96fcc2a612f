import { z } from 'zod'
import { STATES } from './model'

const head = {
  id: z.uuid(),
  number: z.int(),
  name: z.string().describe('For people: PM-0012.'),
  title: z.string(),
  state: z.enum(STATES),
  version: z.int().optional().describe('Rises with every change of content; an approval is of one version.'),
}

/** documentOutput is the head of a whole postmortem, as far as scripts rely on it. */
export const documentOutput = z.looseObject(head)

/** documentsOutput is a page of postmortems. */
export const documentsOutput = z.object({
  postmortems: z.array(z.looseObject(head)),
  next: z.int().nullable().describe('Pass it as `before` to go on; null at the end.'),
})

/** draftedOutput names a postmortem that was drafted or imported; `isNew` false says that it stood already. */
export const draftedOutput = z.object({
  id: z.uuid(),
  number: z.int(),
  name: z.string().describe('For people: PM-0012.'),
  isNew: z.boolean(),
})
