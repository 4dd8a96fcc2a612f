import { isShape, type Shape, sameUnknown, shapesIn, textOf, unknown } from '../parse'
import type { Reading } from '../reading'
import type {
  AgentDisk,
  AgentEndpoint,
  AgentLog,
  AgentModels,
  AgentNvidiaSmi,
  AgentProcess,
  AgentReport,
} from './types'
import {
  type AgentFrame,
  agentFlag,
  agentInstant,
  agentNumber,
  agentText,
  at,
  cut,
  knownAt,
  toldUnknown,
} from './values'

const SMI_STATES = ['ok', 'hung', 'failed', 'not_supported'] as const

/** parseNvidiaSmi reads how nvidia-smi itself did. */
export function parseNvidiaSmi(value: unknown, outer: AgentFrame): AgentNvidiaSmi {
  const frame = at(outer, 'nvidiaSmi')
  const shape = isShape(value) ? value : {}
  const word = textOf(shape, 'state', frame)
  const state = SMI_STATES.find((one) => one === word)
  const since = agentInstant(shape, 'since')
  const duration = agentNumber(shape, { key: 'durationMs', unit: 'ms' }, frame)
  return {
    state: state
      ? knownAt(frame, state, '')
      : unknown(frame, word === '' ? 'field_absent' : 'schema_mismatch', word),
    ...(since ? { since } : {}),
    ...(duration.kind === 'known' ? { durationMs: duration.value } : {}),
    message: cut(textOf(shape, 'message'), 300),
    lostGpus: textsIn(shape.lostGpus, 16),
  }
}

/** parseXid reads the kernel log's GPU errors; a log that can't be read is unknown, not "none". */
export function parseXid(value: unknown, outer: AgentFrame): AgentReport['xid'] {
  const frame = at(outer, 'xid')
  const told = toldUnknown(value, frame)
  if (told) return told
  if (!isShape(value) || !Array.isArray(value.events))
    return unknown(frame, 'schema_mismatch', 'xid holds no list of events')
  const coversSince = agentInstant(value, 'coversSince')
  const events = shapesIn(value.events)
    .slice(-20)
    .map((event) => {
      const when = agentInstant(event, 'at')
      return {
        ...(when ? { at: when } : {}),
        pciBusId: textOf(event, 'pciBusId'),
        code: agentNumber(event, { key: 'code', unit: '' }, frame),
        text: cut(textOf(event, 'text'), 300),
      }
    })
  return knownAt(frame, { ...(coversSince ? { coversSince } : {}), events }, '')
}

/** parseSupervisor reads the supervised programs. */
export function parseSupervisor(value: unknown, outer: AgentFrame): Reading<readonly AgentProcess[]> {
  const frame = at(outer, 'supervisor')
  const told = toldUnknown(value, frame)
  if (told) return told
  if (!isShape(value) || !Array.isArray(value.processes))
    return unknown(frame, 'schema_mismatch', 'supervisor holds no list of processes')
  const processes = shapesIn(value.processes)
    .slice(0, 100)
    .map((process): AgentProcess => {
      const startedAt = agentInstant(process, 'startedAt')
      return {
        name: cut(textOf(process, 'name', frame), 100),
        group: cut(textOf(process, 'group', frame), 100),
        state: textOf(process, 'state', frame).toUpperCase().slice(0, 40),
        pid: agentNumber(process, { key: 'pid', unit: '' }, frame),
        ...(startedAt ? { startedAt } : {}),
        uptimeSeconds: agentNumber(process, { key: 'uptimeS', unit: 's' }, frame),
        exitStatus: agentNumber(process, { key: 'exitStatus', unit: '', mayBeNegative: true }, frame),
        description: cut(textOf(process, 'description'), 300),
      }
    })
  return knownAt(frame, processes, '')
}

/** parseEndpoint reads one of the three names of the environment: whether it is set and where it points. */
export function parseEndpoint(value: unknown, outer: AgentFrame): AgentEndpoint {
  const frame = at(outer, 'endpoints')
  const told = toldUnknown(value, frame)
  if (told) return { present: told, value: told, origin: '' }
  if (!isShape(value)) {
    const bad = unknown(frame, 'schema_mismatch')
    return { present: bad, value: bad, origin: '' }
  }
  return {
    present: agentFlag(value, 'present', frame),
    value: 'value' in value ? flagText(value, frame) : agentText(value, 'hostPort', frame),
    origin: cut(textOf(value, 'source'), 300),
  }
}

function flagText(shape: Shape, frame: AgentFrame): Reading<string> {
  const flag = agentFlag(shape, 'value', frame)
  return flag.kind === 'known' ? { ...flag, value: String(flag.value) } : sameUnknown(flag)
}

/** parseModels reads the model files. */
export function parseModels(value: unknown, outer: AgentFrame): AgentModels {
  const frame = at(outer, 'models')
  const shape: Shape = isShape(value) ? value : {}
  const sampledAt = agentInstant(shape, 'sampledAt')
  return {
    ...(sampledAt ? { sampledAt } : {}),
    truncated: shape.truncated === true,
    patterns: shapesIn(shape.patterns)
      .slice(0, 20)
      .map((pattern) => ({
        pattern: cut(textOf(pattern, 'pattern'), 300),
        directory: textOf(pattern, 'directory'),
        matches: agentNumber(pattern, { key: 'matches', unit: '' }, frame),
      })),
    files: shapesIn(shape.files)
      .slice(0, 100)
      .map((file) => {
        const modifiedAt = agentInstant(file, 'modifiedAt')
        return {
          path: cut(textOf(file, 'path', frame), 400),
          kind: textOf(file, 'kind'),
          sizeBytes: agentNumber(file, { key: 'sizeBytes', unit: 'bytes' }, frame),
          ...(modifiedAt ? { modifiedAt } : {}),
        }
      }),
  }
}

/** parseLogs reads the watched logs; the lines are redacted once more on our side. */
export function parseLogs(value: unknown, outer: AgentFrame): readonly AgentLog[] {
  const frame = at(outer, 'logs')
  return shapesIn(value)
    .slice(0, 10)
    .map((log) => {
      const modifiedAt = agentInstant(log, 'modifiedAt')
      return {
        path: cut(textOf(log, 'path', frame), 400),
        sizeBytes: agentNumber(log, { key: 'sizeBytes', unit: 'bytes' }, frame),
        ...(modifiedAt ? { modifiedAt } : {}),
        errorLines: errorLines(log.errorLines, frame),
      }
    })
}

function errorLines(value: unknown, frame: AgentFrame): Reading<readonly string[]> {
  const told = toldUnknown(value, frame)
  if (told) return told
  if (!Array.isArray(value)) return unknown(frame, 'schema_mismatch', 'errorLines is not a list')
  return knownAt(frame, textsIn(value, 5), '')
}

/** parseDisks reads the watched paths. */
export function parseDisks(value: unknown, outer: AgentFrame): readonly AgentDisk[] {
  const frame = at(outer, 'disks')
  return shapesIn(value)
    .slice(0, 10)
    .map((disk) => {
      const bytes = (key: string): Reading<number> => agentNumber(disk, { key, unit: 'bytes' }, frame)
      return {
        path: cut(textOf(disk, 'path', frame), 400),
        totalBytes: bytes('totalBytes'),
        usedBytes: bytes('usedBytes'),
        availableBytes: bytes('availableBytes'),
        usedPercent: agentNumber(disk, { key: 'usedPercent', unit: '%' }, frame),
        inodesUsedPercent: agentNumber(disk, { key: 'inodesUsedPercent', unit: '%' }, frame),
      }
    })
}

/** textsIn gives the texts of a list, redacted, at most `max` of them. */
export function textsIn(value: unknown, max: number): readonly string[] {
  if (!Array.isArray(value)) return []
  return value
    .filter((item): item is string => typeof item === 'string')
    .slice(-max)
    .map((item) => cut(item, 300))
}
