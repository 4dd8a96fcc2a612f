import { type HealthState, rowsOf } from './state'
import type { Board, Delta, RowPatch } from './wire'

/** InstanceValues are an instance's published columns (times in epoch seconds, 0 = never). */
export type InstanceValues = {
  readonly host: string
  readonly owner: string
  readonly label: string
  readonly region: string
  readonly model: string
  readonly image: string
  readonly rating: number
  readonly code: string
  readonly reason: string
  readonly actual: string
  readonly intended: string
  readonly allocation: string
  readonly centsPerHour: number
  readonly vastAt: number
  readonly agentAt: number
  readonly dcgmAt: number
}

/** GpuValues are a GPU's published columns (−1 = unknown). */
export type GpuValues = {
  readonly rating: number
  readonly code: string
  readonly reason: string
  readonly source: number
  readonly util: number
  readonly temp: number
  readonly vram: number
  readonly xid: number
}

/** FleetRow is an instance with its GPUs, as a new layout is built from. */
export type FleetRow = {
  readonly id: string
  readonly values: InstanceValues
  readonly gpus: readonly GpuValues[]
}

const INSTANCE_COLUMNS = [
  'host',
  'owner',
  'label',
  'region',
  'model',
  'image',
  'rating',
  'code',
  'reason',
  'actual',
  'intended',
  'allocation',
  'centsPerHour',
  'vastAt',
  'agentAt',
  'dcgmAt',
] as const satisfies readonly (keyof InstanceValues)[]

const GPU_COLUMNS = [
  'rating',
  'code',
  'reason',
  'source',
  'util',
  'temp',
  'vram',
  'xid',
] as const satisfies readonly (keyof GpuValues)[]

type Changes = { readonly rows: Set<number>; readonly columns: Set<string> }

/** Publisher holds the published state and what of it the viewers do not know yet. */
export type Publisher = {
  readonly state: HealthState
  readonly rowById: Map<string, number>
  instances: Changes
  gpus: Changes
  board: Set<keyof Board>
  /** sweep is the uncommitted telemetry sweep: rows at the first time move to the second without a cell of their own. */
  sweep: readonly [number, number] | undefined
  lastSweepAt: number
  reset: boolean
  urgent: boolean
}

/** EMPTY_BOARD is the board before anything was read. */
export const EMPTY_BOARD: Board = {
  queues: [],
  services: [],
  sources: [],
  planes: [],
  api: {
    serverErrors: unreadFigure('/min'),
    authErrors: unreadFigure('/min'),
    rateLimited: unreadFigure('/min'),
    errorRatio: unreadFigure('%'),
    p95: unreadFigure('ms'),
    p99: unreadFigure('ms'),
  },
  page: { rating: 'unknown', sentence: 'not read yet', at: 0, incidents: [] },
  credit: {
    rating: 'unknown',
    creditDollars: unreadFigure('USD'),
    burnDollarsPerHour: unreadFigure('USD/h'),
    runwayHours: unreadFigure('h'),
  },
  conclusions: [],
}

function unreadFigure(unit: string): Board['api']['p95'] {
  return { value: null, unit, rating: 'unknown', at: 0, source: '', why: 'not read yet' }
}

/** emptyState is the state before the first reading. */
export function emptyState(options: { readonly seq: number; readonly simulated: boolean }): HealthState {
  const none = rowsOf([])
  return {
    seq: options.seq,
    layout: 0,
    at: 0,
    simulated: options.simulated,
    instances: {
      count: 0,
      id: [],
      host: [],
      owner: [],
      label: [],
      region: [],
      model: [],
      image: [],
      gpus: new Uint8Array(0),
      firstGpu: none.firstGpu,
      rating: new Uint8Array(0),
      code: [],
      reason: [],
      actual: [],
      intended: [],
      allocation: [],
      centsPerHour: new Int32Array(0),
      vastAt: new Float64Array(0),
      agentAt: new Float64Array(0),
      dcgmAt: new Float64Array(0),
    },
    gpus: {
      count: 0,
      instance: none.instance,
      rating: new Uint8Array(0),
      code: [],
      reason: [],
      source: new Uint8Array(0),
      util: new Int16Array(0),
      temp: new Int16Array(0),
      vram: new Int16Array(0),
      xid: new Int16Array(0),
    },
    board: EMPTY_BOARD,
  }
}

/** createPublisher goes on from a state that viewers may already have. */
export function createPublisher(state: HealthState): Publisher {
  return {
    state,
    rowById: new Map(state.instances.id.map((id, row) => [id, row])),
    instances: { rows: new Set(), columns: new Set() },
    gpus: { rows: new Set(), columns: new Set() },
    board: new Set(),
    sweep: undefined,
    lastSweepAt: 0,
    reset: false,
    urgent: false,
  }
}

function setCells<Values extends object>(
  target: { readonly columns: Record<string, unknown>; readonly changes: Changes; readonly row: number },
  names: readonly (keyof Values & string)[],
  values: Values,
): boolean {
  let ratingChanged = false
  for (const name of names) {
    const column = target.columns[name] as unknown[]
    if (column[target.row] === values[name]) continue
    column[target.row] = values[name]
    target.changes.rows.add(target.row)
    target.changes.columns.add(name)
    if (name === 'rating' || name === 'actual') ratingChanged = true
  }
  return ratingChanged
}

/** publishInstance writes an instance's row where it differs; its part in the current sweep travels as one pair of times. */
export function publishInstance(publisher: Publisher, row: number, values: InstanceValues): void {
  const { instances } = publisher.state
  const { sweep } = publisher
  if (sweep && values.dcgmAt === sweep[1] && instances.dcgmAt[row] === sweep[0])
    instances.dcgmAt[row] = sweep[1]
  const changed = setCells(
    { columns: instances, changes: publisher.instances, row },
    INSTANCE_COLUMNS,
    values,
  )
  if (changed) publisher.urgent = true
}

/** publishGpu writes a GPU's row where it differs. */
export function publishGpu(publisher: Publisher, row: number, values: GpuValues): void {
  const changed = setCells(
    { columns: publisher.state.gpus, changes: publisher.gpus, row },
    GPU_COLUMNS,
    values,
  )
  if (changed) publisher.urgent = true
}

function markSweepRows(publisher: Publisher, at: number): void {
  const { dcgmAt } = publisher.state.instances
  for (let row = 0; row < dcgmAt.length; row += 1) {
    if (dcgmAt[row] !== at) continue
    publisher.instances.rows.add(row)
    publisher.instances.columns.add('dcgmAt')
  }
}

/** beginSweep announces a telemetry sweep at `at` (epoch s); one that meets an uncommitted sweep is sent cell by cell. */
export function beginSweep(publisher: Publisher, at: number): void {
  if (publisher.sweep) {
    markSweepRows(publisher, publisher.sweep[1])
    publisher.sweep = undefined
  } else if (publisher.lastSweepAt > 0 && at !== publisher.lastSweepAt) {
    publisher.sweep = [publisher.lastSweepAt, at]
  }
  publisher.lastSweepAt = at
}

/** publishBoard replaces the parts of the board that differ. */
export function publishBoard(publisher: Publisher, next: Partial<Board>): void {
  const { state } = publisher
  for (const key of Object.keys(next) as (keyof Board)[]) {
    const value = next[key]
    if (value === undefined || JSON.stringify(value) === JSON.stringify(state.board[key])) continue
    state.board = { ...state.board, [key]: value }
    publisher.board.add(key)
  }
}

/** relayout rebuilds the fleet's tables because rows came or went; viewers will fetch a snapshot. */
export function relayout(publisher: Publisher, rows: readonly FleetRow[]): void {
  const { state } = publisher
  const counts = rows.map((row) => row.gpus.length)
  const { firstGpu, instance } = rowsOf(counts)
  const gpus = rows.flatMap((row) => row.gpus)
  state.layout += 1
  state.instances = {
    count: rows.length,
    id: rows.map((row) => row.id),
    gpus: Uint8Array.from(counts),
    firstGpu,
    host: rows.map((row) => row.values.host),
    owner: rows.map((row) => row.values.owner),
    label: rows.map((row) => row.values.label),
    region: rows.map((row) => row.values.region),
    model: rows.map((row) => row.values.model),
    image: rows.map((row) => row.values.image),
    rating: Uint8Array.from(rows, (row) => row.values.rating),
    code: rows.map((row) => row.values.code),
    reason: rows.map((row) => row.values.reason),
    actual: rows.map((row) => row.values.actual),
    intended: rows.map((row) => row.values.intended),
    allocation: rows.map((row) => row.values.allocation),
    centsPerHour: Int32Array.from(rows, (row) => row.values.centsPerHour),
    vastAt: Float64Array.from(rows, (row) => row.values.vastAt),
    agentAt: Float64Array.from(rows, (row) => row.values.agentAt),
    dcgmAt: Float64Array.from(rows, (row) => row.values.dcgmAt),
  }
  state.gpus = {
    count: gpus.length,
    instance,
    rating: Uint8Array.from(gpus, (gpu) => gpu.rating),
    code: gpus.map((gpu) => gpu.code),
    reason: gpus.map((gpu) => gpu.reason),
    source: Uint8Array.from(gpus, (gpu) => gpu.source),
    util: Int16Array.from(gpus, (gpu) => gpu.util),
    temp: Int16Array.from(gpus, (gpu) => gpu.temp),
    vram: Int16Array.from(gpus, (gpu) => gpu.vram),
    xid: Int16Array.from(gpus, (gpu) => gpu.xid),
  }
  publisher.rowById.clear()
  for (const [row, { id }] of rows.entries()) publisher.rowById.set(id, row)
  clearRows(publisher)
  publisher.reset = true
}

function clearRows(publisher: Publisher): void {
  for (const changes of [publisher.instances, publisher.gpus]) {
    changes.rows.clear()
    changes.columns.clear()
  }
  publisher.sweep = undefined
}

function patchOf(columns: Record<string, unknown>, changes: Changes): RowPatch | undefined {
  if (changes.rows.size === 0) return undefined
  const i = [...changes.rows]
  const c: Record<string, (number | string)[]> = {}
  for (const name of changes.columns) {
    const column = columns[name] as (number | string)[]
    c[name] = i.map((row) => column[row] ?? 0)
  }
  return { i, c }
}

/** hasNews tells whether viewers lack anything. */
export function hasNews(publisher: Publisher): boolean {
  return (
    publisher.reset ||
    publisher.sweep !== undefined ||
    publisher.board.size > 0 ||
    publisher.instances.rows.size > 0 ||
    publisher.gpus.rows.size > 0
  )
}

/** Taken is what a delta carries away from the publisher until its commit is known. */
export type Taken = Pick<Publisher, 'instances' | 'gpus' | 'board' | 'sweep' | 'reset'>

function deltaOf(publisher: Publisher, at: number): Delta {
  const { state } = publisher
  const head = { v: 1 as const, seq: state.seq + 1, layout: state.layout, at }
  if (publisher.reset) return { ...head, reset: true }
  if (publisher.sweep) markSweepRows(publisher, publisher.sweep[0])
  const instances = patchOf(state.instances, publisher.instances)
  const gpus = patchOf(state.gpus, publisher.gpus)
  const board = Object.fromEntries([...publisher.board].map((key) => [key, state.board[key]]))
  return {
    ...head,
    ...(publisher.sweep ? { dcgmSweep: publisher.sweep } : {}),
    ...(instances ? { instances } : {}),
    ...(gpus ? { gpus } : {}),
    ...board,
  }
}

/** takeDelta says everything viewers lack as the delta after the present one; changes made from now on go into the next. */
export function takeDelta(
  publisher: Publisher,
  at: number,
): { readonly delta: Delta; readonly taken: Taken } {
  const delta = deltaOf(publisher, at)
  const { instances, gpus, board, sweep, reset } = publisher
  publisher.instances = { rows: new Set(), columns: new Set() }
  publisher.gpus = { rows: new Set(), columns: new Set() }
  publisher.board = new Set()
  publisher.sweep = undefined
  publisher.reset = false
  publisher.urgent = false
  return { delta, taken: { instances, gpus, board, sweep, reset } }
}

function mergeChanges(into: Changes, from: Changes): void {
  for (const row of from.rows) into.rows.add(row)
  for (const column of from.columns) into.columns.add(column)
}

/** confirm records that the delta was committed: the state stands at its number. */
export function confirm(publisher: Publisher, delta: Delta): void {
  publisher.state.seq = delta.seq
  publisher.state.at = delta.at
}

/** giveBack returns what a failed commit had taken, so that the next delta carries it. */
export function giveBack(publisher: Publisher, taken: Taken): void {
  mergeChanges(publisher.instances, taken.instances)
  mergeChanges(publisher.gpus, taken.gpus)
  for (const key of taken.board) publisher.board.add(key)
  publisher.reset ||= taken.reset
  if (taken.sweep) markSweepRows(publisher, taken.sweep[1])
  if (publisher.sweep) {
    markSweepRows(publisher, publisher.sweep[1])
    publisher.sweep = undefined
  }
}
