import { z } from 'zod'
import { withinSight } from '../access/sight'
import { incidentName, type Severity } from '../incidents/model'
import { defineQuery } from '../operation'
import { AppError } from '../platform/errors'
import { loadPostmortemsPolicy } from './gather-load'
import { type PostmortemState, postmortemName } from './model'

const SHOWN = 20
const RECENT_MS = 90 * 86_400_000

/** ofIncident gives the postmortem of an incident, or whether one is proposed now that it is resolved. */
export const ofIncident = defineQuery({
  name: 'postmortems.ofIncident',
  summary: 'Gives the postmortem of an incident, or whether one is proposed now that it is resolved.',
  permission: 'postmortems.read',
  input: z.strictObject({ incidentId: z.uuid('must be an incident id') }),
  run: async ({ console, actor, now }, { incidentId }) => {
    const incident = await console.db.incident.findFirst({
      where: { AND: [{ id: incidentId }, withinSight(actor)] },
      select: { status: true, severity: true, mergedInto: true },
    })
    if (incident === null) throw new AppError('not_found', 'There is no such incident.')
    const row = await console.db.postmortem.findUnique({
      where: { incidentId },
      select: { number: true, state: true, title: true },
    })
    const isResolved = incident.status === 'resolved' && incident.mergedInto === null
    const { proposeFor } = await loadPostmortemsPolicy(console, now)
    return {
      postmortem:
        row === null
          ? null
          : {
              number: row.number,
              name: postmortemName(row.number),
              title: row.title,
              state: row.state as PostmortemState,
            },
      isResolved,
      isProposed: isResolved && row === null && proposeFor.some((severity) => severity === incident.severity),
    }
  },
})

/** proposed lists incidents that were resolved in the last 90 days and have no postmortem although their severity asks for one; newest first, at most 20. */
export const proposed = defineQuery({
  name: 'postmortems.proposed',
  summary: 'Lists resolved incidents whose postmortem is proposed and not drafted yet.',
  permission: 'postmortems.read',
  input: z.strictObject({}),
  run: async ({ console, actor, now }) => {
    const { proposeFor } = await loadPostmortemsPolicy(console, now)
    const rows = await console.db.incident.findMany({
      where: {
        AND: [withinSight(actor)],
        status: 'resolved',
        drill: false,
        mergedInto: null,
        postmortem: { is: null },
        severity: { in: proposeFor },
        resolvedAt: { gte: new Date(now.getTime() - RECENT_MS) },
      },
      orderBy: { resolvedAt: 'desc' },
      take: SHOWN,
      select: { id: true, number: true, drill: true, title: true, severity: true, resolvedAt: true },
    })
    return {
      incidents: rows.map((row) => ({
        id: row.id,
        name: incidentName(row.number, row.drill),
        title: row.title,
        severity: row.severity as Severity,
        resolvedAtMs: row.resolvedAt?.getTime() ?? 0,
      })),
    }
  },
})
