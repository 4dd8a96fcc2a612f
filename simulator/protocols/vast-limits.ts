export type VastRoute = 'instances' | 'instance' | 'users' | 'mutate' | 'logs'

const MINIMUM_INTERVAL_MS: Readonly<Record<string, number>> = {
  instances: 1000,
  instance: 2000,
  users: 1000,
  mutate: 1000,
  logs: 1000,
}

/** The provider's rule: a minimum interval between calls per endpoint and identity, in wall time. */
export class VastLimits {
  private readonly last = new Map<string, number>()

  constructor(
    private readonly factor: number,
    private readonly wallMs: () => number,
  ) {}

  /** The threshold in seconds when the call comes too early, else undefined. */
  exceeded(route: VastRoute, endpoint: string, identity: string): number | undefined {
    const intervalMs = (MINIMUM_INTERVAL_MS[route] ?? 1000) * this.factor
    if (intervalMs === 0) return undefined
    const key = `${identity} ${endpoint}`
    const nowMs = this.wallMs()
    const before = this.last.get(key)
    if (before !== undefined && nowMs - before < intervalMs) return intervalMs / 1000
    this.last.set(key, nowMs)
    if (this.last.size > 10_000) this.last.clear()
    return undefined
  }
}
