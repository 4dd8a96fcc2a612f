import type { Board, Delta, DictColumn, Packed, RowPatch, Snapshot } from './wire'

/** InstanceColumns is the fleet's instances decoded: one entry per row, times in epoch seconds (0 = never). */
export type InstanceColumns = {
  count: number
  id: string[]
  host: string[]
  owner: string[]
  label: string[]
  region: string[]
  model: string[]
  image: string[]
  gpus: Uint8Array
  /** firstGpu is the row of the instance's first GPU. */
  firstGpu: Uint32Array
  rating: Uint8Array
  code: string[]
  reason: string[]
  actual: string[]
  intended: string[]
  allocation: string[]
  centsPerHour: Int32Array
  vastAt: Float64Array
  agentAt: Float64Array
  dcgmAt: Float64Array
}

/** GpuColumns is every GPU decoded; −1 = unknown in util, temp, vram (all percent or °C) and xid. */
export type GpuColumns = {
  count: number
  instance: Uint32Array
  rating: Uint8Array
  code: string[]
  reason: string[]
  source: Uint8Array
  util: Int16Array
  temp: Int16Array
  vram: Int16Array
  xid: Int16Array
}

/** HealthState is the whole state at one sequence number, mutable in place by applyDelta. */
export type HealthState = {
  seq: number
  layout: number
  at: number
  simulated: boolean
  instances: InstanceColumns
  gpus: GpuColumns
  board: Board
}

function texts({ d, i }: DictColumn): string[] {
  return i ? i.map((index) => d[index] ?? '') : [...d]
}

const PACK_BASE = 33

function pack(values: ArrayLike<number>): Packed {
  const codes = Array.from(values, (value) => String.fromCharCode(PACK_BASE + value))
  return codes.join('')
}

function unpack<Column extends Uint8Array | Int16Array>(packed: Packed, column: Column): Column {
  for (let row = 0; row < column.length; row += 1) column[row] = packed.charCodeAt(row) - PACK_BASE
  return column
}

function ages(times: Float64Array, at: number): number[] {
  return Array.from(times, (time) => at - time)
}

function instants(ages: readonly number[], at: number): Float64Array {
  return Float64Array.from(ages, (age) => at - age)
}

function dict(values: readonly string[]): DictColumn {
  const index = new Map<string, number>()
  const i = values.map((value) => {
    const known = index.get(value)
    if (known !== undefined) return known
    index.set(value, index.size)
    return index.size - 1
  })
  return index.size === values.length ? { d: [...values] } : { d: [...index.keys()], i }
}

/** rowsOf derives the two look-ups between instances and GPU rows from the GPU counts. */
export function rowsOf(gpus: ArrayLike<number>): { firstGpu: Uint32Array; instance: Uint32Array } {
  const firstGpu = new Uint32Array(gpus.length)
  let total = 0
  for (let row = 0; row < gpus.length; row += 1) {
    firstGpu[row] = total
    total += gpus[row] ?? 0
  }
  const instance = new Uint32Array(total)
  for (let row = 0; row < gpus.length; row += 1) {
    instance.fill(row, firstGpu[row], (firstGpu[row] ?? 0) + (gpus[row] ?? 0))
  }
  return { firstGpu, instance }
}

/** stateOf decodes a snapshot into columns that applyDelta can change in place. */
export function stateOf(snapshot: Snapshot): HealthState {
  const { instances: table, gpus } = snapshot
  const { firstGpu, instance } = rowsOf(table.gpus)
  const count = gpus.rating.length
  return {
    seq: snapshot.seq,
    layout: snapshot.layout,
    at: snapshot.at,
    simulated: snapshot.simulated,
    instances: {
      count: table.id.length,
      id: [...table.id],
      host: texts(table.host),
      owner: texts(table.owner),
      label: texts(table.label),
      region: texts(table.region),
      model: texts(table.model),
      image: texts(table.image),
      gpus: Uint8Array.from(table.gpus),
      firstGpu,
      rating: Uint8Array.from(table.rating),
      code: texts(table.code),
      reason: texts(table.reason),
      actual: texts(table.actual),
      intended: texts(table.intended),
      allocation: texts(table.allocation),
      centsPerHour: Int32Array.from(table.centsPerHour),
      vastAt: instants(table.vastAt, snapshot.at),
      agentAt: instants(table.agentAt, snapshot.at),
      dcgmAt: instants(table.dcgmAt, snapshot.at),
    },
    gpus: {
      count,
      instance,
      rating: unpack(gpus.rating, new Uint8Array(count)),
      code: texts(gpus.code),
      reason: texts(gpus.reason),
      source: unpack(gpus.source, new Uint8Array(count)),
      util: unpack(gpus.util, new Int16Array(count)),
      temp: unpack(gpus.temp, new Int16Array(count)),
      vram: unpack(gpus.vram, new Int16Array(count)),
      xid: unpack(gpus.xid, new Int16Array(count)),
    },
    board: snapshot.board,
  }
}

/** snapshotOf encodes the present state; the inverse of stateOf. */
export function snapshotOf(state: HealthState): Snapshot {
  const { instances, gpus } = state
  return {
    v: 1,
    seq: state.seq,
    layout: state.layout,
    at: state.at,
    simulated: state.simulated,
    instances: {
      id: instances.id,
      host: dict(instances.host),
      owner: dict(instances.owner),
      label: dict(instances.label),
      region: dict(instances.region),
      model: dict(instances.model),
      image: dict(instances.image),
      gpus: Array.from(instances.gpus),
      rating: Array.from(instances.rating),
      code: dict(instances.code),
      reason: dict(instances.reason),
      actual: dict(instances.actual),
      intended: dict(instances.intended),
      allocation: dict(instances.allocation),
      centsPerHour: Array.from(instances.centsPerHour),
      vastAt: ages(instances.vastAt, state.at),
      agentAt: ages(instances.agentAt, state.at),
      dcgmAt: ages(instances.dcgmAt, state.at),
    },
    gpus: {
      rating: pack(gpus.rating),
      code: dict(gpus.code),
      reason: dict(gpus.reason),
      source: pack(gpus.source),
      util: pack(gpus.util),
      temp: pack(gpus.temp),
      vram: pack(gpus.vram),
      xid: pack(gpus.xid),
    },
    board: state.board,
  }
}

function applyRows(columns: Record<string, unknown>, patch: RowPatch): void {
  for (const [name, values] of Object.entries(patch.c)) {
    const column = columns[name] as (number | string)[] | undefined
    if (column === undefined) continue
    for (let at = 0; at < patch.i.length; at += 1) {
      const row = patch.i[at]
      const value = values[at]
      if (row !== undefined && value !== undefined) column[row] = value
    }
  }
}

/** Applied tells what a delta did: nothing (already known), a gap (fetch a snapshot), or which GPU rows changed. */
export type Applied =
  | { readonly kind: 'known' }
  | { readonly kind: 'gap' }
  | {
      readonly kind: 'applied'
      readonly gpuRows: readonly number[]
      readonly instanceRows: readonly number[]
    }

/** applyDelta moves the state one sequence number forward in place; a delta that does not follow on is a gap. */
export function applyDelta(state: HealthState, delta: Delta): Applied {
  if (delta.seq <= state.seq) return { kind: 'known' }
  if (delta.seq !== state.seq + 1 || delta.reset || delta.layout !== state.layout) return { kind: 'gap' }
  state.seq = delta.seq
  state.at = delta.at
  if (delta.dcgmSweep) {
    const [previous, next] = delta.dcgmSweep
    const { dcgmAt } = state.instances
    for (let row = 0; row < dcgmAt.length; row += 1) if (dcgmAt[row] === previous) dcgmAt[row] = next
  }
  if (delta.instances) applyRows(state.instances, delta.instances)
  if (delta.gpus) applyRows(state.gpus, delta.gpus)
  state.board = {
    queues: delta.queues
      ? mergeRows(state.board.queues, delta.queues, (row) => `${row.type}/${row.name}`)
      : state.board.queues,
    services: delta.services ?? state.board.services,
    sources: delta.sources
      ? mergeRows(state.board.sources, delta.sources, (row) => row.id)
      : state.board.sources,
    planes: delta.planes ?? state.board.planes,
    api: delta.api ?? state.board.api,
    page: delta.page ?? state.board.page,
    credit: delta.credit ?? state.board.credit,
    conclusions: delta.conclusions ?? state.board.conclusions,
  }
  return { kind: 'applied', gpuRows: delta.gpus?.i ?? [], instanceRows: delta.instances?.i ?? [] }
}

function mergeRows<Row>(
  rows: readonly Row[],
  changed: readonly Row[],
  keyOf: (row: Row) => string,
): readonly Row[] {
  const fresh = new Map(changed.map((row) => [keyOf(row), row]))
  const merged = rows.map((row) => {
    const next = fresh.get(keyOf(row))
    if (next === undefined) return row
    fresh.delete(keyOf(row))
    return next
  })
  return [...merged, ...fresh.values()]
}
