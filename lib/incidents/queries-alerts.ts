import { z } from 'zod'
import { sharedAnswer } from '../live/shared-answer'
import { defineQuery } from '../operation'
import { redactText } from '../platform/redact'
import { readLinkedAlerts } from './linked-alerts-store'
import { readRecordHead } from './record-head-store'
import { incidentId } from './text'

/** alerts gives one page of the alerts that are linked to an incident; times are epoch milliseconds. */
export const alerts = defineQuery({
  name: 'incidents.alerts',
  summary: 'Gives the alerts that are linked to an incident, a page at a time, and how many fire.',
  permission: 'incidents.read',
  input: z.strictObject({
    id: incidentId,
    status: z.enum(['firing', 'resolved', 'unknown']).optional(),
    page: z.number().int().min(0).max(10_000).default(0),
  }),
  run: async ({ console, actor }, { id, status, page }) => {
    await readRecordHead(console.hot, actor, id)
    return sharedAnswer(console, `incidents.alerts ${id} ${status ?? ''} ${page}`, async () => {
      const { rows, hasMore, counts } = await readLinkedAlerts(console.hot, id, { status, page })
      return {
        counts,
        hasMore,
        rows: rows.map((row) => ({
          ...row,
          summary: redactText(row.summary ?? ''),
          since: row.since?.getTime() ?? null,
          resolvedAt: row.resolvedAt?.getTime() ?? null,
        })),
      }
    })
  },
})
