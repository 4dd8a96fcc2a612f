import { dollarsOf, type SimInstance } from '../world/build'
import type { InstanceState } from '../world/instances'
import { unit } from '../world/random'
import type { World } from '../world/world'

export type VastRow = Record<string, unknown>

const COUNTRY_CODES: Readonly<Record<string, string>> = {
  'eu-fra': 'DE',
  'eu-hel': 'FI',
  'eu-ams': 'NL',
  'us-east': 'US',
  'us-west': 'US',
  'ap-tyo': 'JP',
}
const CPU_CORES = 64
const DISK_GB = 220
const GIB_TO_VENDOR_UNITS = 1.048576

export function vastRow(
  world: World,
  instance: SimInstance,
  offsetMs: number,
  label: string | null,
): VastRow {
  const state = world.instanceAt(instance, offsetMs)
  const row: VastRow = {
    ...identity(instance, label, world),
    ...status(state, instance, world.startMs),
    ...telemetry(world, instance, state, offsetMs),
    ...hardware(instance),
    ...money(instance, state),
    ...network(instance, state),
  }
  for (const field of state.unreadable ?? []) row[field] = null
  return row
}

function identity(instance: SimInstance, label: string | null, world: World): VastRow {
  return {
    id: instance.id,
    machine_id: instance.machineId,
    host_id: instance.hostId,
    bundle_id: 700_000 + instance.index,
    label,
    image_uuid: world.releases.imageOf(instance.id) ?? world.image,
    image_args: [],
    image_runtype: 'args',
    template_id: null,
    template_hash_id: null,
    template_name: null,
    extra_env: [
      ['WORKER_ROLE', 'gpu'],
      ['TEMPORAL_ADDRESS', 'temporal.example.com:7233'],
      ['MINIO_ENDPOINT', 'objects.example.com'],
      ['MINIO_SECURE', 'true'],
    ],
    onstart: '/workspace/start_remote.sh',
  }
}

function status(state: InstanceState, instance: SimInstance, startMs: number): VastRow {
  const seconds = (offsetMs: number): number => Math.round((startMs + offsetMs) / 100) / 10
  return {
    actual_status: state.actual,
    intended_status: state.intended,
    cur_state: state.allocation,
    next_state: state.allocation,
    status_msg: state.message,
    start_date: seconds(instance.startedMs),
    end_date: seconds(state.endsMs),
    duration: Math.round((state.endsMs - instance.startedMs) / 1000),
    uptime_mins: null,
    time_remaining: '',
    time_remaining_isbid: '',
  }
}

function telemetry(world: World, instance: SimInstance, state: InstanceState, offsetMs: number): VastRow {
  const disk = diskOf(state.diskShare)
  if (state.zeroFrame)
    return { gpu_util: 0, gpu_temp: 0, vmem_usage: 0, ...cpuAndMemory(instance, offsetMs), ...disk }
  // A stopped instance keeps showing the last readings of its life.
  const readMs = state.serving ? offsetMs : stoppedSinceMs(world, instance, offsetMs)
  const frames = instance.gpus.map((gpu) => world.gpuAt(gpu, readMs))
  const util = frames.reduce((sum, frame) => sum + frame.utilPercent, 0) / frames.length
  return {
    gpu_util: state.actual === null ? null : round(util, 2),
    gpu_temp: state.actual === null ? null : Math.max(...frames.map((frame) => frame.celsius)),
    vmem_usage:
      state.actual === null ? null : round(frames.reduce((sum, frame) => sum + frame.usedMib, 0) / 1024, 6),
    ...cpuAndMemory(instance, readMs),
    ...disk,
  }
}

function stoppedSinceMs(world: World, instance: SimInstance, offsetMs: number): number {
  const begun = world.effects
    .ofInstance(instance.index)
    .filter((effect) => effect.fromMs <= offsetMs && effect.untilMs > offsetMs)
    .map((effect) => effect.fromMs)
  return Math.min(offsetMs, ...begun) - 1
}

function cpuAndMemory(instance: SimInstance, offsetMs: number): VastRow {
  const swing = unit(instance.seed, Math.floor(offsetMs / 30_000), 3)
  return {
    cpu_util: round(180 + swing * 420, 2),
    mem_limit: round(251 * GIB_TO_VENDOR_UNITS, 6),
    mem_usage: round((92 + swing * 24) * GIB_TO_VENDOR_UNITS, 6),
  }
}

function diskOf(share: number | null): VastRow {
  if (share === null) return { disk_space: DISK_GB, disk_usage: -1, disk_util: -1 }
  return { disk_space: DISK_GB, disk_usage: round(DISK_GB * share, 3), disk_util: round(share, 6) }
}

function hardware(instance: SimInstance): VastRow {
  const { model, gpus } = instance
  return {
    num_gpus: gpus.length,
    gpu_name: model.vastName,
    gpu_arch: 'nvidia',
    gpu_frac: round(gpus.length / 8, 3),
    gpu_lanes: 16,
    gpu_ram: model.memoryMib,
    gpu_totalram: model.memoryMib * gpus.length,
    pci_gen: model.dataCentre ? 5 : 4,
    pcie_bw: model.dataCentre ? 51.2 : 24.6,
    bw_nvlink: model.dataCentre ? 600 : 0,
    cpu_cores: CPU_CORES,
    cpu_cores_effective: round((CPU_CORES * gpus.length) / 8, 1),
    cpu_name: 'EPYC 7763 64-Core Processor',
    cpu_arch: 'amd64',
    cpu_ram: 257_024,
    disk_bw: 3120.4,
    driver_version: '570.133.20',
    cuda_max_good: 12.8,
    reliability2: round(0.978 + unit(instance.seed, 9) * 0.021, 6),
    verification: unit(instance.seed, 10) < 0.93 ? 'verified' : 'unverified',
    geolocation: instance.region,
    country_code: COUNTRY_CODES[instance.region] ?? null,
    hosting_type: 1,
    static_ip: true,
    rentable: false,
    external: false,
  }
}

function money(instance: SimInstance, state: InstanceState): VastRow {
  const dollars = dollarsOf(instance)
  const storage = round((DISK_GB * 0.15) / 720, 6)
  return {
    dph_base: dollars,
    dph_total: round(dollars + storage, 6),
    storage_cost: 0.15,
    storage_total_cost: storage,
    is_bid: instance.interruptible || state.outbid,
    min_bid: round(dollars * 0.6, 4),
    credit_balance: null,
    credit_discount: null,
  }
}

function network(instance: SimInstance, state: InstanceState): VastRow {
  const octets = `198.51.${100 + (instance.host % 100)}.${1 + (instance.host % 250)}`
  const running = state.actual === 'running'
  return {
    public_ipaddr: instance.host % 3 === 0 ? `${octets}\n` : octets,
    local_ipaddrs: `10.0.${instance.host % 250}.2 \n`,
    ssh_host: `ssh${1 + (instance.host % 9)}.example.com`,
    ssh_port: 21_000 + instance.index,
    ssh_idx: String(1 + (instance.host % 9)),
    machine_dir_ssh_port: 41_000 + (instance.host % 900),
    direct_port_count: 10,
    direct_port_start: -1,
    direct_port_end: -1,
    ports: running ? { '22/tcp': [{ HostIp: '0.0.0.0', HostPort: String(41_022 + instance.index) }] } : null,
    inet_up: round(420 + unit(instance.seed, 12) * 800, 1),
    inet_down: round(600 + unit(instance.seed, 13) * 900, 1),
  }
}

function round(value: number, digits: number): number {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}
