import { json, type Reply, type SimRequest } from '../reply'
import type { SimInstance } from '../world/build'
import type { World } from '../world/world'

const BOOT_MS = 20_000
const RECYCLE_MS = 35_000
const LABEL_LIMIT = 1024

/** What a renter can do to an instance; every action becomes an event of the world. */
export class VastActions {
  private readonly labels = new Map<number, string>()

  constructor(private readonly world: World) {}

  labelOf(id: number): string | null {
    return this.labels.get(id) ?? this.world.instance(id)?.label ?? null
  }

  handle(request: SimRequest, instance: SimInstance, offsetMs: number): Reply {
    if (request.path.includes('/request_logs/')) return this.logs(instance)
    if (request.path.includes('/reboot/')) return this.restart(instance, offsetMs, BOOT_MS)
    if (request.path.includes('/recycle/')) return this.restart(instance, offsetMs, RECYCLE_MS)
    const body = bodyOf(request.body)
    if (body === undefined)
      return json({ success: false, error: 'invalid_args', msg: 'Body is not JSON' }, 400)
    if (typeof body.label === 'string') return this.label(instance, body.label)
    if (body.state === 'stopped') return this.stop(instance, offsetMs)
    if (body.state === 'running') return this.start(instance, offsetMs)
    return json({ success: false, error: 'invalid_args', msg: 'Give state or label' }, 400)
  }

  private label(instance: SimInstance, label: string): Reply {
    if (label.length > LABEL_LIMIT)
      return json({ success: false, error: 'label_too_long', msg: 'Label too long' }, 400)
    this.labels.set(instance.id, label)
    return json({ success: true })
  }

  private stop(instance: SimInstance, offsetMs: number): Reply {
    this.world.apply(
      [{ event: 'instance-status', at: 0, status: 'stopped', intended: 'stopped', target: one(instance) }],
      offsetMs,
    )
    return json({ success: true })
  }

  private start(instance: SimInstance, offsetMs: number): Reply {
    const state = this.world.instanceAt(instance, offsetMs)
    if (this.world.credit.exhaustedAt(offsetMs))
      return json({ success: false, error: 'missing_billing', msg: 'Insufficient credit' })
    const taken = state.message?.includes('in use') === true || state.outbid || state.actual === 'offline'
    if (taken)
      return json({
        success: false,
        error: 'resources_unavailable',
        msg: 'Required resources are currently unavailable, state change queued.',
      })
    this.world.apply([{ event: 'instance-restart', at: 0, for: BOOT_MS, target: one(instance) }], offsetMs)
    return json({ success: true })
  }

  private restart(instance: SimInstance, offsetMs: number, lastsMs: number): Reply {
    const { actual } = this.world.instanceAt(instance, offsetMs)
    if (actual === 'offline' || actual === 'stopped')
      return json({ success: false, error: 'invalid_state', msg: `Instance is ${actual}` })
    this.world.apply([{ event: 'instance-restart', at: 0, for: lastsMs, target: one(instance) }], offsetMs)
    return json({ success: true })
  }

  private logs(instance: SimInstance): Reply {
    return json({
      success: true,
      result_url: `/vast/results/${instance.id}.log`,
      msg: 'log request accepted',
    })
  }
}

function one(instance: SimInstance): { instances: number[] } {
  return { instances: [instance.index + 1] }
}

function bodyOf(text: string): { readonly label?: unknown; readonly state?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
