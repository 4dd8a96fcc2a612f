import type { ApiMinute, FleetMinute, Gathered, QueueMinute } from './gathered'
import type { Chart } from './model'

const MINUTE_MS = 60_000
const MAX_POINTS = 720
const MAX_QUEUES = 6

/** chartsOf freezes what was measured over the window: errors, latency, queues and GPUs; a minute without a reading is null. */
export function chartsOf(gathered: Gathered): readonly Chart[] {
  const slots = slotsOf(gathered)
  const { api, limits } = gathered
  return [
    {
      key: 'error-rate',
      title: 'Error ratio of the provider’s API',
      unit: '%',
      ...slots.head,
      series: [{ name: 'error ratio', values: slots.place(api, (minute: ApiMinute) => minute.errorRatio) }],
      limit: { value: limits.errorRatioPercent, label: `critical ${limits.errorRatioPercent} %` },
      source: 'Prometheus, the worst reading of each minute',
      missing: missing(api.length, slots.minutes),
    },
    {
      key: 'latency',
      title: 'Latency of the provider’s API',
      unit: 'ms',
      ...slots.head,
      series: [
        { name: 'p99', values: slots.place(api, (minute: ApiMinute) => minute.p99) },
        { name: 'p95', values: slots.place(api, (minute: ApiMinute) => minute.p95) },
      ],
      limit: { value: limits.p99Ms, label: `p99 ${limits.p99Ms} ms` },
      source: 'Prometheus, the worst reading of each minute',
      missing: missing(api.length, slots.minutes),
    },
    queueChart(gathered, slots),
    gpuChart(gathered, slots),
  ]
}

type Slots = ReturnType<typeof slotsOf>

/** stepsOf says where the charts of a window begin and how far their points stand apart: whole minutes, at most 720 points. */
export function stepsOf({ fromMs, toMs }: Pick<Gathered, 'fromMs' | 'toMs'>): {
  readonly minutes: number
  readonly startMs: number
  readonly stepMs: number
} {
  const minutes = Math.max(1, Math.ceil((toMs - fromMs) / MINUTE_MS))
  return {
    minutes,
    startMs: Math.floor(fromMs / MINUTE_MS) * MINUTE_MS,
    stepMs: Math.ceil(minutes / MAX_POINTS) * MINUTE_MS,
  }
}

function slotsOf({ fromMs, toMs }: Gathered) {
  const { minutes, startMs, stepMs } = stepsOf({ fromMs, toMs })
  const count = Math.max(1, Math.ceil((toMs - startMs) / stepMs))
  return {
    minutes,
    head: { fromMs: startMs, stepMs },
    /** place puts readings into their slots; the worst of a slot counts. */
    place: <T extends { readonly atMs: number }>(
      readings: readonly T[],
      read: (reading: T) => number | null,
    ): (number | null)[] => {
      const values: (number | null)[] = Array.from({ length: count }, () => null)
      for (const reading of readings) {
        const slot = Math.floor((reading.atMs - startMs) / stepMs)
        const value = read(reading)
        if (value === null || slot < 0 || slot >= count) continue
        values[slot] = Math.max(values[slot] ?? value, value)
      }
      return values
    },
  }
}

function missing(known: number, minutes: number): string {
  const lacking = Math.max(0, minutes - known)
  return lacking === 0 ? '' : `${lacking} of ${minutes} minutes have no reading`
}

function queueChart({ queues }: Gathered, slots: Slots): Chart {
  const names = [...new Set(queues.map((minute) => minute.queue))]
  const worstOf = (name: string): number =>
    Math.max(0, ...queues.filter((one) => one.queue === name).map((one) => one.backlog ?? 0))
  const shown = names.toSorted((a, b) => worstOf(b) - worstOf(a)).slice(0, MAX_QUEUES)
  const more = names.length - shown.length
  return {
    key: 'queue',
    title: 'Tasks waiting',
    unit: 'tasks',
    ...slots.head,
    series: shown.map((name) => ({
      name,
      values: slots.place(
        queues.filter((one) => one.queue === name),
        (minute: QueueMinute) => minute.backlog,
      ),
    })),
    limit: null,
    source: 'Temporal, the highest of each minute',
    missing:
      names.length === 0
        ? 'No queue was read in this time'
        : more > 0
          ? `${more} queues with fewer tasks are left out`
          : '',
  }
}

function gpuChart({ fleet }: Gathered, slots: Slots): Chart {
  return {
    key: 'gpus',
    title: 'GPUs out of service',
    unit: 'GPUs',
    ...slots.head,
    series: [
      { name: 'down', values: slots.place(fleet, (minute: FleetMinute) => minute.down) },
      { name: 'not known', values: slots.place(fleet, (minute: FleetMinute) => minute.unknown) },
    ],
    limit: null,
    source: 'the fleet as it was kept each minute',
    missing: fleet.length === 0 ? 'The state of the fleet of that time is no longer kept' : '',
  }
}
