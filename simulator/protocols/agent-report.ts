import type { Instant } from '../reply'
import { PROGRAMS, type Program } from '../scenario-events'
import type { SimInstance } from '../world/build'
import { isActive } from '../world/effects'
import { hex, unit } from '../world/random'
import { programAt } from '../world/workers'
import type { World } from '../world/world'
import { agentGpu, pciBusId, type Unknown } from './agent-gpu'

export type ReportInput = {
  readonly world: World
  readonly instance: SimInstance
  readonly at: Instant
  readonly sequence: number
  readonly intervalSeconds: number
}

const DRIVER_WEDGED: ReadonlySet<number> = new Set([119, 120, 143])
const GIB = 1024 ** 3
const MODELS = '/workspace/packages/models'
const LOGS: Readonly<Record<Program, string>> = {
  'worker-cpu': '/var/log/worker.log',
  'worker-gpu': '/var/log/worker-gpu.log',
  llama: '/var/log/llama.log',
}

/** What the agent on one instance would push at this instant (agent/report.schema.json, version 1). */
export function agentReport(input: ReportInput): Record<string, unknown> {
  const { world, instance, at, sequence, intervalSeconds } = input
  const now = iso(at.timeMs)
  const started = iso(world.startMs + instance.startedMs)
  return {
    schemaVersion: 1,
    agentVersion: '1.0.0',
    instanceId: String(instance.id),
    instanceIdSource: 'CONTAINER_ID',
    runId: hex(instance.seed, Math.floor(world.startMs / 1000), 32),
    sequence,
    bootId: hex(instance.seed, 92, 32),
    sentAt: now,
    sampledAt: now,
    intervalS: intervalSeconds,
    delivery: { buffered: false, backlog: 0, dropped: 0, rejected: 0 },
    ...gpuParts(input, started),
    xid: {
      unknown: 'not_supported',
      detail: 'XID is not observable in this rental: the kernel log is not readable',
    },
    supervisor: {
      via: 'xmlrpc',
      sampledAt: now,
      processes: PROGRAMS.map((program) => processOf(input, program)),
    },
    endpoints: endpointsOf(input),
    models: modelsOf(input, now),
    logs: PROGRAMS.map((program) => logOf(input, program)),
    disks: disksOf(input),
    memory: {
      totalBytes: 251 * GIB,
      availableBytes: 140 * GIB,
      limitBytes: 128 * GIB,
      usedBytes: Math.round((38 + unit(instance.seed, sequence) * 6) * GIB),
    },
    load: { load1: 6.2, load5: 5.9, load15: 5.4, cpuCount: 64 },
    image: { version: world.image, source: 'IMAGE_VERSION' },
    uptime: { hostS: 1_893_322, instanceS: Math.round((at.offsetMs - instance.startedMs) / 1000) },
    agent: { startedAt: started, transport: 'curl', stuckProbes: [] },
  }
}

function gpuParts({ world, instance, at }: ReportInput, started: string): Record<string, unknown> {
  const wedged = world.effects
    .ofInstance(instance.index)
    .find(
      ({ event, ...effect }) =>
        event.event === 'gpu-xid' && DRIVER_WEDGED.has(event.code) && isActive(effect, at.offsetMs),
    )
  if (wedged !== undefined) {
    const unread: Unknown = { unknown: 'source_unreachable', detail: 'nvidia-smi did not answer within 5 s' }
    return {
      nvidiaSmi: { state: 'hung', since: iso(world.startMs + wedged.fromMs), message: unread.detail },
      gpuCount: { expected: instance.gpus.length, seen: unread },
      gpus: unread,
    }
  }
  const cards = instance.gpus.map((gpu) => ({ gpu, frame: world.gpuAt(gpu, at.offsetMs) }))
  const lost = cards.filter(({ frame }) => !frame.present).map(({ gpu }) => pciBusId(gpu))
  return {
    nvidiaSmi: {
      state: 'ok',
      since: started,
      durationMs: 184,
      exitCode: 0,
      ...(lost.length === 0 ? {} : { lostGpus: lost }),
    },
    gpuCount: { expected: instance.gpus.length, seen: cards.length - lost.length },
    gpus: cards.map(({ gpu, frame }) => agentGpu(gpu, frame)),
  }
}

function processOf({ world, instance, at }: ReportInput, program: Program): Record<string, unknown> {
  const found = programAt(world, instance, program, at.offsetMs)
  const alive = found.state === 'RUNNING'
  return {
    name: program,
    group: program,
    state: found.state,
    pid: alive ? 400 + PROGRAMS.indexOf(program) : 0,
    startedAt: iso(world.startMs + found.startMs),
    uptimeS: alive
      ? Math.max(0, Math.round((at.offsetMs - found.startMs) / 1000))
      : { unknown: 'not_evaluated', detail: 'not running' },
    exitStatus: alive ? { unknown: 'field_absent', detail: 'not exited' } : 1,
    description: alive ? 'running' : 'Exited too quickly',
  }
}

function endpointsOf({ world, instance, at }: ReportInput): Record<string, unknown> {
  const astray = world.effects
    .ofInstance(instance.index)
    .some((effect) => effect.event.event === 'workers-wrong-endpoint' && isActive(effect, at.offsetMs))
  const source = '/workspace/.env'
  return {
    TEMPORAL_ADDRESS: {
      present: true,
      hostPort: astray ? 'localhost:7233' : 'temporal.example.com:7233',
      source,
    },
    MINIO_ENDPOINT: astray ? { present: false } : { present: true, hostPort: 'objects.example.com', source },
    MINIO_SECURE: { present: true, value: true, source },
  }
}

function modelsOf({ world, instance, at }: ReportInput, now: string): Record<string, unknown> {
  const missing = new Set(
    world.effects
      .ofInstance(instance.index)
      .flatMap(({ event, ...effect }) =>
        event.event === 'model' && event.state === 'missing' && isActive(effect, at.offsetMs)
          ? [event.program]
          : [],
      ),
  )
  const modifiedAt = iso(world.startMs + instance.startedMs)
  const file = (name: string, sizeBytes: number) => ({
    path: `${MODELS}/${name}`,
    name,
    kind: 'file',
    sizeBytes,
    modifiedAt,
  })
  const files = [
    ...(missing.has('whisper') ? [] : [file('whisper-large-v3.bin', 3_095_033_483)]),
    ...(missing.has('llama') ? [] : [file('chat-8b-q6.gguf', 6_596_006_272)]),
  ]
  return {
    sampledAt: now,
    truncated: false,
    patterns: [{ pattern: `${MODELS}/*`, directory: 'present', matches: files.length }],
    files,
  }
}

function logOf({ world, instance, at }: ReportInput, program: Program): Record<string, unknown> {
  const found = programAt(world, instance, program, at.offsetMs)
  const failed = found.state === 'FATAL' || found.state === 'BACKOFF'
  return {
    path: LOGS[program],
    sizeBytes: 184_220 + Math.round((at.offsetMs - instance.startedMs) / 1000),
    modifiedAt: iso(world.startMs + (found.working ? at.offsetMs : Math.min(at.offsetMs, found.sinceMs))),
    errorLines: failed ? ['ERROR Traceback: RuntimeError: CUDA error: out of memory'] : [],
  }
}

function disksOf({ world, instance, at }: ReportInput): readonly Record<string, unknown>[] {
  const share = world.instanceAt(instance, at.offsetMs).diskShare ?? 0.4
  const disk = (path: string, totalBytes: number, used: number) => ({
    path,
    totalBytes,
    usedBytes: Math.round(totalBytes * used),
    availableBytes: Math.round(totalBytes * (1 - used)),
    usedPercent: Math.round(used * 1000) / 10,
    inodesUsedPercent: 3.2,
  })
  return [disk('/', 100 * GIB, Math.min(0.36, share)), disk('/workspace', 220 * GIB, share)]
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
