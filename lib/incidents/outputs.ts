import { z } from 'zod'
import { SEVERITIES, STATUSES, VISIBILITIES } from './model'

/** placedOutput is where an entry stands in the record; `repeated` says that it stood there before. */
export const placedOutput = z.object({
  seq: z.int().describe('The place in the record, from 1; 0 where nothing was written.'),
  repeated: z.boolean(),
})

/** writtenOutput is the version after an overwrite: the next overwrite names it. */
export const writtenOutput = z.object({ version: z.int(), changed: z.boolean() })

/** declaredOutput names the new incident. */
export const declaredOutput = z.object({
  id: z.uuid(),
  number: z.int(),
  name: z.string().describe('For people: INC-0142, or DRILL-0007.'),
})

const head = {
  id: z.uuid(),
  name: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  status: z.enum(STATUSES),
  visibility: z.enum(VISIBILITIES),
  declaredAtMs: z.int(),
  resolvedAtMs: z.int().nullable(),
  version: z.int().describe('Overwrites name the version that their writer saw.'),
  lastSeq: z.int().describe('The place of the newest entry of the record.'),
}

/** incidentOutput is an incident with all that its page shows. */
export const incidentOutput = z.looseObject(head)

/** incidentsOutput is a list of incidents. */
export const incidentsOutput = z.looseObject({ incidents: z.array(z.looseObject(head)) })

/** timelineOutput is a part of the record. */
export const timelineOutput = z.looseObject({
  entries: z.array(
    z.looseObject({
      seq: z.int(),
      kind: z.string(),
      source: z.string(),
      by: z.string(),
      atMs: z.int(),
      body: z.record(z.string(), z.unknown()),
    }),
  ),
  hasMore: z.boolean(),
})

/** linkedOutput is how many alerts changed their place. */
export const linkedOutput = z.object({ changed: z.int() })
