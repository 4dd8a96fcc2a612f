import { redactText } from '../../platform/redact'
import { drifted, type FieldContext, instantOf, isShape, type Shape, unknown } from '../parse'
import type { Known, Reading, Unknown, UnknownWhy } from '../reading'

/** AgentFrame is the frame of a report: when it arrived and, by our clock, when it was sampled. */
export type AgentFrame = FieldContext & { readonly sampleAt: Date }

const WHYS: ReadonlySet<string> = new Set<UnknownWhy>([
  'never_observed',
  'source_unreachable',
  'source_refused',
  'rate_limited',
  'source_error',
  'schema_mismatch',
  'field_null',
  'field_absent',
  'sentinel',
  'not_supported',
  'not_evaluated',
  'stale',
])

function isWhy(value: unknown): value is UnknownWhy {
  return typeof value === 'string' && WHYS.has(value)
}

/** at gives the frame one level deeper, for the names in the drift list. */
export function at(frame: AgentFrame, name: string): AgentFrame {
  return { ...frame, path: frame.path === undefined ? name : `${frame.path}.${name}` }
}

/** knownAt builds a known reading with both clocks of the report. */
export function knownAt<T>(frame: AgentFrame, value: T, unit: string): Known<T> {
  return { kind: 'known', value, unit, source: frame.source, observedAt: frame.at, sampleAt: frame.sampleAt }
}

/** toldUnknown reads the agent's own unknown, `{unknown: why, detail?}`; undefined when the value is something else. */
export function toldUnknown(raw: unknown, frame: AgentFrame): Unknown<never> | undefined {
  if (raw === undefined) return unknown(frame, 'field_absent')
  if (raw === null) return unknown(frame, 'field_null')
  if (!isShape(raw) || !('unknown' in raw)) return undefined
  const detail = typeof raw.detail === 'string' ? cut(raw.detail, 300) : undefined
  if (isWhy(raw.unknown)) return unknown(frame, raw.unknown, detail)
  return unknown(
    frame,
    'schema_mismatch',
    `the agent gives an unknown reason: ${cut(String(raw.unknown), 60)}`,
  )
}

/** agentNumber reads a number or the agent's unknown; a made-up −1 is no number of anything that is never negative. */
export function agentNumber(
  shape: Shape,
  field: { readonly key: string; readonly unit: string; readonly mayBeNegative?: boolean },
  frame: AgentFrame,
): Reading<number> {
  const raw = shape[field.key]
  const told = toldUnknown(raw, frame)
  if (told) return told
  if (typeof raw !== 'number') return drifted(frame, field.key, raw)
  if (!Number.isFinite(raw) || Math.abs(raw) > 1e15 || (raw < 0 && field.mayBeNegative !== true))
    return unknown(frame, 'sentinel', String(raw))
  return knownAt(frame, raw, field.unit)
}

/** agentText reads a text or the agent's unknown, redacted and cut to 300 characters. */
export function agentText(shape: Shape, key: string, frame: AgentFrame): Reading<string> {
  const raw = shape[key]
  const told = toldUnknown(raw, frame)
  if (told) return told
  if (typeof raw !== 'string') return drifted(frame, key, raw)
  return raw.trim() === '' ? unknown(frame, 'field_null') : knownAt(frame, cut(raw.trim(), 300), '')
}

/** agentFlag reads a boolean or the agent's unknown. */
export function agentFlag(shape: Shape, key: string, frame: AgentFrame): Reading<boolean> {
  const raw = shape[key]
  const told = toldUnknown(raw, frame)
  if (told) return told
  return typeof raw === 'boolean' ? knownAt(frame, raw, '') : drifted(frame, key, raw)
}

/** agentInstant reads an instant; undefined when it is unknown or none. */
export function agentInstant(shape: Shape, key: string): Date | undefined {
  return instantOf(shape[key])
}

/** cut redacts a text and shortens it. */
export function cut(text: string, max: number): string {
  const safe = redactText(text)
  return safe.length <= max ? safe : `${safe.slice(0, max - 1)}…`
}
