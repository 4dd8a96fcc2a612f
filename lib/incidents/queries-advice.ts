import { z } from 'zod'
import { withinSight } from '../access/sight'
import { defineQuery } from '../operation'
import { AppError } from '../platform/errors'
import { redactText } from '../platform/redact'
import { readLinkedCounts, readProposals } from './advice-store'
import { incidentName, type Status } from './model'
import { incidentId } from './text'

/** alertAdvice gives what the alerts say of an incident: which may belong to it, and whether all of its own are over. */
export const alertAdvice = defineQuery({
  name: 'incidents.alertAdvice',
  summary: 'Gives which alerts may belong to an incident, and whether all of its own are over.',
  permission: 'incidents.read',
  input: z.strictObject({ id: incidentId }),
  run: async ({ console, actor }, { id }) => {
    const incident = await console.db.incident.findFirst({
      where: { AND: [{ id }, withinSight(actor)] },
      select: { status: true },
    })
    if (incident === null) throw new AppError('not_found', 'There is no such incident.')
    const [proposals, counts] = await Promise.all([
      readProposals(console.hot, id),
      readLinkedCounts(console.hot, id),
    ])
    const isOver = counts.linked > 0 && counts.firing === 0 && incident.status !== 'resolved'
    return {
      linked: counts.linked,
      firing: counts.firing,
      /** allOverAtMs is when the last linked alert ended, if none fires and the incident goes on; a person resolves. */
      allOverAtMs: isOver ? (counts.lastOverAt?.getTime() ?? null) : null,
      proposals: proposals.map(({ since, summary, ...alert }) => ({
        ...alert,
        sinceMs: since.getTime(),
        summary: redactText(summary ?? ''),
      })),
    }
  },
})

/** ofAlert gives the incidents to which an alert is linked or proposed, newest first. */
export const ofAlert = defineQuery({
  name: 'incidents.ofAlert',
  summary: 'Gives the incidents to which an alert is linked or proposed, newest first.',
  permission: 'incidents.read',
  input: z.strictObject({ alertId: z.uuid('must be an alert id') }),
  run: async ({ console, actor }, { alertId }) => {
    const links = await console.db.incidentLink.findMany({
      where: { kind: 'alert', ref: alertId, state: { not: 'unlinked' } },
      take: 50,
    })
    const stateOf = new Map(links.map((link) => [link.incidentId, link.state as 'linked' | 'proposed']))
    const rows = await console.db.incident.findMany({
      where: { AND: [{ id: { in: [...stateOf.keys()] } }, withinSight(actor)] },
      orderBy: { declaredAt: 'desc' },
    })
    return rows.map((row) => ({
      id: row.id,
      name: incidentName(row.number, row.drill),
      title: row.title,
      status: row.status as Status,
      state: stateOf.get(row.id) ?? ('linked' as const),
    }))
  },
})
