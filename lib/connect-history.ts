import { allowedTargets } from './connect'
import { systemClock } from './platform/clock'
import type { Env } from './platform/env'
import { createHttp } from './platform/http'
import type { SourceConfigs } from './settings/sources'
import { createPrometheus } from './sources/prometheus/prometheus'
import {
  GPU_HISTORY_METRICS,
  gpuHistoryQuery,
  gpuUuidQuery,
  instancePlaces,
} from './sources/prometheus/queries'
import type { Prometheus, PromSeries } from './sources/prometheus/types'

/** GpuSpan names one GPU and how far back to look: minutes before `now`. */
export type GpuSpan = {
  readonly instanceId: string
  readonly index: number
  readonly minutes: number
  readonly now: Date
}

/** RecordedGpu is a GPU's past as Prometheus recorded it by columns (epoch s, %, °C, %; null is no sample), or why there is none. */
export type RecordedGpu =
  | {
      readonly ok: true
      readonly stepSeconds: number
      readonly t: readonly number[]
      readonly util: readonly (number | null)[]
      readonly temp: readonly (number | null)[]
      readonly vram: readonly (number | null)[]
    }
  | { readonly ok: false; readonly sentence: string }

const DEADLINE_MS = 4_000
const LEAST_STEP_SECONDS = 15
const MOST_POINTS = 240
/** A point holds for two scrapes of up to half a minute; after that the line breaks. */
const HOLDS_SECONDS = 60
/** A card seen within 5 min is the one that sits there now; an older one counts when there is no other. */
const NOW_MINUTES = 5

/** gpuHistoryOf asks the connected Prometheus for one GPU's past; undefined when none is connected. */
export async function gpuHistoryOf(
  configs: SourceConfigs,
  span: GpuSpan,
  env: Env,
): Promise<RecordedGpu | undefined> {
  const config = configs.prometheus
  if (!config || !/^[\w.-]+$/.test(span.instanceId)) return undefined
  const http = createHttp({ allow: allowedTargets(configs, env), clock: systemClock })
  try {
    const prometheus = createPrometheus({
      baseUrl: config.url,
      token: config.token,
      http,
      clock: systemClock,
    })
    const uuid = await uuidOf(prometheus, span, config.instanceLabel)
    return uuid.ok ? await recorded(prometheus, uuid.value, span) : uuid
  } finally {
    await http.close()
  }
}

async function uuidOf(
  prometheus: Prometheus,
  { instanceId, index, minutes, now }: GpuSpan,
  instanceLabel: string | undefined,
): Promise<
  { readonly ok: true; readonly value: string } | { readonly ok: false; readonly sentence: string }
> {
  const places = instancePlaces(instanceId, instanceLabel)
  for (const window of [Math.min(NOW_MINUTES, minutes), minutes]) {
    const { expr } = gpuUuidQuery(places, index, window)
    const answer = await prometheus.query(expr, { at: now, deadlineMs: DEADLINE_MS })
    if (!answer.ok) return { ok: false, sentence: answer.detail }
    const uuid = answer.value[0]?.labels.UUID
    if (uuid) return { ok: true, value: uuid }
  }
  return { ok: false, sentence: 'no series of this GPU in this time' }
}

async function recorded(prometheus: Prometheus, uuid: string, span: GpuSpan): Promise<RecordedGpu> {
  const stepSeconds = Math.max(LEAST_STEP_SECONDS, Math.ceil((span.minutes * 60) / MOST_POINTS))
  const end = Math.floor(span.now.getTime() / 1000 / stepSeconds) * stepSeconds
  const start = end - Math.floor((span.minutes * 60) / stepSeconds) * stepSeconds
  const { expr } = gpuHistoryQuery(uuid, Math.max(HOLDS_SECONDS, stepSeconds))
  const range = { start: new Date(start * 1000), end: new Date(end * 1000), stepSeconds }
  const answer = await prometheus.queryRange(expr, range, { deadlineMs: DEADLINE_MS })
  if (!answer.ok) return { ok: false, sentence: answer.detail }
  const t = Array.from({ length: (end - start) / stepSeconds + 1 }, (_, step) => start + step * stepSeconds)
  const column = (name: string): (number | null)[] => columnOf(answer.value, name, t)
  const used = column(GPU_HISTORY_METRICS.vramUsedMib)
  const free = column(GPU_HISTORY_METRICS.vramFreeMib)
  return {
    ok: true,
    stepSeconds,
    t,
    util: column(GPU_HISTORY_METRICS.utilPercent),
    temp: column(GPU_HISTORY_METRICS.tempC),
    vram: used.map((value, at) => shareOf(value, free[at] ?? null)),
  }
}

function columnOf(series: readonly PromSeries[], name: string, times: readonly number[]): (number | null)[] {
  const points = series.find(({ labels }) => labels.__name__ === name)?.points ?? []
  const byTime = new Map(points.map(({ at, value }) => [Math.round(at.getTime() / 1000), value]))
  return times.map((time) => byTime.get(time) ?? null)
}

function shareOf(used: number | null, free: number | null): number | null {
  if (used === null || free === null || used + free <= 0) return null
  return Math.round((100 * used) / (used + free))
}
