import type { Reading } from '../reading'
import type { ThrottleName } from '../throttle'

/** AgentReport is a parsed report: every part stands alone, so that a wrong field never loses the rest. */
export type AgentReport = {
  readonly identity: AgentIdentity
  readonly clocks: AgentClocks
  readonly delivery: {
    readonly buffered: boolean
    readonly backlog: number
    readonly dropped: number
    readonly rejected: number
  }
  readonly nvidiaSmi: AgentNvidiaSmi
  readonly gpuCount: { readonly expected: Reading<number>; readonly seen: Reading<number> }
  readonly gpus: readonly AgentGpu[]
  /** gpusRead is whether the GPUs could be read at all; an empty list alone says nothing. */
  readonly gpusRead: Reading<number>
  readonly xid: Reading<{ readonly coversSince?: Date; readonly events: readonly AgentXidEvent[] }>
  readonly supervisor: Reading<readonly AgentProcess[]>
  readonly endpoints: {
    readonly temporalAddress: AgentEndpoint
    readonly minioEndpoint: AgentEndpoint
    readonly minioSecure: AgentEndpoint
  }
  readonly models: AgentModels
  readonly logs: readonly AgentLog[]
  readonly disks: readonly AgentDisk[]
  readonly memory: {
    readonly totalBytes: Reading<number>
    readonly availableBytes: Reading<number>
    readonly limitBytes: Reading<number>
    readonly usedBytes: Reading<number>
  }
  readonly load: {
    readonly load1: Reading<number>
    readonly load5: Reading<number>
    readonly load15: Reading<number>
    readonly cpuCount: Reading<number>
  }
  readonly image: { readonly version: Reading<string>; readonly origin: Reading<string> }
  readonly uptime: { readonly hostSeconds: Reading<number>; readonly instanceSeconds: Reading<number> }
  readonly agent: {
    readonly version: string
    readonly startedAt?: Date
    readonly transport: string
    readonly stuckProbes: readonly string[]
    readonly lastDeliveryProblem: string
  }
  /** drift lists fields of the wrong type, as `agent.path`. */
  readonly drift: readonly string[]
}

/** AgentIdentity names a report: a second delivery of (instanceId, runId, sequence) is a duplicate. */
export type AgentIdentity = {
  readonly instanceId: string
  readonly runId: string
  readonly sequence: number
  readonly bootId: Reading<string>
}

/** AgentClocks compares the agent's clock with ours; `sampledAt` is corrected by the difference and never in the future. */
export type AgentClocks = {
  readonly receivedAt: Date
  readonly sampledAt: Date
  /** skewMs is our clock minus the agent's at delivery (includes the transfer), unknown when it sent no usable clock. */
  readonly skewMs: number | undefined
  readonly intervalMs: number
}

/** AgentNvidiaSmi is how nvidia-smi itself did: a hang is a finding about the driver. */
export type AgentNvidiaSmi = {
  readonly state: Reading<'ok' | 'hung' | 'failed' | 'not_supported'>
  readonly since?: Date
  readonly durationMs?: number
  readonly message: string
  readonly lostGpus: readonly string[]
}

/** AgentLimits are the device's own thermal limits: degrees, or offsets of the T.Limit margin. */
export type AgentLimits =
  | {
      readonly regime: 'absolute'
      readonly slowdownC: number
      readonly shutdownC: number
      readonly maxOperatingC?: number
    }
  | { readonly regime: 'margin'; readonly slowdownOffsetC: number; readonly shutdownOffsetC: number }

/** AgentGpu is one GPU as nvidia-smi told it on the instance. */
export type AgentGpu = {
  readonly instanceId: string
  readonly index: number
  readonly source: 'agent'
  readonly uuid?: string
  readonly model?: string
  readonly pciBusId?: string
  readonly utilPercent: Reading<number>
  readonly tempC: Reading<number>
  readonly marginC: Reading<number>
  readonly memoryTempC: Reading<number>
  readonly vramUsedMib: Reading<number>
  readonly vramTotalMib: Reading<number>
  readonly powerW: Reading<number>
  readonly xid: Reading<number>
  readonly xidSince?: Date
  readonly throttle: Reading<readonly ThrottleName[]>
  readonly eccUncorrected: Reading<number>
  readonly remapPending: Reading<boolean>
  readonly remapFailed: Reading<boolean>
  readonly nvlinkDown: Reading<number>
  readonly lost: Reading<boolean>
  readonly limits?: AgentLimits
  readonly driverVersion: Reading<string>
  readonly pcieWidthCurrent: Reading<number>
  readonly pcieWidthMax: Reading<number>
}

/** AgentXidEvent is a kernel-log line about a GPU error. */
export type AgentXidEvent = {
  readonly at?: Date
  readonly pciBusId: string
  readonly code: Reading<number>
  readonly text: string
}

/** AgentProcess is a supervised program as the agent saw it. */
export type AgentProcess = {
  readonly name: string
  readonly group: string
  readonly state: string
  readonly pid: Reading<number>
  readonly startedAt?: Date
  readonly uptimeSeconds: Reading<number>
  readonly exitStatus: Reading<number>
  readonly description: string
}

/** AgentEndpoint is whether one of the three known names is set and, without credentials, where it points. */
export type AgentEndpoint = {
  readonly present: Reading<boolean>
  readonly value: Reading<string>
  readonly origin: string
}

/** AgentModels are the model files on the instance. */
export type AgentModels = {
  readonly sampledAt?: Date
  readonly truncated: boolean
  readonly patterns: readonly {
    readonly pattern: string
    readonly directory: string
    readonly matches: Reading<number>
  }[]
  readonly files: readonly {
    readonly path: string
    readonly kind: string
    readonly sizeBytes: Reading<number>
    readonly modifiedAt?: Date
  }[]
}

/** AgentLog is a watched log file with its last error lines, redacted by the agent and again by us. */
export type AgentLog = {
  readonly path: string
  readonly sizeBytes: Reading<number>
  readonly modifiedAt?: Date
  readonly errorLines: Reading<readonly string[]>
}

/** AgentDisk is one watched path. */
export type AgentDisk = {
  readonly path: string
  readonly totalBytes: Reading<number>
  readonly usedBytes: Reading<number>
  readonly availableBytes: Reading<number>
  readonly usedPercent: Reading<number>
  readonly inodesUsedPercent: Reading<number>
}

/** AgentParse is a report, or what was wrong with the whole of it. */
export type AgentParse =
  | { readonly ok: true; readonly report: AgentReport }
  | { readonly ok: false; readonly problem: string; readonly path: string }
