import { createHash } from 'node:crypto'
import { json, type Reply, type SimRequest } from '../reply'
import { RELEASED } from './catalogue'

type Config = Readonly<Record<string, unknown>>

type Machine = {
  readonly id: string
  readonly region: string
  instance: number
  config: Config
  cordoned: boolean
  /** From when the machine is in `state`; before that it is on its way. */
  readyMs: number
  state: 'started' | 'stopped'
  lease: { nonce: string; untilMs: number } | undefined
}

const BOOT_MS = 6_000
const SECRETS = ['DATABASE_URL', 'VASTAI_API_KEY']
const SIZE = { production: 4, staging: 2 } as const

/** The apps of the simulated Fly: production and staging of each app service, with the Machines API’s leases and states. */
export class SimFly {
  private readonly apps = new Map<string, readonly Machine[]>()
  private readonly secrets = new Map<string, Set<string>>()
  private leases = 0

  constructor() {
    const service = RELEASED.find(({ id }) => id === 'rag-mcp')
    if (!service) return
    const image = `${service.image}@${service.stable.digest}`
    this.apps.set(service.id, machines(service.id, SIZE.production, image))
    this.apps.set(`${service.id}-staging`, machines(`${service.id}-staging`, SIZE.staging, image))
    for (const app of this.apps.keys()) this.secrets.set(app, new Set(SECRETS))
  }

  /** What serves now: the digest of every machine that takes traffic. */
  serving(app: string, offsetMs: number): readonly string[] {
    return (this.apps.get(app) ?? [])
      .filter((it) => it.state === 'started' && it.readyMs <= offsetMs && !it.cordoned)
      .map(({ config }) => /sha256:[0-9a-f]{64}/.exec(String(config.image))?.[0] ?? '')
  }

  handle(request: SimRequest, offsetMs: number): Reply {
    const [, owner, name] = /^\/v1\/apps\/([^/]+)\/secrets(?:\/([^/]+))?$/.exec(request.path) ?? []
    if (owner !== undefined) return this.secret(request, owner, name)
    const [, app = '', id, action] =
      /^\/v1\/apps\/([^/]+)\/machines(?:\/([^/]+)(?:\/([^/]+))?)?$/.exec(request.path) ?? []
    const all = this.apps.get(app)
    if (!all) return problem(404, 'app not found')
    if (id === undefined) return json(all.map((machine) => shown(machine, offsetMs)))
    const machine = all.find((one) => one.id === id)
    if (!machine) return problem(404, 'machine not found')
    if (action === 'lease') return this.lease(machine, request, offsetMs)
    if (request.method === 'GET') return json(shown(machine, offsetMs))
    if (!holds(machine, request, offsetMs))
      return problem(409, 'machine ID is currently leased or the lease is missing')
    return act(machine, action, { request, offsetMs })
  }

  /** Names and digests of values are all that the API tells outside of a machine. */
  private secret(request: SimRequest, app: string, name: string | undefined): Reply {
    const names = this.secrets.get(app)
    if (!names) return problem(404, 'app not found')
    if (name !== undefined && request.method === 'POST') names.add(name)
    if (name !== undefined && request.method === 'DELETE' && !names.delete(name))
      return problem(404, 'secret not found')
    const secrets = [...names].sort().map((it) => ({
      name: it,
      digest: createHash('sha256').update(`${app}/${it}`).digest('hex').slice(0, 16),
      created_at: '2026-09-01T08:00:00Z',
    }))
    return json({ secrets })
  }

  private lease(machine: Machine, request: SimRequest, offsetMs: number): Reply {
    const isOpen = machine.lease === undefined || machine.lease.untilMs <= offsetMs
    const isOwn = request.headers[NONCE] === machine.lease?.nonce
    if (request.method === 'DELETE') {
      if (!isOwn) return problem(409, 'lease not held')
      machine.lease = undefined
      return json({ ok: true })
    }
    if (!isOpen && !isOwn) return problem(409, 'lease currently held by another')
    this.leases += 1
    const nonce = createHash('sha256').update(`${machine.id}/${this.leases}`).digest('hex').slice(0, 16)
    const { ttl = 30 } = bodyOf(request) as { ttl?: number }
    machine.lease = { nonce, untilMs: offsetMs + ttl * 1_000 }
    return json(
      { status: 'success', data: { nonce, expires_at: Math.round((offsetMs + ttl * 1_000) / 1_000) } },
      201,
    )
  }
}

const NONCE = 'fly-machine-lease-nonce'

function holds({ lease }: Machine, request: SimRequest, offsetMs: number): boolean {
  return lease !== undefined && lease.untilMs > offsetMs && request.headers[NONCE] === lease.nonce
}

function act(
  machine: Machine,
  action: string | undefined,
  { request, offsetMs }: { readonly request: SimRequest; readonly offsetMs: number },
): Reply {
  switch (action) {
    case undefined: {
      const { config } = bodyOf(request) as { config?: Config }
      if (!config || typeof config.image !== 'string') return problem(422, 'config.image is missing')
      machine.config = config
      machine.instance += 1
      machine.readyMs = offsetMs + BOOT_MS
      machine.state = 'started'
      return json(shown(machine, offsetMs))
    }
    case 'cordon':
    case 'uncordon':
      machine.cordoned = action === 'cordon'
      return json({ ok: true })
    case 'restart':
    case 'start':
      machine.readyMs = offsetMs + BOOT_MS
      machine.state = 'started'
      return json({ ok: true })
    case 'stop':
      machine.state = 'stopped'
      machine.readyMs = offsetMs
      return json({ ok: true })
    default:
      return problem(404, 'no such action')
  }
}

function machines(app: string, count: number, image: string): readonly Machine[] {
  return Array.from({ length: count }, (_, index) => ({
    id: createHash('sha256').update(`${app}/${index}`).digest('hex').slice(0, 14),
    region: index % 2 === 0 ? 'fra' : 'ams',
    instance: 1,
    config: {
      image,
      guest: { cpu_kind: 'shared', cpus: 1, memory_mb: 512 },
      services: [{ protocol: 'tcp', internal_port: 8080, autostop: 'stop', min_machines_running: 1 }],
      checks: {
        health: { type: 'http', path: '/health', interval: '15s', timeout: '10s', grace_period: '30s' },
      },
    },
    cordoned: false,
    readyMs: 0,
    state: 'started' as const,
    lease: undefined,
  }))
}

function shown(machine: Machine, offsetMs: number): unknown {
  const isReady = machine.readyMs <= offsetMs
  const image = String(machine.config.image)
  return {
    id: machine.id,
    name: `machine-${machine.id.slice(0, 4)}`,
    state: machine.state === 'stopped' ? 'stopped' : isReady ? 'started' : 'replacing',
    region: machine.region,
    instance_id: `${machine.id}-${machine.instance}`,
    image_ref: {
      registry: 'ghcr.io',
      repository: image.replace(/^ghcr\.io\//, '').split('@')[0],
      digest: /sha256:[0-9a-f]{64}/.exec(image)?.[0] ?? '',
    },
    config: machine.config,
    host_status: 'ok',
    cordoned: machine.cordoned,
    checks: [
      { name: 'health', status: isReady && machine.state === 'started' ? 'passing' : 'critical', output: '' },
    ],
  }
}

function bodyOf(request: SimRequest): object {
  try {
    const value: unknown = JSON.parse(request.body === '' ? '{}' : request.body)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function problem(status: number, error: string): Reply {
  return json({ error, status: 'unknown' }, status)
}
