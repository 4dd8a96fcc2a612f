import { redactText } from '../platform/redact'
import type { Known, Reading, Unknown, UnknownWhy } from './reading'

/** Shape is a JSON object whose fields are not trusted yet. */
export type Shape = Readonly<Record<string, unknown>>

/** FieldContext is the frame of one parsed answer: who said it, when we got it, and the drift list that wrong types are counted in. */
export type FieldContext = {
  readonly source: string
  readonly at: Date
  readonly drift: string[]
  /** path is put before the field's name in the drift list, e.g. `gpus`. */
  readonly path?: string
}

/** NumberField names a numeric field: `scale` multiplies, `isSentinel` judges the raw number, `min`/`max` bound the scaled one. */
export type NumberField = {
  readonly key: string
  readonly unit: string
  readonly scale?: number
  readonly isSentinel?: (raw: number) => boolean
  readonly min?: number
  readonly max?: number
  /** numericText also takes numbers sent as text, as some routes do. */
  readonly numericText?: boolean
}

/** isShape is true for a JSON object, false for arrays and null. */
export function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** shapesIn gives the objects of a JSON array and drops the rest; not an array is an empty list. */
export function shapesIn(value: unknown): readonly Shape[] {
  return Array.isArray(value) ? value.filter(isShape) : []
}

/** known builds a known reading observed at the context's instant. */
export function known<T>(context: Pick<FieldContext, 'source' | 'at'>, value: T, unit: string): Known<T> {
  return { kind: 'known', value, unit, source: context.source, observedAt: context.at }
}

/** unknown builds an unknown reading since the context's instant; it fits every type of reading. */
export function unknown(
  context: Pick<FieldContext, 'source' | 'at'>,
  why: UnknownWhy,
  detail?: string,
): Unknown<never> {
  return {
    kind: 'unknown',
    why,
    source: context.source,
    since: context.at,
    ...(detail === undefined ? {} : { detail }),
  }
}

/** sameUnknown carries an unknown over to a reading of another type; its last value stays behind. */
export function sameUnknown(reading: Unknown<unknown>): Unknown<never> {
  const { last: _last, ...rest } = reading
  return rest
}

/** drifted counts a field of the wrong type and gives its unknown. */
export function drifted(context: FieldContext, key: string, got: unknown): Unknown<never> {
  const name = context.path === undefined ? key : `${context.path}.${key}`
  const entry = `${context.source}.${name}`
  if (!context.drift.includes(entry)) context.drift.push(entry)
  return unknown(context, 'schema_mismatch', `${name} is ${typeWord(got)}`)
}

function typeWord(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** numberReading reads a number; null, absent, wrong type, sentinel and out-of-bounds each become their own unknown. */
export function numberReading(shape: Shape, field: NumberField, context: FieldContext): Reading<number> {
  const { key } = field
  const raw = shape[key]
  const absent = missing(raw, context)
  if (absent) return absent
  const number = field.numericText === true && typeof raw === 'string' ? numberOfText(raw) : raw
  if (typeof number !== 'number') return drifted(context, key, raw)
  if (!Number.isFinite(number)) return unknown(context, 'sentinel', String(number))
  if (field.isSentinel?.(number)) return unknown(context, 'sentinel', String(number))
  const value = field.scale === undefined ? number : number * field.scale
  if ((field.min !== undefined && value < field.min) || (field.max !== undefined && value > field.max))
    return unknown(context, 'sentinel', `${value} ${field.unit} is outside of what can be`)
  return known(context, value, field.unit)
}

function numberOfText(text: string): number | string {
  const trimmed = text.trim()
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : text
}

/** textReading reads a text, trimmed; `empty` (default absent) says what an empty one means. */
export function textReading(
  shape: Shape,
  key: string,
  context: FieldContext,
  empty: UnknownWhy = 'field_absent',
): Reading<string> {
  const raw = shape[key]
  const absent = missing(raw, context)
  if (absent) return absent
  if (typeof raw !== 'string') return drifted(context, key, raw)
  const text = redactText(raw.trim())
  return text === '' ? unknown(context, empty) : known(context, text, '')
}

/** flagReading reads a boolean. */
export function flagReading(shape: Shape, key: string, context: FieldContext): Reading<boolean> {
  const raw = shape[key]
  const absent = missing(raw, context)
  if (absent) return absent
  return typeof raw === 'boolean' ? known(context, raw, '') : drifted(context, key, raw)
}

function missing(raw: unknown, context: FieldContext): Unknown<never> | undefined {
  if (raw === undefined) return unknown(context, 'field_absent')
  if (raw === null) return unknown(context, 'field_null')
  return undefined
}

/** textOf gives a text field trimmed, with what looks like a secret masked, and '' for null, absent or a wrong type (which is counted). */
export function textOf(shape: Shape, key: string, context?: FieldContext): string {
  const raw = shape[key]
  // Labels, messages and descriptions are written by people and programs who paste what they have.
  if (typeof raw === 'string') return redactText(raw.trim())
  if (raw !== undefined && raw !== null && context) drifted(context, key, raw)
  return ''
}

/** numberOf gives a finite number field, and undefined for null, absent or a wrong type (which is counted). */
export function numberOf(shape: Shape, key: string, context?: FieldContext): number | undefined {
  const raw = shape[key]
  if (typeof raw === 'number' && Number.isFinite(raw)) return raw
  if (raw !== undefined && raw !== null && context) drifted(context, key, raw)
  return undefined
}

/** idOf gives an identifier sent as integer or text as text; undefined when there is none. */
export function idOf(shape: Shape, key: string): string | undefined {
  const raw = shape[key]
  if (typeof raw === 'number' && Number.isSafeInteger(raw)) return String(raw)
  return typeof raw === 'string' && raw.trim() !== '' ? raw.trim() : undefined
}

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/

/** instantOf reads an RFC 3339 instant strictly: 30 February, second 60 and the year 1 are undefined, never another day. */
export function instantOf(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined
  const parts = INSTANT.exec(value.trim())
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts.map(Number)
  if (!year || year < 1971 || !month || !day) return undefined
  if ((hour ?? 99) > 23 || (minute ?? 99) > 59 || (second ?? 99) > 59) return undefined
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day || month > 12) return undefined
  const at = new Date(value.trim())
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** epochSecondsOf reads seconds since 1970 as an instant; 0, negatives and nonsense are undefined. */
export function epochSecondsOf(value: unknown): Date | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0 || value > 8.64e12) return undefined
  return new Date(value * 1000)
}
