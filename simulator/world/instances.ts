import type { SimInstance } from './build'
import type { Effect } from './effects'
import { isActive } from './effects'
import type { World } from './world'

export type InstanceState = {
  readonly actual: string | null
  readonly intended: string
  readonly allocation: string
  readonly message: string | null
  /** The container really works, whatever the provider says. */
  readonly serving: boolean
  readonly endsMs: number
  readonly outbid: boolean
  readonly zeroFrame: boolean
  readonly diskShare: number | null
  readonly unreadable: readonly string[] | undefined
  readonly restartedMs: number
  /** When the present run of not serving began; undefined while it serves. */
  readonly servingSinceMs: number
}

type Draft = { -readonly [Key in keyof InstanceState]: InstanceState[Key] }

const FULL_DISK_MESSAGE = 'Error: write /var/lib/docker: no space left on device'
const SERVING: ReadonlySet<string | null> = new Set(['running'])

export function instanceStateAt(world: World, instance: SimInstance, offsetMs: number): InstanceState {
  const draft: Draft = {
    actual: 'running',
    intended: 'running',
    allocation: 'running',
    message: `success, running ${world.image}`,
    serving: true,
    endsMs: instance.endsMs,
    outbid: false,
    zeroFrame: false,
    diskShare: undefinedDisk(world, instance, offsetMs),
    unreadable: undefined,
    restartedMs: instance.startedMs,
    servingSinceMs: instance.startedMs,
  }
  for (const effect of world.effects.ofInstance(instance.index)) {
    if (effect.fromMs > offsetMs) continue
    if (effect.event.event === 'instance-restart') {
      restart(draft, effect, offsetMs)
      if (effect.event.fresh) draft.diskShare = undefinedDisk(world, instance, offsetMs)
    } else if (isActive(effect, offsetMs)) applyEffect(draft, effect, offsetMs)
    else if (endsServing(effect)) draft.servingSinceMs = Math.max(draft.servingSinceMs, effect.untilMs)
  }
  if (world.credit.exhaustedAt(offsetMs)) stopForCredit(draft)
  return draft
}

function undefinedDisk(world: World, instance: SimInstance, offsetMs: number): number {
  const base = 0.22 + (instance.seed % 400) / 1000
  return Math.round((base + 0.01 * Math.sin(offsetMs / 3_600_000 + world.seed)) * 10_000) / 10_000
}

function endsServing(effect: Effect): boolean {
  const kind = effect.event.event
  return (
    kind === 'host-loss' ||
    kind === 'instance-status' ||
    kind === 'instance-stranded' ||
    kind === 'instance-outbid'
  )
}

function restart(draft: Draft, effect: Effect, offsetMs: number): void {
  draft.restartedMs = effect.fromMs
  draft.intended = 'running'
  if (offsetMs >= effect.untilMs) {
    halt(draft, { actual: 'running', message: null })
    draft.serving = true
    draft.servingSinceMs = effect.untilMs
    draft.allocation = 'running'
    return
  }
  halt(draft, { actual: 'rebooting', message: 'rebooting' })
}

function applyEffect(draft: Draft, effect: Effect, offsetMs: number): void {
  const { event } = effect
  switch (event.event) {
    case 'instance-status':
      halt(draft, { actual: event.status, message: event.message ?? null })
      draft.serving = SERVING.has(event.status)
      if (draft.serving) draft.servingSinceMs = effect.fromMs
      draft.intended = event.intended ?? (event.status === 'frozen' ? 'frozen' : 'running')
      draft.allocation = event.status === 'stopped' ? 'stopped' : 'running'
      return
    case 'instance-flap':
      if ((offsetMs - effect.fromMs) % event.period < event.dip) draft.actual = event.status
      return
    case 'instance-stranded':
      halt(draft, { actual: 'stopped', message: 'scheduling: gpu is currently in use' })
      draft.allocation = 'stopped'
      return
    case 'instance-outbid':
      halt(draft, { actual: 'stopped', message: 'outbid: another renter offers more for this machine' })
      draft.allocation = 'stopped'
      draft.outbid = true
      return
    case 'instance-contract-end':
      endContract(draft, effect.fromMs + event.in, offsetMs)
      return
    case 'instance-disk':
      draft.diskShare = event.share
      if ((event.share ?? 0) >= 0.99) draft.message = FULL_DISK_MESSAGE
      return
    case 'instance-unreadable':
      draft.unreadable = event.fields ?? [
        'gpu_util',
        'gpu_temp',
        'vmem_usage',
        'mem_usage',
        'ports',
        'status_msg',
      ]
      return
    case 'host-loss':
      halt(draft, { actual: 'offline', message: null })
      return
    case 'host-heartbeat-lost':
      draft.actual = event.status
      return
    case 'telemetry-zero':
      draft.zeroFrame = !event.alternate || Math.floor((offsetMs - effect.fromMs) / 30_000) % 2 === 0
      return
    default:
      return
  }
}

function halt(draft: Draft, { actual, message }: { actual: string | null; message: string | null }): void {
  draft.actual = actual
  draft.message = message
  draft.serving = false
}

function endContract(draft: Draft, endsMs: number, offsetMs: number): void {
  draft.endsMs = endsMs
  if (offsetMs < endsMs) return
  halt(draft, { actual: 'stopped', message: 'contract ended' })
  draft.intended = 'stopped'
  draft.allocation = 'stopped'
}

function stopForCredit(draft: Draft): void {
  if (draft.actual === 'offline') return
  halt(draft, { actual: 'stopped', message: 'stopped: insufficient credit' })
  draft.allocation = 'stopped'
}
