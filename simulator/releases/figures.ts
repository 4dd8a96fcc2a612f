import type { Family, Labels } from '../series/family'
import type { Behaviour } from './catalogue'

/** What a version shows after so many minutes among people. */
export type Figure = {
  readonly errorPercent: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly memoryPercent: number
  readonly isHealthy: boolean
}

const HEALTHY: Figure = { errorPercent: 0.2, p95Ms: 320, p99Ms: 900, memoryPercent: 48, isHealthy: true }
const STEP_MS = 5_000
const MINUTE_MS = 60_000

/** Script is how a version behaves, and from which minute among people on it misbehaves. */
export type Script = { readonly behaviour: Behaviour; readonly fromMinute: number }

export function figureAt({ behaviour, fromMinute }: Script, minute: number): Figure {
  const isBad = minute >= fromMinute
  switch (behaviour) {
    case 'good':
      return { ...HEALTHY, p95Ms: 310 }
    case 'errors':
      return isBad ? { ...HEALTHY, errorPercent: 14 } : HEALTHY
    case 'slow':
      return isBad ? { ...HEALTHY, p95Ms: 1_400, p99Ms: 3_900 } : HEALTHY
    case 'leak':
      return { ...HEALTHY, memoryPercent: Math.min(97, 50 + Math.max(0, minute) * 3) }
    case 'flap':
      return isBad && Math.floor(minute * 4) % 2 === 0 ? { ...HEALTHY, errorPercent: 20 } : HEALTHY
    case 'sick':
      return isBad ? { ...HEALTHY, isHealthy: false, errorPercent: 40 } : HEALTHY
  }
}

/** The traffic of one version of one service in one environment: its share over time, and its counters. */
export class VersionTraffic {
  private readonly shares: { readonly fromMs: number; readonly share: number }[] = []
  private readonly requests: number[] = [0]
  private readonly errors: number[] = [0]
  private firstMs: number | undefined

  constructor(
    readonly labels: Labels,
    private readonly perMinute: number,
    private readonly script: () => Script,
  ) {}

  setShare(share: number, offsetMs: number): void {
    if ((this.shares.at(-1)?.share ?? 0) === share) return
    this.shares.push({ fromMs: offsetMs, share })
    this.firstMs = share > 0 ? (this.firstMs ?? offsetMs) : undefined
    // What was counted after this instant was counted with the old share.
    const kept = Math.floor(offsetMs / STEP_MS) + 1
    this.requests.length = Math.max(1, Math.min(this.requests.length, kept))
    this.errors.length = this.requests.length
  }

  shareAt(offsetMs: number): number {
    return this.shares.findLast(({ fromMs }) => fromMs <= offsetMs)?.share ?? 0
  }

  figure(offsetMs: number): Figure {
    return figureAt(this.script(), this.firstMs === undefined ? -1 : (offsetMs - this.firstMs) / MINUTE_MS)
  }

  /** Before the world began its services had run for long; from then on each step is counted. */
  counted(offsetMs: number): { readonly requests: number; readonly errors: number } {
    const place = Math.max(0, Math.floor(offsetMs / STEP_MS))
    while (this.requests.length <= place) {
      const atMs = (this.requests.length - 1) * STEP_MS
      const count = (this.perMinute * this.shareAt(atMs) * STEP_MS) / MINUTE_MS
      this.requests.push((this.requests.at(-1) ?? 0) + count)
      this.errors.push((this.errors.at(-1) ?? 0) + (count * this.figure(atMs).errorPercent) / 100)
    }
    return { requests: this.requests[place] ?? 0, errors: this.errors[place] ?? 0 }
  }
}

type Cell = { readonly labels: Labels; at(offsetMs: number): number | undefined }

/** The families that a Prometheus would scrape of the services’ own exporters. */
export function releaseFamilies(traffic: readonly VersionTraffic[]): readonly Family[] {
  const cells = (more: Labels, read: (it: VersionTraffic, offsetMs: number) => number): readonly Cell[] =>
    traffic.map((it) => ({
      labels: { ...it.labels, ...more },
      at: (offsetMs) => (it.shareAt(offsetMs) > 0 ? read(it, offsetMs) : undefined),
    }))
  const counter = (status: string | undefined, of: 'requests' | 'errors'): readonly Cell[] =>
    traffic.map((it) => ({
      labels: { ...it.labels, ...(status === undefined ? {} : { status }) },
      at: (offsetMs) => it.counted(offsetMs)[of],
    }))
  return [
    family(
      'service_requests_total',
      'counter',
      'Requests of a service by version.',
      counter(undefined, 'requests'),
    ),
    family(
      'service_request_errors_total',
      'counter',
      'Failed requests of a service by version.',
      counter('500', 'errors'),
    ),
    family('service_request_duration_seconds', 'gauge', 'Duration of requests by quantile and version.', [
      ...cells({ quantile: '0.95' }, (it, at) => it.figure(at).p95Ms / 1_000),
      ...cells({ quantile: '0.99' }, (it, at) => it.figure(at).p99Ms / 1_000),
    ]),
    family('service_memory_usage_ratio', 'gauge', 'Memory of a version as a share of its limit.', [
      ...cells({}, (it, at) => it.figure(at).memoryPercent / 100),
    ]),
    family('service_healthy', 'gauge', 'Whether the health checks of a version pass.', [
      ...cells({}, (it, at) => (it.figure(at).isHealthy ? 1 : 0)),
    ]),
  ]
}

function family(name: string, type: Family['type'], help: string, cells: readonly Cell[]): Family {
  return {
    name,
    type,
    help,
    size: cells.length,
    labels: (index) => cells[index]?.labels ?? {},
    valueAt: (index, offsetMs) => cells[index]?.at(offsetMs),
  }
}
