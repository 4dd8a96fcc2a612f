import { z } from 'zod'
import { idOf, instantOf, isShape, type Shape, textOf, unknown } from '../parse'
import type { Reading } from '../reading'
import { parseGpus } from './gpus'
import {
  parseDisks,
  parseEndpoint,
  parseLogs,
  parseModels,
  parseNvidiaSmi,
  parseSupervisor,
  parseXid,
  textsIn,
} from './parts'
import type { AgentClocks, AgentParse, AgentReport } from './types'
import {
  type AgentFrame,
  agentInstant,
  agentNumber,
  agentText,
  at,
  cut,
  knownAt,
  toldUnknown,
} from './values'

const DEFAULT_INTERVAL_MS = 12_000

/** Only what names the report has to fit: every measured value stands or falls alone. */
const envelope = z.looseObject({
  schemaVersion: z.literal(1, 'must be 1, the version that this console reads'),
  instanceId: z.union([z.string().trim().min(1).max(100), z.number().int().nonnegative()]),
  runId: z.string().min(8).max(64),
  sequence: z.number().int().min(1),
})

/** parseAgentReport reads a report's JSON body; a wrong field becomes an unknown reading and a drift entry, never the loss of the rest. */
export function parseAgentReport(body: unknown, receivedAt: Date): AgentParse {
  const parsed = envelope.safeParse(body)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return {
      ok: false,
      path: issue?.path.join('.') || 'body',
      problem: issue?.message ?? 'does not fit the report',
    }
  }
  return { ok: true, report: reportOf(parsed.data, receivedAt) }
}

function reportOf(body: z.infer<typeof envelope>, receivedAt: Date): AgentReport {
  const shape: Shape = body
  const clocks = clocksOf(shape, receivedAt)
  const frame: AgentFrame = { source: 'agent', at: receivedAt, sampleAt: clocks.sampledAt, drift: [] }
  const instanceId = idOf(shape, 'instanceId') ?? ''
  const xid = parseXid(shape.xid, frame)
  const nvidiaSmi = parseNvidiaSmi(shape.nvidiaSmi, frame)
  const counts = sub(shape, 'gpuCount')
  const expected = agentNumber(counts, { key: 'expected', unit: '' }, at(frame, 'gpuCount'))
  const endpoints = sub(shape, 'endpoints')
  return {
    identity: {
      instanceId,
      runId: body.runId,
      sequence: body.sequence,
      bootId: agentText(shape, 'bootId', frame),
    },
    clocks,
    delivery: deliveryOf(sub(shape, 'delivery')),
    nvidiaSmi,
    gpuCount: { expected, seen: agentNumber(counts, { key: 'seen', unit: '' }, at(frame, 'gpuCount')) },
    gpus: parseGpus(shape.gpus, { busIds: nvidiaSmi.lostGpus, expected }, { instanceId, xid, frame }),
    gpusRead: gpusRead(shape.gpus, frame),
    xid,
    supervisor: parseSupervisor(shape.supervisor, frame),
    endpoints: {
      temporalAddress: parseEndpoint(endpoints.TEMPORAL_ADDRESS, frame),
      minioEndpoint: parseEndpoint(endpoints.MINIO_ENDPOINT, frame),
      minioSecure: parseEndpoint(endpoints.MINIO_SECURE, frame),
    },
    models: parseModels(shape.models, frame),
    logs: parseLogs(shape.logs, frame),
    disks: parseDisks(shape.disks, frame),
    ...machineOf(shape, frame),
    agent: selfOf(shape),
    drift: frame.drift,
  }
}

function sub(shape: Shape, key: string): Shape {
  const value = shape[key]
  return isShape(value) ? value : {}
}

/** Only the difference of the agent's own two clock readings is used, so a wrong clock on the instance does no harm. */
function clocksOf(shape: Shape, receivedAt: Date): AgentClocks {
  const sentAt = instantOf(shape.sentAt)
  const sampledAt = instantOf(shape.sampledAt)
  const waitedMs = sentAt && sampledAt ? Math.max(0, sentAt.getTime() - sampledAt.getTime()) : 0
  const seconds = shape.intervalS
  return {
    receivedAt,
    sampledAt: new Date(receivedAt.getTime() - waitedMs),
    skewMs: sentAt ? receivedAt.getTime() - sentAt.getTime() : undefined,
    intervalMs:
      typeof seconds === 'number' && seconds >= 1 && seconds <= 300 ? seconds * 1000 : DEFAULT_INTERVAL_MS,
  }
}

function deliveryOf(shape: Shape): AgentReport['delivery'] {
  const count = (key: string): number => {
    const value = shape[key]
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0
  }
  return {
    buffered: shape.buffered === true,
    backlog: count('backlog'),
    dropped: count('dropped'),
    rejected: count('rejected'),
  }
}

function gpusRead(value: unknown, frame: AgentFrame): Reading<number> {
  const told = toldUnknown(value, frame)
  if (told) return told
  if (Array.isArray(value)) return knownAt(frame, value.length, '')
  frame.drift.push(`${frame.source}.gpus`)
  return unknown(frame, 'schema_mismatch', 'gpus is not a list')
}

function machineOf(
  shape: Shape,
  frame: AgentFrame,
): Pick<AgentReport, 'memory' | 'load' | 'image' | 'uptime'> {
  const memory = sub(shape, 'memory')
  const load = sub(shape, 'load')
  const image = sub(shape, 'image')
  const uptime = sub(shape, 'uptime')
  const bytes = (key: string): Reading<number> =>
    agentNumber(memory, { key, unit: 'bytes' }, at(frame, 'memory'))
  const loads = (key: string): Reading<number> => agentNumber(load, { key, unit: '' }, at(frame, 'load'))
  const seconds = (key: string): Reading<number> =>
    agentNumber(uptime, { key, unit: 's' }, at(frame, 'uptime'))
  return {
    memory: {
      totalBytes: bytes('totalBytes'),
      availableBytes: bytes('availableBytes'),
      limitBytes: bytes('limitBytes'),
      usedBytes: bytes('usedBytes'),
    },
    load: {
      load1: loads('load1'),
      load5: loads('load5'),
      load15: loads('load15'),
      cpuCount: loads('cpuCount'),
    },
    image: {
      version: agentText(image, 'version', at(frame, 'image')),
      origin: agentText(image, 'source', at(frame, 'image')),
    },
    uptime: { hostSeconds: seconds('hostS'), instanceSeconds: seconds('instanceS') },
  }
}

function selfOf(shape: Shape): AgentReport['agent'] {
  const agent = sub(shape, 'agent')
  const startedAt = agentInstant(agent, 'startedAt')
  return {
    version: cut(textOf(shape, 'agentVersion'), 40),
    ...(startedAt ? { startedAt } : {}),
    transport: textOf(agent, 'transport'),
    stuckProbes: textsIn(agent.stuckProbes, 20),
    lastDeliveryProblem: cut(textOf(agent, 'lastDeliveryProblem'), 300),
  }
}
