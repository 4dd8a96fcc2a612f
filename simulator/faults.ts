import { kubernetesFault } from './kubernetes/faults'
import { html, json, type Reply, text } from './reply'
import type { EventOf, FaultKind, SourceName } from './scenario-events'
import { isActive } from './world/effects'
import { requestDraw } from './world/random'
import type { World } from './world/world'

export type ActiveFault = { readonly event: EventOf<'source-fault'>; readonly fromMs: number }

export const HUGE_BODY_BYTES = 200 * 1024 * 1024
const DEFAULT_SLOW_MS = 5000

type FaultyRequest = { readonly path: string; readonly method?: string }

export class Faults {
  constructor(private readonly world: World) {}

  /** The fault that meets this request, if any. */
  find(source: SourceName, request: FaultyRequest, offsetMs: number): ActiveFault | undefined {
    const { path, method } = request
    for (const effect of this.world.effects.ofKind('source-fault')) {
      const { event } = effect
      if (event.source !== source || !isActive(effect, offsetMs)) continue
      if (event.path !== undefined && !path.startsWith(event.path)) continue
      if (event.method !== undefined && event.method !== method) continue
      if (
        event.share !== undefined &&
        requestDraw(this.world.seed, effect.id, { path, offsetMs }) >= event.share
      )
        continue
      return { event, fromMs: effect.fromMs }
    }
    return undefined
  }
}

export function slowMs(event: EventOf<'source-fault'>): number {
  return event.ms ?? DEFAULT_SLOW_MS
}

/** What a faulty source says instead of its answer; the answer itself when the fault leaves it alone. */
export function spoil(fault: EventOf<'source-fault'>, answer: () => Reply): Reply {
  const kind: FaultKind = fault.fault
  const status = fault.source === 'kubernetes' ? kubernetesFault(kind, fault.status) : undefined
  if (status !== undefined) return status
  switch (kind) {
    case 'unauthorized':
      return json({ success: false, error: 'auth_error', msg: 'Invalid user key' }, 401)
    case 'forbidden':
      return json({ success: false, error: 'not_authorized', msg: 'Not authorized' }, 403)
    case 'rate-limited':
      return text('API requests too frequent', 429)
    case 'server-error':
      return text('Internal Server Error', fault.status ?? 500)
    case 'html':
      return html(
        '<!doctype html><html><head><title>Just a moment</title></head><body>Please wait.</body></html>',
      )
    case 'truncated':
      return cutShort(answer())
    case 'wrong-types':
      return rewritten(answer(), swapType)
    case 'nulls':
      return rewritten(answer(), () => null)
    case 'slow':
      return { ...answer(), delayMs: slowMs(fault) }
    case 'not-found':
      return json({ success: false, error: 'not_found', msg: 'Not found' }, 404)
    case 'conflict':
      return json({ success: false, error: 'conflict', msg: 'Changed meanwhile' }, 409)
    case 'invalid':
      return json({ success: false, error: 'invalid_request', msg: 'Invalid' }, 422)
    case 'answer-lost':
    case 'refused':
    case 'blackhole':
    case 'huge':
    case 'stale':
    case 'stats-unset':
      return answer()
  }
}

function cutShort(reply: Reply): Reply {
  return { ...reply, body: reply.body.slice(0, Math.max(1, Math.floor(reply.body.length / 2))) }
}

function rewritten(reply: Reply, change: (leaf: unknown) => unknown): Reply {
  try {
    return { ...reply, body: JSON.stringify(mapLeaves(JSON.parse(reply.body), change)) }
  } catch {
    return { ...reply, body: reply.body.replace(/\d+(\.\d+)?/g, 'null') }
  }
}

function mapLeaves(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, change))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapLeaves(item, change)]))
  return change(value)
}

function swapType(leaf: unknown): unknown {
  if (typeof leaf === 'number') return `about ${leaf}`
  if (typeof leaf === 'string') return { text: leaf }
  if (typeof leaf === 'boolean') return leaf ? 'yes' : 'no'
  return []
}
