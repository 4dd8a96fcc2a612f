import { json, type Reply, type SimRequest, text } from '../reply'
import { PROGRAMS } from '../scenario-events'
import type { SimInstance } from '../world/build'
import { programAt } from '../world/workers'
import type { World } from '../world/world'
import { programLog } from './supervisor-logs'

const BOOT_MS = 20_000
const RECYCLE_MS = 35_000
const LABEL_LIMIT = 1024
const LOG_APPEARS_MS = 600

type LogResult = { readonly text: string; readonly readyMs: number }

/** What a renter can do to an instance; every action becomes an event of the world. */
export class VastActions {
  private readonly labels = new Map<number, string>()
  private readonly results = new Map<string, LogResult>()

  constructor(
    private readonly world: World,
    private readonly wallMs: () => number,
  ) {}

  labelOf(id: number): string | null {
    return this.labels.get(id) ?? this.world.instance(id)?.label ?? null
  }

  handle(request: SimRequest, instance: SimInstance, offsetMs: number): Reply {
    if (request.path.includes('/request_logs/')) return this.logs(instance, request.body, offsetMs)
    if (request.path.includes('/reboot/')) return this.restart(instance, offsetMs, BOOT_MS)
    if (request.path.includes('/recycle/')) return this.restart(instance, offsetMs, RECYCLE_MS, true)
    if (request.path.includes('/update_template/')) return this.template(instance, request.body)
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

  private template(instance: SimInstance, raw: string): Reply {
    const { image } = (bodyOf(raw) ?? {}) as { readonly image?: unknown }
    if (typeof image !== 'string' || image === '')
      return json({ success: false, error: 'invalid_args', msg: 'image is missing' }, 400)
    this.world.releases.setTemplate(instance.id, image)
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

  private restart(instance: SimInstance, offsetMs: number, lastsMs: number, fresh = false): Reply {
    const { actual } = this.world.instanceAt(instance, offsetMs)
    if (actual === 'offline' || actual === 'stopped')
      return json({ success: false, error: 'invalid_state', msg: `Instance is ${actual}` })
    if (fresh) this.world.releases.recycle(instance.id)
    this.world.apply(
      [{ event: 'instance-restart', at: 0, for: lastsMs, fresh, target: one(instance) }],
      offsetMs,
    )
    return json({ success: true })
  }

  /** The log is put elsewhere and appears a moment later, at an address that needs no key. */
  private logs(instance: SimInstance, body: string, offsetMs: number): Reply {
    const { tail } = bodyOf(body) ?? {}
    const lines = typeof tail === 'string' && /^[1-9]\d{0,4}$/.test(tail) ? Number(tail) : 1000
    const name = `${this.results.size + 1}-${instance.id}.log`
    this.results.set(name, {
      text: this.logText(instance, lines, offsetMs),
      readyMs: this.wallMs() + LOG_APPEARS_MS,
    })
    return json({ success: true, result_url: `/vast/results/${name}`, msg: 'log request accepted' })
  }

  /** The stored log; undefined for a path that is no result. */
  result(path: string): Reply | undefined {
    const name = /^\/results\/([^/]+)$/.exec(path)?.[1]
    if (name === undefined) return undefined
    const found = this.results.get(name)
    if (found === undefined || this.wallMs() < found.readyMs) return text('<Error>NoSuchKey</Error>', 404)
    return text(found.text)
  }

  private logText(instance: SimInstance, lines: number, offsetMs: number): string {
    const at = { offsetMs, timeMs: this.world.startMs + offsetMs }
    const all = PROGRAMS.flatMap((program) => {
      const state = programAt(this.world, instance, program, offsetMs)
      return programLog({ program, state, at, startMs: this.world.startMs }).trimEnd().split('\n')
    })
    return `${all.sort().slice(-lines).join('\n')}\n`
  }
}

function one(instance: SimInstance): { instances: number[] } {
  return { instances: [instance.index + 1] }
}

function bodyOf(
  raw: string,
): { readonly label?: unknown; readonly state?: unknown; readonly tail?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(raw === '' ? '{}' : raw)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
