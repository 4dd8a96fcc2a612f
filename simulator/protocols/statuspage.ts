import { CLOSED, html, type Instant, json, type Reply, type SimRequest } from '../reply'
import type { EffectOf } from '../world/effects'
import { hex } from '../world/random'
import type { World } from '../world/world'

type Page = EffectOf<'status-page'> | undefined
type Mode = 'operational' | 'incident' | 'maintenance' | 'silent' | 'template' | 'unreachable'

const COMPONENTS = ['API', 'Console', 'Instance scheduling', 'Host network', 'Billing'] as const
const TEMPLATE =
  '<!doctype html><html><head><title>$title</title></head><body><main><h1>$title</h1><p class="status">$status</p></main></body></html>'

export function statusPageReply(
  world: World,
  kind: 'statuspage' | 'betterstack' | 'instatus',
  request: SimRequest,
  at: Instant,
): Reply {
  const page = world.effects.active('status-page', at.offsetMs).at(-1)
  const mode: Mode = page?.event.mode ?? world.scenario.world.statusPage
  if (mode === 'unreachable') return CLOSED
  if (mode === 'template') return html(TEMPLATE)
  if (mode === 'silent') return { status: 200, type: 'application/json', body: '' }
  if (kind === 'betterstack')
    return request.path === '/index.json' ? json(betterStack(mode, page)) : missing()
  if (kind === 'instatus')
    return request.path === '/summary.json' ? json(instatus(world, mode, page)) : missing()
  return atlassian({ world, mode, page, path: request.path, at })
}

function missing(): Reply {
  return html('<!doctype html><title>Not found</title>', 404)
}

type AtlassianInput = {
  readonly world: World
  readonly mode: Mode
  readonly page: Page
  readonly path: string
  readonly at: Instant
}

function atlassian({ world, mode, page, path, at }: AtlassianInput): Reply {
  const updatedMs = world.startMs + (page?.fromMs ?? -3_600_000)
  const head = {
    page: {
      id: hex(world.seed, 5, 12),
      name: 'Provider status',
      url: 'https://status.provider.example.com',
      time_zone: 'Etc/UTC',
      updated_at: new Date(updatedMs).toISOString(),
    },
  }
  const status = statusOf(mode, page)
  const components = componentsOf(world, mode, page)
  const incidents = mode === 'incident' && page !== undefined ? [incidentOf(world, page)] : []
  const past = world.effects
    .ofKind('status-page')
    .filter((effect) => effect.event.mode === 'incident' && effect.untilMs <= at.offsetMs)
    .map((effect) => ({ ...incidentOf(world, effect), status: 'resolved' }))
  switch (path) {
    case '/api/v2/summary.json':
      return json({ ...head, components, incidents, scheduled_maintenances: [], status })
    case '/api/v2/status.json':
      return json({ ...head, status })
    case '/api/v2/components.json':
      return json({ ...head, components })
    case '/api/v2/incidents.json':
      return json({ ...head, incidents: [...incidents, ...past] })
    case '/api/v2/incidents/unresolved.json':
      return json({ ...head, incidents: incidents.filter((incident) => incident.status !== 'resolved') })
    default:
      return missing()
  }
}

function statusOf(mode: Mode, page: Page): { readonly indicator: string; readonly description: string } {
  if (mode === 'maintenance') return { indicator: 'maintenance', description: 'Service Under Maintenance' }
  if (mode !== 'incident' || page === undefined)
    return { indicator: 'none', description: 'All Systems Operational' }
  const words = {
    minor: 'Minor Service Outage',
    major: 'Partial System Outage',
    critical: 'Major Service Outage',
  }
  return { indicator: page.event.impact, description: words[page.event.impact] }
}

function componentsOf(world: World, mode: Mode, page: Page) {
  const hit = new Set(page?.event.components ?? ['API'])
  const worst = { minor: 'degraded_performance', major: 'partial_outage', critical: 'major_outage' }
  return COMPONENTS.map((name, index) => ({
    id: hex(world.seed, 20 + index, 12),
    name,
    status:
      mode === 'maintenance' && hit.has(name)
        ? 'under_maintenance'
        : mode === 'incident' && page !== undefined && hit.has(name)
          ? worst[page.event.impact]
          : 'operational',
    created_at: '2024-01-01T00:00:00.000Z',
    updated_at: new Date(world.startMs + (page?.fromMs ?? -3_600_000)).toISOString(),
    position: index + 1,
    description: null,
    showcase: true,
    group: false,
    group_id: null,
    only_show_if_degraded: false,
  }))
}

function incidentOf(world: World, page: EffectOf<'status-page'>) {
  const at = new Date(world.startMs + page.fromMs).toISOString()
  const id = hex(world.seed, 100 + page.id, 12)
  return {
    id,
    name: page.event.title ?? 'Elevated errors on the API',
    status: page.event.state as string,
    impact: page.event.impact,
    created_at: at,
    updated_at: at,
    started_at: at,
    monitoring_at: null,
    resolved_at: page.event.state === 'resolved' ? at : null,
    shortlink: `https://status.provider.example.com/incidents/${id}`,
    incident_updates: [
      {
        id: hex(world.seed, 200 + page.id, 12),
        incident_id: id,
        status: page.event.state,
        body: 'We are looking into reports of errors and will update this page.',
        created_at: at,
        updated_at: at,
        display_at: at,
        affected_components: null,
      },
    ],
    components: [],
  }
}

function betterStack(mode: Mode, page: Page): Record<string, unknown> {
  const state =
    mode === 'maintenance'
      ? 'maintenance'
      : mode !== 'incident'
        ? 'operational'
        : page?.event.impact === 'critical'
          ? 'downtime'
          : 'degraded'
  return {
    data: {
      id: '1',
      type: 'status_page',
      attributes: { company_name: 'Provider', aggregate_state: state, timezone: 'UTC' },
    },
    included: COMPONENTS.map((name, index) => ({
      id: String(index + 1),
      type: 'status_page_resource',
      attributes: {
        public_name: name,
        status: (page?.event.components ?? ['API']).includes(name) ? state : 'operational',
      },
    })),
  }
}

function instatus(world: World, mode: Mode, page: Page): Record<string, unknown> {
  const status = mode === 'maintenance' ? 'UNDERMAINTENANCE' : mode === 'incident' ? 'HASISSUES' : 'UP'
  const base = { page: { name: 'Provider', url: 'https://provider.instatus.example.com', status } }
  if (mode !== 'incident' || page === undefined) return base
  const started = new Date(world.startMs + page.fromMs).toISOString()
  return {
    ...base,
    activeIncidents: [
      {
        id: hex(world.seed, 300 + page.id, 12),
        name: page.event.title ?? 'Elevated errors on the API',
        started,
        status: page.event.state.toUpperCase(),
        impact: page.event.impact === 'critical' ? 'MAJOROUTAGE' : 'PARTIALOUTAGE',
      },
    ],
  }
}
