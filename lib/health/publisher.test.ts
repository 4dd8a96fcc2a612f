import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  beginSweep,
  confirm,
  createPublisher,
  emptyState,
  type FleetRow,
  type GpuValues,
  giveBack,
  hasNews,
  type InstanceValues,
  type Publisher,
  publishBoard,
  publishGpu,
  publishInstance,
  relayout,
  takeDelta,
} from './publisher'
import { applyDelta, type HealthState, snapshotOf, stateOf } from './state'
import type { Delta, Snapshot } from './wire'

const instance: InstanceValues = {
  host: '8841',
  owner: '77',
  label: 'gpu-worker',
  region: 'eu-fra',
  model: 'H100 SXM 80 GB',
  image: 'ghcr.io/northlight/worker:stable',
  rating: 0,
  code: 'instance.running',
  reason: '',
  actual: 'running',
  intended: 'running',
  allocation: 'running',
  centsPerHour: 214,
  vastAt: 1_000,
  agentAt: 0,
  dcgmAt: 0,
}

const gpu: GpuValues = {
  rating: 0,
  code: 'gpu.fine',
  reason: '',
  source: 1,
  util: 83,
  temp: 71,
  vram: 50,
  xid: 0,
}

function fleetOf(sizes: readonly number[]): FleetRow[] {
  return sizes.map((size, row) => ({
    id: `15${row}`,
    values: instance,
    gpus: Array.from({ length: size }, () => gpu),
  }))
}

function setup(sizes: readonly number[]): { publisher: Publisher; viewer: HealthState } {
  const publisher = createPublisher(emptyState({ seq: 0, simulated: true }))
  relayout(publisher, fleetOf(sizes))
  const { delta } = takeDelta(publisher, 1_000)
  confirm(publisher, delta)
  return { publisher, viewer: stateOf(overTheWire(snapshotOf(publisher.state))) }
}

function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

function deliver(publisher: Publisher, viewer: HealthState, at: number): Delta {
  const { delta } = takeDelta(publisher, at)
  confirm(publisher, delta)
  expect(applyDelta(viewer, overTheWire(delta)).kind).toBe('applied')
  return delta
}

describe('publisher and viewer', () => {
  it('a snapshot decodes to the state that it was made from', () => {
    const { publisher } = setup([8, 1, 4])
    const decoded = stateOf(overTheWire(snapshotOf(publisher.state)))
    expect(decoded).toEqual(publisher.state)
  })

  it('a change of one GPU travels as one row of the changed columns', () => {
    const { publisher, viewer } = setup([8, 8])
    publishGpu(publisher, 9, { ...gpu, rating: 2, code: 'gpu.fell-off-bus', reason: 'XID 79' })
    const delta = deliver(publisher, viewer, 1_005)
    expect(delta.gpus).toEqual({ i: [9], c: { rating: [2], code: ['gpu.fell-off-bus'], reason: ['XID 79'] } })
    expect(viewer.gpus.rating[9]).toBe(2)
  })

  it('equal values are no news', () => {
    const { publisher } = setup([8])
    publishGpu(publisher, 0, { ...gpu })
    publishInstance(publisher, 0, { ...instance })
    publishBoard(publisher, { planes: [] })
    expect(hasNews(publisher)).toBe(false)
  })

  it('a rating change is urgent, a figure is not', () => {
    const { publisher } = setup([2])
    publishGpu(publisher, 0, { ...gpu, util: 12 })
    expect(publisher.urgent).toBe(false)
    publishGpu(publisher, 1, { ...gpu, rating: 1 })
    expect(publisher.urgent).toBe(true)
  })

  it('a sweep moves the age of every row that it named without a cell for each, and of no other', () => {
    const { publisher, viewer } = setup([1, 1, 1])
    beginSweep(publisher, 1_010)
    for (const row of [0, 1, 2]) publishInstance(publisher, row, { ...instance, dcgmAt: 1_010 })
    deliver(publisher, viewer, 1_010)
    beginSweep(publisher, 1_025)
    for (const row of [0, 2]) publishInstance(publisher, row, { ...instance, dcgmAt: 1_025 })
    const delta = deliver(publisher, viewer, 1_025)
    expect(delta.dcgmSweep).toEqual([1_010, 1_025])
    expect(delta.instances?.i).toEqual([1])
    expect([...viewer.instances.dcgmAt]).toEqual([1_025, 1_010, 1_025])
  })

  it('a reset or a missing number asks the viewer for a snapshot', () => {
    const { publisher, viewer } = setup([2])
    publishGpu(publisher, 0, { ...gpu, util: 1 })
    const { delta } = takeDelta(publisher, 1_001)
    expect(applyDelta(viewer, { ...delta, seq: delta.seq + 1 }).kind).toBe('gap')
    expect(applyDelta(viewer, { ...delta, reset: true }).kind).toBe('gap')
    expect(applyDelta(viewer, { ...delta, seq: viewer.seq }).kind).toBe('known')
  })

  it('after any history of changes, sweeps, failed commits and resets a viewer holds what was published', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('gpu' as const),
        row: fc.nat(11),
        util: fc.integer({ min: -1, max: 100 }),
        rating: fc.nat(4),
      }),
      fc.record({
        kind: fc.constant('instance' as const),
        row: fc.nat(4),
        agentAt: fc.nat(5_000),
        reason: fc.string(),
      }),
      fc.record({ kind: fc.constant('sweep' as const), rows: fc.subarray([0, 1, 2, 3, 4]) }),
      fc.record({ kind: fc.constant('commit' as const) }),
      fc.record({ kind: fc.constant('fail' as const), rowMeanwhile: fc.nat(11) }),
      fc.record({ kind: fc.constant('relayout' as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { publisher, viewer: first } = setup([1, 4, 2, 4, 1])
        let viewer = first
        let at = 2_000
        const dcgmAt = [0, 0, 0, 0, 0]
        const values = (row: number): InstanceValues => ({ ...instance, dcgmAt: dcgmAt[row] ?? 0 })
        for (const each of steps) {
          at += 7
          if (each.kind === 'gpu')
            publishGpu(publisher, each.row, { ...gpu, util: each.util, rating: each.rating })
          if (each.kind === 'instance') {
            publishInstance(publisher, each.row, {
              ...values(each.row),
              agentAt: each.agentAt,
              reason: each.reason,
            })
          }
          if (each.kind === 'sweep') {
            beginSweep(publisher, at)
            for (const row of each.rows) {
              dcgmAt[row] = at
              publishInstance(publisher, row, values(row))
            }
          }
          if (each.kind === 'relayout')
            relayout(
              publisher,
              fleetOf([1, 4, 2, 4, 1]).map((row, index) => ({ ...row, values: values(index) })),
            )
          if (each.kind === 'fail') {
            const { taken } = takeDelta(publisher, at)
            publishGpu(publisher, each.rowMeanwhile, { ...gpu, util: 77 })
            giveBack(publisher, taken)
          }
          if (each.kind === 'commit' && hasNews(publisher)) {
            const { delta } = takeDelta(publisher, at)
            confirm(publisher, delta)
            const outcome = applyDelta(viewer, overTheWire(delta))
            if (outcome.kind === 'gap') viewer = stateOf(overTheWire<Snapshot>(snapshotOf(publisher.state)))
          }
        }
        const { delta } = takeDelta(publisher, at)
        confirm(publisher, delta)
        if (applyDelta(viewer, overTheWire(delta)).kind === 'gap')
          viewer = stateOf(overTheWire<Snapshot>(snapshotOf(publisher.state)))
        expect(viewer).toEqual(publisher.state)
      }),
      { numRuns: 300 },
    )
  })
})
