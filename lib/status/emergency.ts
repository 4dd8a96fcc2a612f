import { z } from 'zod'
import {
  COMPONENT_STATES,
  componentStateOf,
  INCIDENT_STATUSES,
  type IncidentRow,
  impactOf,
  type PublicRows,
  worstImpact,
} from './model'

/** emergencyEntry is one update that was published without the console, before and after its way through a file. */
export const emergencyEntry = z.strictObject({
  id: z.uuid(),
  at: z.iso.datetime(),
  by: z.string().min(1).max(80),
  /** incident is the public id that the page shows; null begins a new one. */
  incident: z
    .string()
    .regex(/^[a-z0-9]{12}$/, 'must be the public id of an incident: 12 letters and digits')
    .nullable(),
  title: z.string().trim().min(3).max(255),
  status: z.enum(INCIDENT_STATUSES),
  severity: z.enum(['P1', 'P2', 'P3', 'P4']),
  body: z.string().trim().min(3).max(25_000),
  nextUpdateAt: z.iso.datetime().nullable(),
  components: z.array(z.strictObject({ id: z.string(), to: z.enum(COMPONENT_STATES) })).max(100),
})

/** EmergencyEntry is one update that was published without the console. */
export type EmergencyEntry = z.output<typeof emergencyEntry>

/** EmergencyIds are the public ids that an entry gets; they follow from it, so that the console finds the same later. */
export type EmergencyIds = { readonly incidentId: string; readonly updateId: string }

const IMPACT = { P1: 'critical', P2: 'major', P3: 'minor', P4: 'none' } as const

/** withEntry adds an emergency update to the public rows, as the console will once it is back; `confirmedAt` is left as it is. */
export function withEntry(rows: PublicRows, entry: EmergencyEntry, ids: EmergencyIds): PublicRows {
  if (rows.updates.some(({ id }) => id === ids.updateId)) return rows
  const at = new Date(entry.at)
  const names = new Map(rows.components.map(({ id, name, state }) => [id, { name, state }]))
  const words = entry.components.flatMap(({ id, to }) => {
    const known = names.get(id)
    return known ? [{ componentId: id, name: known.name, from: known.state, to }] : []
  })
  const before = rows.incidents.find(({ id }) => id === ids.incidentId)
  const isOver = entry.status === 'resolved'
  const incident: IncidentRow = {
    id: ids.incidentId,
    name: entry.title,
    status: entry.status,
    impact:
      isOver && before
        ? before.impact
        : worstImpact([IMPACT[entry.severity], ...words.map(({ to }) => impactOf(to))]),
    startedAt: before?.startedAt ?? at,
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
    monitoringAt: entry.status === 'monitoring' ? at : (before?.monitoringAt ?? null),
    resolvedAt: isOver ? at : null,
    nextUpdateAt: isOver || entry.nextUpdateAt === null ? null : new Date(entry.nextUpdateAt),
    words: isOver
      ? {}
      : { ...before?.words, ...Object.fromEntries(words.map(({ componentId, to }) => [componentId, to])) },
  }
  const incidents = [incident, ...rows.incidents.filter(({ id }) => id !== ids.incidentId)]
  const around = {
    open: incidents.filter(({ resolvedAt }) => resolvedAt === null),
    inProgress: rows.maintenances.filter(({ status }) => status === 'in_progress'),
  }
  const components = rows.components.map((one) => ({ ...one, state: componentStateOf(one.id, around) }))
  const changed = components.filter(({ id, state }) => names.get(id)?.state !== state)
  return {
    ...rows,
    page: { ...rows.page, sequence: rows.page.sequence + 1, updatedAt: at },
    components,
    incidents,
    changes: [...rows.changes, ...changed.map(({ id, state }) => ({ componentId: id, at, to: state }))],
    updates: [
      {
        id: ids.updateId,
        incidentId: ids.incidentId,
        maintenanceId: null,
        status: entry.status,
        body: entry.body,
        components: words,
        corrects: null,
        at,
        isEmergency: true,
      },
      ...rows.updates,
    ],
  }
}
