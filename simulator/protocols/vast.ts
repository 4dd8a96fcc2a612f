import type { Instant, Reply, SimRequest } from '../reply'
import { html, json, text } from '../reply'
import { requestDraw } from '../world/random'
import { latencyAt, p50Ms } from '../world/traffic'
import type { World } from '../world/world'
import { VastActions } from './vast-actions'
import { VastLimits, type VastRoute } from './vast-limits'
import { listInstances } from './vast-list'
import { vastRow } from './vast-row'

type Route = {
  readonly route: VastRoute
  readonly endpoint: string
  readonly scope: string
  readonly id: number | undefined
}

export class Vast {
  private readonly limits: VastLimits
  private readonly actions: VastActions

  constructor(
    private readonly world: World,
    wallMs: () => number,
  ) {
    this.limits = new VastLimits(world.scenario.world.rateLimitFactor, wallMs)
    this.actions = new VastActions(world, wallMs)
  }

  handle(request: SimRequest, at: Instant): Reply {
    const reply = this.answer(request, at)
    const delayMs = this.delayMs(request.path, at.offsetMs)
    return delayMs === 0 ? reply : { ...reply, delayMs }
  }

  private answer(request: SimRequest, at: Instant): Reply {
    const stored = this.actions.result(request.path)
    if (stored !== undefined) return stored
    const route = routeOf(request)
    if (route === undefined) return json({ success: false, error: 'not_found', msg: 'No such endpoint' }, 404)
    return (
      this.refusal(request, route, at.offsetMs) ??
      this.providerError(route, askedOf(request), at.offsetMs) ??
      this.serve(request, route, at)
    )
  }

  private refusal(
    request: SimRequest,
    { route, endpoint, scope }: Route,
    offsetMs: number,
  ): Reply | undefined {
    const { effects, scenario } = this.world
    if (effects.active('access-blocked', offsetMs).length > 0)
      return html('<html><body>403 Forbidden</body></html>', 403)
    const token =
      /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? request.query.get('api_key')
    const key = scenario.world.keys.find((known) => known.token === token)
    const revoked = effects
      .active('key-revoked', offsetMs)
      .some((effect) => effect.event.key === undefined || effect.event.key === key?.name)
    if (key === undefined || revoked)
      return json({ success: false, error: 'auth_error', msg: 'Invalid user key' }, 401)
    const threshold = this.limits.exceeded(route, endpoint, `${token} ${request.remote}`)
    if (threshold !== undefined)
      return text(`API requests too frequent: endpoint threshold=${threshold.toFixed(1)}`, 429)
    const outOfScope = effects
      .active('key-scope', offsetMs)
      .some((effect) => effect.event.routes.includes(route))
    if (outOfScope || !key.scopes.some((granted) => granted === scope))
      return json({ success: false, error: 'not_authorized', msg: `Key lacks permission ${scope}` }, 403)
    return undefined
  }

  private providerError({ route }: Route, path: string, offsetMs: number): Reply | undefined {
    for (const effect of this.world.effects.active('provider-errors', offsetMs)) {
      const { status, share, routes } = effect.event
      if (routes !== undefined && !routes.includes(route)) continue
      if (requestDraw(this.world.seed, effect.id, { path, offsetMs }) >= share) continue
      return errorReply(status)
    }
    for (const effect of this.world.effects.active('provider-success-false', offsetMs)) {
      if (requestDraw(this.world.seed, effect.id, { path, offsetMs }) >= effect.event.share) continue
      return json({
        success: false,
        error: 'internal',
        msg: effect.event.message ?? 'Temporarily unavailable, try again.',
      })
    }
    return undefined
  }

  private serve(request: SimRequest, { route, id }: Route, at: Instant): Reply {
    const labelOf = (instanceId: number): string | null => this.actions.labelOf(instanceId)
    if (route === 'instances') return listInstances(this.world, request.query, at.offsetMs, labelOf)
    if (route === 'users') return json(this.user(at.offsetMs))
    const instance = id === undefined ? undefined : this.world.instance(id)
    if (route === 'instance') {
      const row =
        instance === undefined ? null : vastRow(this.world, instance, at.offsetMs, labelOf(instance.id))
      return json({ success: true, instances: row })
    }
    if (instance === undefined)
      return json({ success: false, error: 'no_such_instance', msg: 'No such instance' }, 404)
    return this.actions.handle(request, instance, at.offsetMs)
  }

  private user(offsetMs: number): Record<string, unknown> {
    const { dollars, dollarsPerHour } = this.world.credit.at(offsetMs)
    return {
      id: 4101,
      key_id: 88_211,
      email: 'operator@example.com',
      balance: 0,
      credit: Math.round(dollars * 100) / 100,
      balance_threshold: 0,
      balance_threshold_enabled: false,
      can_pay: true,
      has_billing: true,
      total_spend: -Math.round((18_000 + (offsetMs / 3_600_000) * dollarsPerHour) * 100) / 100,
      ssh_key: '',
      sid: null,
    }
  }

  private delayMs(path: string, offsetMs: number): number {
    if (this.world.effects.active('provider-latency', offsetMs).length === 0) return 0
    const latency = latencyAt(this.world, offsetMs)
    const draw = requestDraw(this.world.seed, 71, { path, offsetMs })
    if (draw > 0.99) return latency.p99Ms
    return draw > 0.95 ? latency.p95Ms : p50Ms(latency)
  }
}

function routeOf({ method, path }: SimRequest): Route | undefined {
  const trimmed = path.replace(/\/+$/, '')
  if (method === 'GET' && trimmed === '/api/v1/instances')
    return { route: 'instances', endpoint: 'GET instances', scope: 'instance_read', id: undefined }
  if (method === 'GET' && trimmed === '/api/v0/users/current')
    return { route: 'users', endpoint: 'GET users/current', scope: 'user_read', id: undefined }
  const match = /^\/api\/v0\/instances\/(?:(reboot|recycle|update_template|request_logs)\/)?(\d+)$/.exec(
    trimmed,
  )
  if (match === null) return undefined
  const id = Number(match[2])
  if (method === 'GET' && match[1] === undefined)
    return { route: 'instance', endpoint: 'GET instance', scope: 'instance_read', id }
  if (method !== 'PUT') return undefined
  if (match[1] === 'request_logs')
    return { route: 'logs', endpoint: 'PUT request_logs', scope: 'instance_read', id }
  return { route: 'mutate', endpoint: `PUT ${match[1] ?? 'instance'}`, scope: 'instance_write', id }
}

function askedOf({ method, path, query }: SimRequest): string {
  return `${method} ${path}?${query}`
}

function errorReply(status: number): Reply {
  switch (status) {
    case 401:
      return json({ success: false, error: 'auth_error', msg: 'Invalid user key' }, 401)
    case 403:
      return json({ success: false, error: 'not_authorized', msg: 'Not authorized' }, 403)
    case 429:
      return text('API requests too frequent', 429)
    case 500:
      return json({ success: false, error: 'server_error', msg: 'Internal error' }, 500)
    default:
      return html(
        `<html><head><title>${status}</title></head><body>The server is unable to answer.</body></html>`,
        status,
      )
  }
}
