import { json, type Reply, type SimRequest } from '../reply'
import { bodyOf, type Outside, objectOf, shortId } from './outside'

type Update = {
  readonly id: string
  readonly status: string
  readonly body: string
  readonly created_at: string
  readonly deliver_notifications: boolean
}
type Incident = {
  readonly id: string
  name: string
  status: string
  impact: string
  metadata: Record<string, unknown>
  readonly created_at: string
  readonly scheduled_for: string | null
  readonly scheduled_until: string | null
  updated_at: string
  incident_updates: readonly Update[]
}

/** The components of the simulated page, as somebody once made them there. */
export const PAGE_COMPONENTS = [
  { id: '8kbf7d35c070', name: 'Video processing, Europe' },
  { id: 'vtnh60py4yd7', name: 'Video processing, US and Asia' },
  { id: 'qqx4m2n8w1rz', name: 'Search and chat' },
  { id: '3ylx0b9k5pdc', name: 'API' },
  { id: 'm7t2hs61vjqe', name: 'Webhooks' },
] as const

const STATUSES = [
  'investigating',
  'identified',
  'monitoring',
  'resolved',
  'scheduled',
  'in_progress',
  'verifying',
  'completed',
]
const STATES = ['operational', 'under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage']
const OVER = ['resolved', 'completed']
const PAGE = { id: 'simulated', name: 'Northlight' }
const NAME_MAX = 255
const BODY_MAX = 25_000

/** Statuspage.io's Manage API v1 for one page, and what readers of that page get. */
export class StatuspageManage {
  private readonly incidents: Incident[] = []
  private readonly states = new Map<string, string>(PAGE_COMPONENTS.map(({ id }) => [id, 'operational']))

  constructor(private readonly outside: Outside) {}

  handle(request: SimRequest): Reply {
    if (request.path === '/api/v2/incidents.json') return json({ page: PAGE, incidents: this.shown(false) })
    if (request.path === '/api/v2/scheduled-maintenances.json')
      return json({ page: PAGE, scheduled_maintenances: this.shown(true) })
    const [, page, rest = ''] = /^\/v1\/pages\/([^/]+)\/(.*)$/.exec(request.path) ?? []
    if (!/^OAuth \S+/.test(request.headers.authorization ?? '')) return said('Could not authenticate', 401)
    if (this.outside.isRevoked('statuspage-manage')) return said('Could not authenticate', 401)
    if (page !== 'simulated') return said('Page not found', 404)
    const [room, id] = rest.split('/')
    if (room === 'components') return json(this.components())
    if (room !== 'incidents') return said('Not found', 404)
    if (request.method === 'GET') return this.read(id)
    const notOk = (error: string): Reply => said(error, 422)
    if (request.method === 'POST')
      return this.outside.write('statuspage-manage', () => this.create(bodyOf(request)), notOk)
    if (request.method === 'PATCH')
      return this.outside.write('statuspage-manage', () => this.change(id ?? '', bodyOf(request)), notOk)
    return said('Not found', 404)
  }

  private shown(isPlanned: boolean): readonly Incident[] {
    return this.incidents.filter((one) => (one.scheduled_for !== null) === isPlanned).reverse()
  }

  private components(): readonly Record<string, unknown>[] {
    return PAGE_COMPONENTS.map((component) => ({ ...component, status: this.states.get(component.id) }))
  }

  private read(id: string | undefined): Reply {
    if (id === undefined) return json([...this.incidents].reverse().slice(0, 100))
    if (id === 'unresolved')
      return json(this.incidents.filter(({ status }) => !OVER.includes(status)).reverse())
    const found = this.incidents.find((incident) => incident.id === id)
    return found ? json(found) : said('Incident not found', 404)
  }

  private create(body: Record<string, unknown>): Reply {
    const wanted = objectOf(body.incident)
    const problem = this.problemOf(wanted, true)
    if (problem !== undefined) return said(problem, 422)
    const at = new Date().toISOString()
    const incident: Incident = {
      id: shortId(),
      name: String(wanted.name),
      status: String(wanted.status ?? 'investigating'),
      impact: String(wanted.impact_override ?? 'none'),
      metadata: objectOf(wanted.metadata),
      created_at: at,
      scheduled_for: timeOf(wanted.scheduled_for),
      scheduled_until: timeOf(wanted.scheduled_until),
      updated_at: at,
      incident_updates: [],
    }
    this.incidents.push(incident)
    this.add(incident, wanted, 'create')
    return json(incident, 201)
  }

  private change(id: string, body: Record<string, unknown>): Reply {
    const incident = this.incidents.find((one) => one.id === id)
    if (incident === undefined) return said('Incident not found', 404)
    const wanted = objectOf(body.incident)
    const problem = this.problemOf(wanted, false)
    if (problem !== undefined) return said(problem, 422)
    if (wanted.metadata !== undefined) incident.metadata = objectOf(wanted.metadata)
    if (typeof wanted.status === 'string') incident.status = wanted.status
    this.add(incident, wanted, 'update')
    return json(incident)
  }

  private add(incident: Incident, wanted: Record<string, unknown>, what: string): void {
    const at = new Date().toISOString()
    const update: Update = {
      id: shortId(),
      status: incident.status,
      body: String(wanted.body ?? ''),
      created_at: at,
      deliver_notifications: wanted.deliver_notifications !== false,
    }
    incident.incident_updates = [update, ...incident.incident_updates]
    incident.updated_at = at
    for (const [id, state] of Object.entries(objectOf(wanted.components))) this.states.set(id, String(state))
    const [mark] = Object.values(incident.metadata).map((value) => objectOf(value).delivery_id)
    this.outside.take({
      target: 'statuspage-manage',
      what: incident.scheduled_for === null ? what : `${what}-maintenance`,
      mark: String(mark ?? ''),
      text: update.body,
    })
  }

  private problemOf(wanted: Record<string, unknown>, isNew: boolean): readonly string[] | string | undefined {
    const name = String(wanted.name ?? '')
    if (isNew && (name === '' || name.length > NAME_MAX)) return ["Name can't be blank or longer than 255"]
    if (String(wanted.body ?? '').length > BODY_MAX) return 'Body is too long'
    if (wanted.status !== undefined && !STATUSES.includes(String(wanted.status))) return 'Status is invalid'
    if (isNew && wanted.status === 'scheduled' && timeOf(wanted.scheduled_for) === null)
      return ['Scheduled for must be a time']
    const [from, until] = [wanted.scheduled_for, wanted.scheduled_until].map(timeOf)
    if (isNew && from && !(until && until > from)) return ['Scheduled until must be after scheduled for']
    if (Object.values(objectOf(wanted.metadata)).some((value) => value === null || typeof value !== 'object'))
      return 'Metadata values must be objects'
    for (const [id, state] of Object.entries(objectOf(wanted.components))) {
      if (!this.states.has(id)) return `Component ${id} not found`
      if (!STATES.includes(String(state))) return `Component status ${String(state)} is invalid`
    }
    return undefined
  }
}

function timeOf(value: unknown): string | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}

function said(error: readonly string[] | string, status: number): Reply {
  return json({ error }, status)
}
