import {
  epochSecondsOf,
  type FieldContext,
  flagReading,
  idOf,
  isShape,
  known,
  numberOf,
  numberReading,
  type Shape,
  shapesIn,
  textOf,
  textReading,
  unknown,
} from '../parse'
import type { Reading } from '../reading'
import type { VastInstance, VastPort } from './types'

/** The provider counts memory in units of 10⁶ KiB. */
const GIB_PER_MEMORY_UNIT = 1e6 / 1024 / 1024
const MIB_PER_GIB = 1024
/** Two ways to say the disk's fill may differ by rounding, not by more. */
const DISK_DISAGREEMENT = 0.05
const NEGATIVE = (raw: number): boolean => raw < 0

/** parseInstance reads one entry of the listing; undefined when it has no id, since nothing can be filed under it. */
export function parseInstance(shape: Shape, context: FieldContext): VastInstance | undefined {
  const id = idOf(shape, 'id')
  if (id === undefined) return undefined
  const actual = textReading(shape, 'actual_status', context, 'field_null')
  const endsAt = epochSecondsOf(shape.end_date)
  const startedAt = epochSecondsOf(shape.start_date)
  const sshPort = numberOf(shape, 'ssh_port', context)
  const driverVersion = textOf(shape, 'driver_version')
  const cpuCores = numberOf(shape, 'cpu_cores_effective', context)
  return {
    id,
    machineId: idOf(shape, 'machine_id') ?? '',
    hostId: idOf(shape, 'host_id') ?? '',
    label: textOf(shape, 'label', context),
    region: textOf(shape, 'geolocation', context),
    gpuModel: textOf(shape, 'gpu_name', context).replaceAll('_', ' '),
    gpuCount: Math.max(0, Math.trunc(numberOf(shape, 'num_gpus', context) ?? 0)),
    image: textOf(shape, 'image_uuid', context),
    actual,
    intended: textReading(shape, 'intended_status', context),
    allocation: textReading(shape, 'cur_state', context),
    statusText: textOf(shape, 'status_msg', context).slice(0, 2000),
    dollarsPerHour: numberReading(shape, { key: 'dph_total', unit: '$/h', min: 0 }, context),
    storageDollarsPerHour: numberReading(shape, { key: 'storage_total_cost', unit: '$/h', min: 0 }, context),
    interruptible: shape.is_bid === true,
    ...(startedAt ? { startedAt } : {}),
    ...(endsAt ? { endsAt } : {}),
    diskUsedShare: diskShare(shape, context),
    ...telemetry(shape, actual, context),
    memoryLimitGib: numberReading(
      shape,
      { key: 'mem_limit', unit: 'GiB', scale: GIB_PER_MEMORY_UNIT, isSentinel: NEGATIVE },
      context,
    ),
    reliabilityPercent: numberReading(
      shape,
      { key: 'reliability2', unit: '%', scale: 100, min: 0, max: 100 },
      context,
    ),
    verification: textReading(shape, 'verification', context),
    probe: unknown(context, 'not_evaluated', 'the listing is not a probe'),
    publicAddress: textOf(shape, 'public_ipaddr', context),
    sshHost: textOf(shape, 'ssh_host', context),
    ...(sshPort === undefined ? {} : { sshPort }),
    ports: portsOf(shape.ports),
    envNames: envNamesOf(shape.extra_env),
    ...(cpuCores === undefined || cpuCores <= 0 ? {} : { cpuCores }),
    ...(driverVersion === '' ? {} : { driverVersion }),
    observedAt: context.at,
  }
}

type Telemetry = Pick<
  VastInstance,
  'gpuUtilPercent' | 'gpuTempC' | 'vramUsedMib' | 'vramTotalMib' | 'memoryUsedGib' | 'cpuPercent'
>

/** A stopped instance keeps its last numbers, and some hosts send frames of zeros in turn with real ones: neither is a measurement. */
function telemetry(shape: Shape, actual: Reading<string>, context: FieldContext): Telemetry {
  const vramTotalMib = numberReading(
    shape,
    { key: 'gpu_totalram', unit: 'MiB', isSentinel: (raw) => raw <= 0 },
    context,
  )
  if (actual.kind === 'unknown' || actual.value !== 'running') {
    const off = unknown(context, 'not_evaluated', 'telemetry counts only while the instance runs')
    return {
      gpuUtilPercent: off,
      gpuTempC: off,
      vramUsedMib: off,
      vramTotalMib,
      memoryUsedGib: off,
      cpuPercent: off,
    }
  }
  const memoryUsedGib = numberReading(
    shape,
    { key: 'mem_usage', unit: 'GiB', scale: GIB_PER_MEMORY_UNIT, isSentinel: NEGATIVE },
    context,
  )
  const cpuPercent = cpuShare(shape, context)
  const temperature = shape.gpu_temp
  if (typeof temperature === 'number' && temperature <= 0) {
    const frame = unknown(context, 'sentinel', 'the provider sent a frame of zeros')
    return {
      gpuUtilPercent: frame,
      gpuTempC: frame,
      vramUsedMib: frame,
      vramTotalMib,
      memoryUsedGib,
      cpuPercent,
    }
  }
  return {
    gpuUtilPercent: numberReading(shape, { key: 'gpu_util', unit: '%', min: 0, max: 100 }, context),
    gpuTempC: numberReading(shape, { key: 'gpu_temp', unit: '°C', max: 150 }, context),
    vramUsedMib: numberReading(
      shape,
      { key: 'vmem_usage', unit: 'MiB', scale: MIB_PER_GIB, isSentinel: NEGATIVE },
      context,
    ),
    vramTotalMib,
    memoryUsedGib,
    cpuPercent,
  }
}

/** `cpu_util` has 100 for one busy core; only with our share of cores does it become a percentage. */
function cpuShare(shape: Shape, context: FieldContext): Reading<number> {
  const used = numberReading(shape, { key: 'cpu_util', unit: '%', isSentinel: NEGATIVE }, context)
  if (used.kind === 'unknown') return used
  const cores = numberOf(shape, 'cpu_cores_effective', context)
  if (cores === undefined || cores <= 0)
    return unknown(context, 'field_absent', 'number of cores not reported')
  return known(context, used.value / cores, '%')
}

/** `disk_util` is a fraction and `disk_usage` gigabytes; when the two disagree the field means something else now. */
function diskShare(shape: Shape, context: FieldContext): Reading<number> {
  const share = numberReading(shape, { key: 'disk_util', unit: 'share', isSentinel: NEGATIVE }, context)
  const used = numberOf(shape, 'disk_usage', context)
  const space = numberOf(shape, 'disk_space', context)
  const computed =
    used !== undefined && used >= 0 && space !== undefined && space > 0 ? used / space : undefined
  if (share.kind === 'unknown')
    return share.why === 'schema_mismatch' || computed === undefined
      ? share
      : known(context, computed, 'share')
  if (computed === undefined)
    return share.value <= 1 ? share : unknown(context, 'schema_mismatch', 'disk_util is above 1')
  if (Math.abs(share.value - computed) <= DISK_DISAGREEMENT) return share
  context.drift.push(`${context.source}.disk_util`)
  return unknown(context, 'schema_mismatch', 'disk_util and disk_usage disagree')
}

function portsOf(value: unknown): readonly VastPort[] {
  if (!isShape(value)) return []
  return Object.entries(value).flatMap(([containerPort, bindings]) =>
    shapesIn(bindings).flatMap((binding) => {
      const hostPort = Number(binding.HostPort)
      return Number.isInteger(hostPort) && hostPort > 0 && hostPort < 65_536
        ? [{ containerPort, hostPort }]
        : []
    }),
  )
}

/** Names only: the values hold tokens and passwords. */
function envNamesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  const names = value.map((pair: unknown) => (Array.isArray(pair) ? pair[0] : String(pair).split('=')[0]))
  return names.filter((name): name is string => typeof name === 'string' && /^[A-Za-z_]\w{0,127}$/.test(name))
}

/** parseCredit reads `users/current`; nothing but the money fields is kept. */
export function parseCredit(
  shape: Shape,
  context: FieldContext,
): {
  readonly creditDollars: Reading<number>
  readonly balanceDollars: Reading<number>
  readonly totalSpendDollars: Reading<number>
  readonly canPay: Reading<boolean>
} {
  return {
    creditDollars: numberReading(shape, { key: 'credit', unit: '$' }, context),
    balanceDollars: numberReading(shape, { key: 'balance', unit: '$' }, context),
    totalSpendDollars: numberReading(shape, { key: 'total_spend', unit: '$' }, context),
    canPay: flagReading(shape, 'can_pay', context),
  }
}
