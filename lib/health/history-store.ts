import type pg from 'pg'
import { stateOf } from './state'
import { unpackSnapshot } from './store'

type Minute = {
  readonly at: number
  readonly rowById: ReadonlyMap<string, number>
  readonly firstGpu: Uint32Array
  readonly gpus: Uint8Array
  readonly rating: Uint8Array
  readonly util: Int16Array
  readonly temp: Int16Array
  readonly vram: Int16Array
}

/** GpuHistory is one GPU's last minutes by column; null is a minute without a reading, never zero. */
export type GpuHistory = {
  readonly source: 'checkpoints' | 'prometheus'
  /** note says why the better source was not used; empty when it was, or when none is connected. */
  readonly note: string
  readonly stepSeconds: number
  readonly t: readonly number[]
  readonly util: readonly (number | null)[]
  readonly temp: readonly (number | null)[]
  readonly vram: readonly (number | null)[]
  readonly rating: readonly (number | null)[]
}

const MAX_MINUTES = 24 * 60
const KEEP = 90
const cache = new Map<string, Minute>()

function decode(body: Buffer): Minute {
  const state = stateOf(unpackSnapshot(body))
  return {
    at: state.at,
    rowById: new Map(state.instances.id.map((id, row) => [id, row])),
    firstGpu: state.instances.firstGpu,
    gpus: state.instances.gpus,
    rating: state.gpus.rating,
    util: state.gpus.util,
    temp: state.gpus.temp,
    vram: state.gpus.vram,
  }
}

async function minutesSince(pool: pg.Pool, since: Date): Promise<Minute[]> {
  const { rows: keys } = await pool.query<{ seq: string }>(
    'SELECT seq FROM health_checkpoint WHERE at >= $1 ORDER BY seq',
    [since],
  )
  const missing = keys.map((row) => row.seq).filter((seq) => !cache.has(seq))
  for (let start = 0; start < missing.length; start += 20) {
    const { rows } = await pool.query<{ seq: string; body: Buffer }>(
      'SELECT seq, body FROM health_checkpoint WHERE seq = ANY($1::bigint[])',
      [missing.slice(start, start + 20)],
    )
    for (const row of rows) {
      cache.set(row.seq, decode(row.body))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const minutes = keys.map((row) => cache.get(row.seq)).filter((minute) => minute !== undefined)
  while (cache.size > KEEP) {
    const [oldest] = cache.keys()
    if (oldest === undefined) break
    cache.delete(oldest)
  }
  return minutes
}

/** gpuHistory reads a GPU's last minutes from the checkpoints, one point a minute; decoded minutes are kept (≤ 90). */
export async function gpuHistory(
  pool: pg.Pool,
  options: {
    readonly instanceId: string
    readonly index: number
    readonly minutes: number
    readonly now: Date
  },
): Promise<GpuHistory> {
  const span = Math.min(options.minutes, MAX_MINUTES)
  const minutes = await minutesSince(pool, new Date(options.now.getTime() - span * 60_000))
  const t: number[] = []
  const columns: Record<'util' | 'temp' | 'vram' | 'rating', (number | null)[]> = {
    util: [],
    temp: [],
    vram: [],
    rating: [],
  }
  for (const minute of minutes) {
    const row = minute.rowById.get(options.instanceId)
    const gpu =
      row === undefined || options.index >= (minute.gpus[row] ?? 0)
        ? undefined
        : (minute.firstGpu[row] ?? 0) + options.index
    t.push(minute.at)
    for (const name of ['util', 'temp', 'vram', 'rating'] as const) {
      const value = gpu === undefined ? -1 : (minute[name][gpu] ?? -1)
      columns[name].push(value < 0 ? null : value)
    }
  }
  return { source: 'checkpoints', note: '', stepSeconds: 60, t, ...columns }
}
