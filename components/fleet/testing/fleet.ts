import { type HealthState, rowsOf } from '@/lib/health/state'

/** FixtureOptions describes a made-up fleet: hosts of some GPUs each, spread over regions in turn. */
export type FixtureOptions = {
  readonly hosts: number
  readonly gpusPerHost?: number
  readonly regions?: readonly string[]
  /** ratings by GPU row; all others are clear. */
  readonly ratings?: Readonly<Record<number, number>>
}

/** fleetFixture builds a fleet whose values follow from the row numbers alone. */
export function fleetFixture({
  hosts,
  gpusPerHost = 8,
  regions = ['us-east', 'eu-fra'],
  ratings = {},
}: FixtureOptions): Pick<HealthState, 'instances' | 'gpus'> {
  const range = Array.from({ length: hosts }, (_, row) => row)
  const gpus = Uint8Array.from(range.map(() => gpusPerHost))
  const { firstGpu, instance } = rowsOf(gpus)
  const total = instance.length
  const text = (prefix: string): string[] => range.map((row) => `${prefix}${row}`)
  return {
    instances: {
      count: hosts,
      id: range.map((row) => String(15_200_000 + row)),
      host: range.map((row) => `host-${8_000 + row}`),
      owner: text('owner-'),
      label: range.map((row) => (row % 3 === 0 ? 'inference' : 'video-worker')),
      region: range.map((row) => regions[row % regions.length] ?? 'us-east'),
      model: range.map((row) => (row % 2 === 0 ? 'RTX 4090' : 'H100 SXM')),
      image: range.map(() => 'ghcr.io/acme/worker:stable'),
      gpus,
      firstGpu,
      rating: new Uint8Array(hosts),
      reason: range.map(() => ''),
      code: range.map(() => 'instance.clear'),
      actual: range.map(() => 'running'),
      intended: range.map(() => 'running'),
      allocation: range.map((row) => (row === 0 ? 'stopped' : 'running')),
      centsPerHour: Int32Array.from(range.map((row) => 100 + row)),
      vastAt: new Float64Array(hosts).fill(1_790_000_000),
      agentAt: new Float64Array(hosts),
      dcgmAt: new Float64Array(hosts).fill(1_790_000_000),
    },
    gpus: {
      count: total,
      instance,
      rating: Uint8Array.from({ length: total }, (_, row) => ratings[row] ?? 0),
      reason: Array.from({ length: total }, (_, row) =>
        ratings[row] ? `Reason ${ratings[row]}` : 'Within limits',
      ),
      code: Array.from({ length: total }, (_, row) => (ratings[row] ? 'gpu.thermal' : 'gpu.clear')),
      source: new Uint8Array(total).fill(1),
      util: Int16Array.from({ length: total }, (_, row) => row % 101),
      temp: Int16Array.from({ length: total }, (_, row) => 40 + (row % 50)),
      vram: Int16Array.from({ length: total }, () => 60),
      xid: Int16Array.from({ length: total }, (_, row) => (ratings[row] === 2 ? 79 : 0)),
    },
  }
}
