import type { Clock } from './platform/clock'
import type { Http } from './platform/http-types'
import {
  SIGNALS,
  type Signal,
  TICK_MS,
  type Tick,
  type Track,
  type TrackTick,
  type Unseen,
} from './rollouts/model'
import type { RolloutPolicy } from './rollouts/policy'
import type { Subject } from './rollouts/ports'
import type { SourceConfigs } from './settings/sources'
import { createPrometheus } from './sources/prometheus/prometheus'
import type { Prometheus } from './sources/prometheus/types'
import { WHY_WORDS } from './sources/reading'

type Reach = { readonly configs: SourceConfigs; readonly http: Http; readonly clock: Clock }

/** Reading is one span of ticks to be read. */
type Reading = Reach & {
  readonly subject: Subject
  readonly span: { readonly afterMs: number; readonly untilMs: number }
}

const DEADLINE_MS = 4_000
const MOST_TICKS = 240
const TRACKS: readonly Track[] = ['canary', 'stable', 'service']

type Asked = keyof RolloutPolicy['queries']
type Column = ReadonlyMap<number, number> | Unseen

/** readTicks asks the connected Prometheus for every signal of every track; what it does not answer is there as unseen. */
export async function readTicks(reading: Reading): Promise<readonly Tick[]> {
  const grid = gridOf(reading.span)
  const last = grid.at(-1)
  if (last === undefined) return []
  const queries = Object.entries(reading.subject.queries) as [Asked, string][]
  const prometheus = prometheusOf(reading)
  const tracks = new Map<Track, ReadonlyMap<Asked, Column>>()
  for (const track of TRACKS) {
    const columns = await Promise.all(
      queries.map(
        async ([asked, query]): Promise<[Asked, Column]> => [
          asked,
          prometheus ? await columnOf(prometheus, filled(query, reading.subject, track), grid) : 'error',
        ],
      ),
    )
    tracks.set(track, new Map(columns))
  }
  return grid.map((atMs) => ({
    atMs,
    tracks: Object.fromEntries(TRACKS.map((track) => [track, trackAt(tracks.get(track), atMs)])),
  }))
}

function prometheusOf({ configs, http, clock }: Reach): Prometheus | undefined {
  const { prometheus } = configs
  if (prometheus === undefined) return undefined
  const token = prometheus.token ? { token: prometheus.token } : {}
  return createPrometheus({ baseUrl: prometheus.url, ...token, http, clock })
}

/** readFigure asks the connected Prometheus for one number now; what it does not answer is not known, and says why. */
export async function readFigure(
  reach: Reach,
  expr: string,
): Promise<{ readonly value: number } | { readonly why: string }> {
  const answer = await prometheusOf(reach)?.value(expr, { deadlineMs: DEADLINE_MS })
  if (answer === undefined) return { why: 'No Prometheus is connected.' }
  if (!answer.ok) return { why: `Prometheus: ${answer.detail}` }
  const { value } = answer
  if (value.kind === 'known') return { value: value.value }
  return { why: `Prometheus: ${value.detail ?? WHY_WORDS[value.why]}` }
}

function gridOf({ afterMs, untilMs }: Reading['span']): readonly number[] {
  const first = Math.floor(afterMs / TICK_MS) * TICK_MS + TICK_MS
  const grid: number[] = []
  for (let at = first; at <= untilMs && grid.length < MOST_TICKS; at += TICK_MS) grid.push(at)
  return grid
}

function filled(query: string, { service, environment, plan }: Subject, track: Track): string {
  const digest =
    track === 'canary' ? plan.artifacts[0]?.digest : track === 'stable' ? plan.rollback.digest : undefined
  const version = digest === undefined ? '' : `,version="${digest.slice(7, 19)}"`
  return query.replaceAll('{match}', `service="${service}",environment="${environment}"${version}`)
}

async function columnOf(prometheus: Prometheus, expr: string, grid: readonly number[]): Promise<Column> {
  const answer = await prometheus.queryRange(
    expr,
    { start: new Date(grid[0] ?? 0), end: new Date(grid.at(-1) ?? 0), stepSeconds: TICK_MS / 1_000 },
    { deadlineMs: DEADLINE_MS },
  )
  if (!answer.ok) return 'error'
  const [series] = answer.value
  const points = series?.points ?? []
  return new Map(points.flatMap(({ at, value }) => (value === null ? [] : [[at.getTime(), value] as const])))
}

function trackAt(columns: ReadonlyMap<Asked, Column> | undefined, atMs: number): TrackTick {
  const values: Partial<Record<Signal, number>> = {}
  const unseen: Partial<Record<Signal, Unseen>> = {}
  for (const signal of SIGNALS) {
    const column = columns?.get(signal)
    if (column === undefined) continue
    const value = typeof column === 'string' ? undefined : column.get(atMs)
    if (value !== undefined) values[signal] = value
    else unseen[signal] = typeof column === 'string' ? column : 'no_data'
  }
  const counted = columns?.get('requests')
  const requests = counted === undefined || typeof counted === 'string' ? null : (counted.get(atMs) ?? 0)
  return { requests, values, unseen }
}
