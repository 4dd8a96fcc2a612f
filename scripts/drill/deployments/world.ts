import type { Applied, Desired, Look } from '@/lib/deployers/deployer'
import { type Signal, TICK_MS, type Tick, type TrackTick, type Unseen } from '@/lib/rollouts/model'

/** Moment is a version’s life at one instant: how long it runs, at which share, and for how long at that share. */
export type Moment = {
  readonly minute: number
  readonly percent: number
  readonly minuteAtPercent: number
  readonly tick: number
}

/** Figures are what a version shows; what is left out is healthy. */
export type Figures = Readonly<Partial<Record<Signal, number>>>

/** Apply says what the provider makes of a request: `lost` has its effect and no answer, `dropped` neither. */
export type Reply = 'ok' | 'lost' | 'dropped' | 'refused' | 'conflict' | 'absent'

/** Script is a target, its traffic and its two versions as they really are. */
export type Script = {
  readonly requestsPerMinute: (minute: number) => number
  readonly fresh: (moment: Moment) => Figures
  /** unseen says which figures of the new version nobody can read at a minute since the start. */
  readonly unseen?: (minute: number) => Unseen | undefined
  readonly startSeconds?: (percent: number) => number
  readonly reply?: (asked: Desired, attempt: number) => Reply
  readonly foreign?: (minute: number) => string | null
  /** blind: the provider does not answer looks. */
  readonly blind?: (minute: number) => boolean
}

const HEALTHY: Readonly<Record<Signal, number>> = {
  error_ratio: 0.2,
  p95: 320,
  p99: 900,
  health: 1,
  memory: 48,
  rate_5xx: 0,
  rate_429: 0,
  rate_auth: 0,
}

type Change = { readonly atMs: number; readonly desired: Desired }

/** ScriptedWorld is a target in simulated time; `effects` counts what was really changed. */
export class ScriptedWorld {
  readonly effects: string[] = []
  private readonly changes: Change[] = []
  private readonly asked = new Map<string, number>()
  private share: { readonly percent: number; readonly sinceMs: number } = { percent: 0, sinceMs: 0 }
  private freshSinceMs: number | undefined
  isOffline = false
  isFinished = false

  constructor(
    private readonly script: Script,
    private readonly startMs: number,
  ) {}

  private minute(atMs: number): number {
    return (atMs - this.startMs) / 60_000
  }

  /** settle lets everything happen that is due. */
  private settle(nowMs: number): void {
    for (const change of this.changes.filter(({ atMs }) => atMs <= nowMs)) {
      this.changes.splice(this.changes.indexOf(change), 1)
      this.happens(change)
    }
  }

  private happens({ atMs, desired }: Change): void {
    const name = nameOf(desired)
    this.effects.push(name)
    if (desired.do === 'zero') this.isOffline = true
    if (desired.do === 'finish') this.isFinished = true
    const percent = shareOf(desired, this.share.percent)
    if (percent === this.share.percent) return
    this.share = { percent, sinceMs: atMs }
    this.freshSinceMs = percent === 0 ? undefined : (this.freshSinceMs ?? atMs)
  }

  look(desired: Desired, nowMs: number): Look {
    this.settle(nowMs)
    if (this.script.blind?.(this.minute(nowMs))) return { kind: 'unknown', detail: 'no answer in time' }
    const { percent } = this.share
    const isMoving = this.changes.length > 0
    const wanted = shareOf(desired, percent)
    return {
      kind: 'seen',
      reached: reached(desired, percent, wanted, this) && !isMoving,
      exposurePercent: percent,
      achievablePercent: wanted,
      isOldEverywhere: percent === 0 && !isMoving && !this.isOffline,
      ready: { fresh: percent === 0 ? 0 : 1, freshReady: percent === 0 ? 0 : 1, all: 10 },
      foreign: this.script.foreign?.(this.minute(nowMs)) ?? null,
      failed: null,
      detail: isMoving ? 'on its way' : `${percent} % runs the new version`,
    }
  }

  apply(desired: Desired, nowMs: number): Applied {
    this.settle(nowMs)
    const name = nameOf(desired)
    const attempt = (this.asked.get(name) ?? 0) + 1
    this.asked.set(name, attempt)
    const reply = this.script.reply?.(desired, attempt) ?? 'ok'
    if (reply === 'refused')
      return { kind: 'refused', why: 'not-possible', detail: 'success: false, no capacity' }
    if (reply === 'conflict')
      return { kind: 'refused', why: 'conflict', detail: 'the object was changed meanwhile' }
    if (reply === 'absent')
      return { kind: 'refused', why: 'absent', detail: 'the registry has no such manifest' }
    if (reply === 'dropped') return { kind: 'unknown', detail: 'no answer in time' }
    const seconds =
      this.script.startSeconds?.(desired.do === 'expose' ? desired.percent : 0) ??
      (desired.do === 'redeploy' ? 60 : 10)
    // What is asked for now takes the place of what was still on its way.
    this.changes.length = 0
    this.changes.push({ atMs: nowMs + seconds * 1_000, desired })
    return reply === 'lost'
      ? { kind: 'unknown', detail: 'the connection broke off' }
      : { kind: 'sent', detail: 'accepted' }
  }

  /** tick reads the figures of one grid point. */
  tick(atMs: number): Tick {
    this.settle(atMs)
    const minute = this.minute(atMs)
    const perTick = (this.script.requestsPerMinute(minute) * TICK_MS) / 60_000
    const { percent, sinceMs } = this.share
    const fresh = this.freshAt(atMs, minute, (perTick * percent) / 100, sinceMs)
    const stable = track(HEALTHY, (perTick * (100 - percent)) / 100)
    const service = blended(fresh, stable, percent, perTick)
    return { atMs, tracks: { canary: fresh, stable, service } }
  }

  private freshAt(atMs: number, minute: number, requests: number, sinceMs: number): TrackTick {
    const why = this.freshSinceMs === undefined ? 'no_data' : this.script.unseen?.(minute)
    if (why !== undefined || this.freshSinceMs === undefined) {
      const unseen = Object.fromEntries(Object.keys(HEALTHY).map((signal) => [signal, why ?? 'no_data']))
      return { requests: why === undefined ? 0 : null, values: {}, unseen }
    }
    const moment = {
      minute: (atMs - this.freshSinceMs) / 60_000,
      percent: this.share.percent,
      minuteAtPercent: (atMs - sinceMs) / 60_000,
      tick: Math.floor(atMs / TICK_MS),
    }
    return track({ ...HEALTHY, ...this.script.fresh(moment) }, requests)
  }
}

function track(values: Readonly<Record<Signal, number>>, requests: number): TrackTick {
  if (requests >= 0.05) return { requests, values, unseen: {} }
  // Nothing divided by nothing is no ratio: neither good nor bad.
  const { error_ratio: _ratio, p95: _p95, p99: _p99, ...rest } = values
  return { requests, values: rest, unseen: { error_ratio: 'no_data', p95: 'no_data', p99: 'no_data' } }
}

function blended(fresh: TrackTick, stable: TrackTick, percent: number, requests: number): TrackTick {
  const worse = (signal: Signal): number =>
    ((fresh.values[signal] ?? HEALTHY[signal]) * percent + HEALTHY[signal] * (100 - percent)) / 100
  if (requests < 0.05) return stable
  return track({ ...HEALTHY, error_ratio: worse('error_ratio'), p95: worse('p95') }, requests)
}

function nameOf(desired: Desired): string {
  return desired.do === 'expose' ? `expose ${desired.percent}` : desired.do
}

function shareOf(desired: Desired, now: number): number {
  switch (desired.do) {
    case 'expose':
      return desired.percent
    case 'route':
    case 'isolate':
      // Once the stable track runs the new version too, there is nothing to send the traffic to.
      return now >= 100 ? now : 0
    case 'redeploy':
      return 0
    case 'finish':
      return 100
    case 'restart':
    case 'zero':
      return now
  }
}

function reached(
  desired: Desired,
  percent: number,
  wanted: number,
  world: { readonly isOffline: boolean; readonly isFinished: boolean },
): boolean {
  switch (desired.do) {
    case 'zero':
      return world.isOffline
    case 'finish':
      return world.isFinished
    case 'restart':
      return false
    default:
      return percent === wanted
  }
}
