import type { Board, Delta, DictColumn, RowPatch, Snapshot } from './wire'

/** InstanceColumns is the fleet's instances decoded: one entry per row, times in epoch seconds (0 = never). */
export type InstanceColumns = {
  count: number
  id: string[]
  host: string[]
  machine: string[]
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

function texts(column: DictColumn): string[] {
  return column.i.map((index) => column.d[index] ?? '')
}

function dict(values: readonly string[]): DictColumn {
  const index = new Map<string, number>()
  const i = values.map((value) => {
    const known = index.get(value)
    if (known !== undefined) return known
    index.set(value, index.size)
    return index.size - 1
  })
  return { d: [...index.keys()], i }
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
  return {
    seq: snapshot.seq,
    layout: snapshot.layout,
    at: snapshot.at,
    simulated: snapshot.simulated,
    instances: {
      count: table.id.length,
      id: [...table.id],
      host: texts(table.host),
      machine: texts(table.machine),
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
      vastAt: Float64Array.from(table.vastAt),
      agentAt: Float64Array.from(table.agentAt),
      dcgmAt: Float64Array.from(table.dcgmAt),
    },
    gpus: {
      count: gpus.rating.length,
      instance,
      rating: Uint8Array.from(gpus.rating),
      code: texts(gpus.code),
      reason: texts(gpus.reason),
      source: Uint8Array.from(gpus.source),
      util: Int16Array.from(gpus.util),
      temp: Int16Array.from(gpus.temp),
      vram: Int16Array.from(gpus.vram),
      xid: Int16Array.from(gpus.xid),
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
      machine: dict(instances.machine),
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
      vastAt: Array.from(instances.vastAt),
      agentAt: Array.from(instances.agentAt),
      dcgmAt: Array.from(instances.dcgmAt),
    },
    gpus: {
      rating: Array.from(gpus.rating),
      code: dict(gpus.code),
      reason: dict(gpus.reason),
      source: Array.from(gpus.source),
      util: Array.from(gpus.util),
      temp: Array.from(gpus.temp),
      vram: Array.from(gpus.vram),
      xid: Array.from(gpus.xid),
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
