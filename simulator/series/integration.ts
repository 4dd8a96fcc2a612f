import { DURATION_BUCKETS_SECONDS, TRAFFIC_ROUTES, type TrafficRoute } from '../world/traffic'
import type { World } from '../world/world'
import type { Family, Labels } from './family'
import type { TargetHealth } from './targets'

export const INTEGRATION_TARGET = 'integration:8080'
export const MEMORY_LIMIT_BYTES = 536_870_912

type Cell = { readonly labels: Labels; at(offsetMs: number): number | undefined }
type Spec = {
  readonly name: string
  readonly type: Family['type']
  readonly help: string
  readonly cells: readonly Cell[]
}

const OWN: Labels = { instance: INTEGRATION_TARGET, job: 'integration' }

export function integrationFamilies(world: World, targets: TargetHealth): readonly Family[] {
  const whileUp = ({ name, type, help, cells }: Spec): Family => ({
    name,
    type,
    help,
    size: cells.length,
    labels: (index) => cells[index]?.labels ?? OWN,
    valueAt: (index, offsetMs) => (targets.integrationUp(offsetMs) ? cells[index]?.at(offsetMs) : undefined),
  })
  return [...counters(world), ...histogram(world), ...processGauges(world)].map(whileUp)
}

function counters(world: World): Spec[] {
  const first = world.traffic
  return [
    {
      name: 'vastai_requests_total',
      type: 'counter',
      help: 'Requests to the Vast.ai API by route and status.',
      cells: first.requests.map(({ route, status }, index) => ({
        labels: { ...OWN, route, status },
        at: (offsetMs) => seen(world.traffic.requests[index]?.at(offsetMs)),
      })),
    },
    {
      name: 'vastai_errors_total',
      type: 'counter',
      help: 'Failed requests to the Vast.ai API by status and type.',
      cells: first.errors.map(({ status, errorType }, index) => ({
        labels: { ...OWN, error_type: errorType, status },
        at: (offsetMs) => seen(world.traffic.errors[index]?.at(offsetMs)),
      })),
    },
  ]
}

/** A labelled counter does not exist before its first count. */
function seen(count: number | undefined): number | undefined {
  return count === undefined || count <= 0 ? undefined : count
}

function histogram(world: World): Spec[] {
  const bounds: readonly number[] = [...DURATION_BUCKETS_SECONDS, Number.POSITIVE_INFINITY]
  const help = 'Duration of requests to the Vast.ai API in seconds.'
  const base = 'vastai_request_duration_seconds'
  const perRoute = (read: (route: TrafficRoute, offsetMs: number) => number): Cell[] =>
    TRAFFIC_ROUTES.map((route) => ({ labels: { ...OWN, route }, at: (offsetMs) => read(route, offsetMs) }))
  return [
    {
      name: `${base}_bucket`,
      type: 'histogram',
      help,
      cells: TRAFFIC_ROUTES.flatMap((route) =>
        bounds.map((upper) => ({
          labels: { ...OWN, le: Number.isFinite(upper) ? String(upper) : '+Inf', route },
          at: (offsetMs: number) => world.traffic.bucketAt(route, upper, offsetMs),
        })),
      ),
    },
    {
      name: `${base}_sum`,
      type: 'histogram',
      help,
      cells: perRoute((route, offsetMs) => world.traffic.sumSecondsAt(route, offsetMs)),
    },
    {
      name: `${base}_count`,
      type: 'histogram',
      help,
      cells: perRoute((route, offsetMs) => world.traffic.bucketAt(route, Number.POSITIVE_INFINITY, offsetMs)),
    },
  ]
}

function processGauges(world: World): Spec[] {
  const one = (name: string, help: string, at: (offsetMs: number) => number): Spec => ({
    name,
    type: name.endsWith('_total') ? 'counter' : 'gauge',
    help,
    cells: [{ labels: OWN, at }],
  })
  return [
    one('process_resident_memory_bytes', 'Resident memory size in bytes.', (offsetMs) =>
      Math.round((memoryPercentAt(world, offsetMs) / 100) * MEMORY_LIMIT_BYTES),
    ),
    one('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', (offsetMs) =>
      cpuSecondsAt(world, offsetMs),
    ),
    one('process_memory_limit_bytes', 'Memory limit of the container in bytes.', () => MEMORY_LIMIT_BYTES),
    one('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', () =>
      Math.round(world.startMs / 1000 - 200_000),
    ),
  ]
}

export function memoryPercentAt(world: World, offsetMs: number): number {
  const told = lastTold(world, offsetMs, 'memoryPercent')
  return told ?? world.impactAt(offsetMs)?.memoryPercent ?? 46 + 5 * Math.sin(offsetMs / 900_000)
}

function cpuSecondsAt(world: World, offsetMs: number): number {
  const base = 0.21
  const extra = world.effects.ofKind('own-health').reduce((sum, effect) => {
    if (effect.event.cpuPercent === undefined || offsetMs <= effect.fromMs) return sum
    const seconds = (Math.min(offsetMs, effect.untilMs) - effect.fromMs) / 1000
    return sum + seconds * Math.max(0, effect.event.cpuPercent / 100 - base)
  }, 0)
  return Math.round(((offsetMs + 86_400_000) * base) / 10 + extra * 100) / 100
}

function lastTold(world: World, offsetMs: number, key: 'memoryPercent' | 'cpuPercent'): number | undefined {
  return world.effects
    .active('own-health', offsetMs)
    .map((effect) => effect.event[key])
    .filter((value) => value !== undefined)
    .at(-1)
}
