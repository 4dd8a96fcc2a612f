import type { ComponentState, ShownState, UpdateRow } from './model'
import {
  LATE_AFTER_MS,
  type PageModel,
  type ShownComponent,
  type ShownIncident,
  type ShownMaintenance,
} from './page-model'

/** Made is what the JSON needs beside the page: its public id, and the address of an incident’s or a window’s page. */
export type Made = {
  readonly pageId: string
  readonly linkOf: (kind: 'incidents' | 'maintenance', id: string) => string
}

const INCIDENTS_MAX = 50

/** Statuspage knows no word for “not confirmed” but the empty one: readers take it for unknown, never for operational. */
function stateWord(state: ShownState): ComponentState | '' {
  return state === 'unknown' ? '' : state
}

function pagePart(page: PageModel, { pageId }: Made) {
  return {
    id: pageId,
    name: page.name,
    url: page.url,
    time_zone: page.timeZone,
    updated_at: page.updatedAt.toISOString(),
  }
}

function statusPart({ banner }: PageModel) {
  return { indicator: banner.indicator, description: banner.description }
}

function componentPart(component: ShownComponent, { pageId }: Made) {
  return {
    id: component.id,
    name: component.name,
    status: stateWord(component.state),
    created_at: component.createdAt.toISOString(),
    updated_at: component.updatedAt.toISOString(),
    position: component.position + 1,
    description: component.description === '' ? null : component.description,
    showcase: true,
    start_date: component.createdAt.toISOString().slice(0, 10),
    group_id: null,
    page_id: pageId,
    group: false,
    only_show_if_degraded: false,
  }
}

function updatePart(update: UpdateRow, ownerId: string) {
  return {
    id: update.id,
    status: update.status,
    body: update.body,
    incident_id: ownerId,
    created_at: update.at.toISOString(),
    updated_at: update.at.toISOString(),
    display_at: update.at.toISOString(),
    affected_components:
      update.components.length === 0
        ? null
        : update.components.map(({ componentId, name, from, to }) => ({
            code: componentId,
            name,
            old_status: stateWord(from),
            new_status: stateWord(to),
          })),
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  }
}

function incidentPart(incident: ShownIncident, page: PageModel, made: Made) {
  const touched = new Set([
    ...Object.keys(incident.words),
    ...incident.updates.flatMap(({ components }) => components.map(({ componentId }) => componentId)),
  ])
  return {
    id: incident.id,
    name: incident.name,
    status: incident.status,
    created_at: incident.createdAt.toISOString(),
    updated_at: incident.updatedAt.toISOString(),
    monitoring_at: incident.monitoringAt?.toISOString() ?? null,
    resolved_at: incident.resolvedAt?.toISOString() ?? null,
    impact: incident.impact,
    shortlink: made.linkOf('incidents', incident.id),
    started_at: incident.startedAt.toISOString(),
    page_id: made.pageId,
    incident_updates: incident.updates.map((update) => updatePart(update, incident.id)),
    components: page.components.filter(({ id }) => touched.has(id)).map((one) => componentPart(one, made)),
  }
}

const MAINTENANCE_WORDS = {
  scheduled: 'scheduled',
  in_progress: 'in_progress',
  completed: 'completed',
  cancelled: 'completed',
} as const

function maintenancePart(one: ShownMaintenance, page: PageModel, made: Made) {
  const components = page.components.filter(({ id }) => one.componentIds.includes(id))
  return {
    id: one.id,
    name: one.name,
    status: MAINTENANCE_WORDS[one.status],
    created_at: one.createdAt.toISOString(),
    updated_at: one.updatedAt.toISOString(),
    monitoring_at: null,
    resolved_at: one.completedAt?.toISOString() ?? null,
    impact: 'maintenance' as const,
    shortlink: made.linkOf('maintenance', one.id),
    started_at: (one.startedAt ?? one.createdAt).toISOString(),
    page_id: made.pageId,
    incident_updates: one.updates.map((update) => ({
      ...updatePart(update, one.id),
      status: update.status === 'cancelled' ? 'completed' : update.status,
    })),
    components: components.map((component) => componentPart(component, made)),
    scheduled_for: one.scheduledFor.toISOString(),
    scheduled_until: one.scheduledUntil.toISOString(),
  }
}

/** What only our page tells, under one key that strict readers pass over. */
function consolePart(page: PageModel) {
  const due = page.open.flatMap(({ nextUpdateAt }) => (nextUpdateAt ? [nextUpdateAt.getTime()] : []))
  return {
    next_update_at: due.length === 0 ? null : new Date(Math.min(...due)).toISOString(),
    generated_at: page.madeAt.toISOString(),
    confirmed_at: page.confirmedAt?.toISOString() ?? null,
    stale_after: page.confirmedAt ? new Date(page.confirmedAt.getTime() + LATE_AFTER_MS).toISOString() : null,
    freshness: page.freshness,
    sequence: page.sequence,
  }
}

/** STATUSPAGE_FILES are the documents of Statuspage’s public API under `api/v2/`, by name. */
export const STATUSPAGE_FILES = [
  'summary.json',
  'status.json',
  'components.json',
  'incidents.json',
  'incidents/unresolved.json',
  'scheduled-maintenances.json',
  'scheduled-maintenances/active.json',
  'scheduled-maintenances/upcoming.json',
] as const

/** StatuspageFile is the name of one of these documents. */
export type StatuspageFile = (typeof STATUSPAGE_FILES)[number]

/** statuspageDocument gives one document with every key that Statuspage’s own has: null rather than missing. */
export function statuspageDocument(file: StatuspageFile, page: PageModel, made: Made): object {
  const head = pagePart(page, made)
  const incidents = (list: readonly ShownIncident[]) =>
    list.slice(0, INCIDENTS_MAX).map((one) => incidentPart(one, page, made))
  const works = (list: readonly ShownMaintenance[]) =>
    list.slice(0, INCIDENTS_MAX).map((one) => maintenancePart(one, page, made))
  const components = () => page.components.map((one) => componentPart(one, made))
  switch (file) {
    case 'summary.json':
      return {
        page: head,
        components: components(),
        incidents: incidents(page.open),
        scheduled_maintenances: works([...page.active, ...page.upcoming]),
        status: statusPart(page),
        x_console: consolePart(page),
      }
    case 'status.json':
      return { page: head, status: statusPart(page), x_console: consolePart(page) }
    case 'components.json':
      return { page: head, components: components() }
    case 'incidents.json':
      return { page: head, incidents: incidents([...page.open, ...page.past]) }
    case 'incidents/unresolved.json':
      return { page: head, incidents: incidents(page.open) }
    case 'scheduled-maintenances.json':
      return { page: head, scheduled_maintenances: works([...page.active, ...page.upcoming, ...page.ended]) }
    case 'scheduled-maintenances/active.json':
      return { page: head, scheduled_maintenances: works(page.active) }
    case 'scheduled-maintenances/upcoming.json':
      return { page: head, scheduled_maintenances: works(page.upcoming) }
  }
}
