import { neverSent } from '../../platform/http-failure'
import type { Http, HttpAnswer } from '../../platform/http-types'
import { rememberSecret } from '../../platform/redact'
import type { NotKnown, Refused } from '../deployer'

/** FlyTarget is one app of the Machines API. */
export type FlyTarget = {
  readonly baseUrl: string
  readonly token: string
  readonly app: string
  readonly http: Http
}

/** Machine is one machine as it was read; `config` is kept whole, for an update sends all of it. */
export type Machine = {
  readonly id: string
  readonly instanceId: string
  readonly state: string
  readonly image: string
  readonly isCordoned: boolean
  /** isTrusted is false when the platform itself says that it does not reach the machine’s host. */
  readonly isTrusted: boolean
  /** isPassing is whether all health checks pass; null when it has none. */
  readonly isPassing: boolean | null
  /** size is what the machine was given; undefined where its configuration does not say. */
  readonly size: { readonly cpus: number; readonly memoryMb: number } | undefined
  readonly config: Readonly<Record<string, unknown>>
}

const DEADLINE_MS = 10_000
const LEASE_SECONDS = 30

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** FlyCall is what a change of one machine came to. */
export type FlyCall = { readonly kind: 'done' } | Refused | NotKnown

/** openFly gives the few calls that a rollout makes; every change of a machine happens under its lease. */
export function openFly(target: FlyTarget) {
  rememberSecret(target.token)
  const app = `${target.baseUrl.replace(/\/+$/, '')}/v1/apps/${target.app}`
  const ask = (
    path: string,
    more: Partial<Parameters<Http['request']>[0]> = {},
    under = '/machines',
  ): Promise<HttpAnswer> =>
    target.http.request({
      url: `${app}${under}${path}`,
      deadlineMs: DEADLINE_MS,
      expect: 'json',
      ...more,
      headers: { authorization: `Bearer ${target.token}`, ...more.headers },
    })

  async function leased(id: string, work: (nonce: string) => Promise<FlyCall>): Promise<FlyCall> {
    const body = JSON.stringify({ ttl: LEASE_SECONDS, description: 'watchfloor rollout' })
    const lease = await ask(`/${id}/lease`, { method: 'POST', body, headers: JSON_TYPE })
    // A lease changes nothing: without one nothing was done.
    if (!lease.ok) return refusedOf(lease, `lease of ${id}`)
    const nonce = textOf(fieldsOf(fieldsOf(lease.value.json).data).nonce)
    if (nonce === '') return { kind: 'unknown', detail: `the lease of ${id} came without a nonce` }
    try {
      return await work(nonce)
    } finally {
      await ask(`/${id}/lease`, { method: 'DELETE', headers: { [NONCE]: nonce } })
    }
  }

  const change = (id: string, path: string, body: unknown): Promise<FlyCall> =>
    leased(id, async (nonce) => {
      const answer = await ask(`/${id}${path}`, {
        method: 'POST',
        headers: { ...JSON_TYPE, [NONCE]: nonce },
        body: JSON.stringify(body),
      })
      return answer.ok ? { kind: 'done' } : outcomeOf(answer, id)
    })

  return {
    list: async (): Promise<readonly Machine[] | Refused | NotKnown> => {
      const answer = await ask('')
      if (!answer.ok) return refusedOf(answer, `machines of ${target.app}`)
      const { json } = answer.value
      if (!Array.isArray(json)) return { kind: 'unknown', detail: 'the answer is not a list of machines' }
      return json.map((row) => machineOf(fieldsOf(row))).filter(({ state }) => !GONE.has(state))
    },
    /** secrets gives the names of the app’s secrets; the platform tells values to nobody outside. */
    secrets: async (): Promise<readonly string[] | Refused | NotKnown> => {
      const answer = await ask('', {}, '/secrets')
      if (!answer.ok) return refusedOf(answer, `secrets of ${target.app}`)
      const { secrets } = fieldsOf(answer.value.json)
      if (!Array.isArray(secrets)) return { kind: 'unknown', detail: 'the answer holds no list of secrets' }
      return secrets.map((row) => textOf(fieldsOf(row).name)).filter((name) => name !== '')
    },
    /** setImage updates a machine with its whole configuration and another image. */
    setImage: (machine: Machine, image: string): Promise<FlyCall> =>
      change(machine.id, '', { config: { ...machine.config, image } }),
    cordon: (id: string): Promise<FlyCall> => change(id, '/cordon', {}),
    uncordon: (id: string): Promise<FlyCall> => change(id, '/uncordon', {}),
    restart: (id: string): Promise<FlyCall> => change(id, '/restart', {}),
    stop: (id: string): Promise<FlyCall> => change(id, '/stop', {}),
  }
}

/** Fly are the calls that a rollout makes. */
export type Fly = ReturnType<typeof openFly>

const NONCE = 'fly-machine-lease-nonce'
const JSON_TYPE = { 'content-type': 'application/json' }
const GONE: ReadonlySet<string> = new Set(['destroyed', 'destroying', 'replaced', 'migrated'])

function machineOf(row: Fields): Machine {
  const config = fieldsOf(row.config)
  const checks = (Array.isArray(row.checks) ? row.checks : [])
    .map(fieldsOf)
    .filter(({ name }) => !textOf(name).startsWith('bg_deployments_compat'))
  const host = textOf(row.host_status)
  return {
    id: textOf(row.id),
    instanceId: textOf(row.instance_id),
    state: textOf(row.state),
    image: `${textOf(config.image)} ${textOf(fieldsOf(row.image_ref).digest)}`,
    isCordoned: row.cordoned === true,
    isTrusted: host === '' || host === 'ok',
    isPassing: checks.length === 0 ? null : checks.every(({ status }) => status === 'passing'),
    size: sizeOf(fieldsOf(config.guest)),
    config,
  }
}

function sizeOf({ cpus, memory_mb: memoryMb }: Fields): Machine['size'] {
  return typeof cpus === 'number' && typeof memoryMb === 'number' ? { cpus, memoryMb } : undefined
}

type Failed = Exclude<HttpAnswer, { ok: true }>

function refusedOf({ status, detail }: Failed, what: string): Refused {
  const why =
    status === 409
      ? 'conflict'
      : status === 401 || status === 403
        ? 'forbidden'
        : status === 404
          ? 'absent'
          : status === 429
            ? 'limited'
            : 'unreachable'
  return { kind: 'refused', why, detail: `${what}: ${detail}` }
}

function outcomeOf(answer: Failed, id: string): Refused | NotKnown {
  const { status, detail } = answer
  if (status !== undefined && status >= 400 && status < 500 && status !== 408) {
    const refused = refusedOf(answer, id)
    return refused.why === 'unreachable' ? { ...refused, why: 'invalid' } : refused
  }
  if (neverSent(answer)) return refusedOf(answer, id)
  return { kind: 'unknown', detail: `${id}: ${detail}` }
}
