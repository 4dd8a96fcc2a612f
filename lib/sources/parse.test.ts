import { describe, expect, it } from 'vitest'
import {
  epochSecondsOf,
  type FieldContext,
  flagReading,
  idOf,
  instantOf,
  numberReading,
  textReading,
} from './parse'

const t0 = new Date('2026-11-21T10:00:00Z')
const frame = (): FieldContext => ({ source: 's', at: t0, drift: [] })
const brief = (reading: { kind: string; value?: unknown; why?: string }): unknown =>
  reading.kind === 'known' ? reading.value : reading.why

describe('a number', () => {
  it.each<[string, unknown, unknown, number]>([
    ['zero is zero', 0, 0, 0],
    ['null is field_null', null, 'field_null', 0],
    ['absent is field_absent', undefined, 'field_absent', 0],
    ['text is drift', '5', 'schema_mismatch', 1],
    ['a list is drift', [5], 'schema_mismatch', 1],
    ['true is drift', true, 'schema_mismatch', 1],
    ['NaN is a placeholder', Number.NaN, 'sentinel', 0],
    ['infinity is a placeholder', Number.POSITIVE_INFINITY, 'sentinel', 0],
    ['its sentinel is a placeholder', -1, 'sentinel', 0],
    ['above its bound can not be', 101, 'sentinel', 0],
  ])('%s', (_name, raw, expected, drifts) => {
    const context = frame()
    const reading = numberReading(
      { x: raw },
      { key: 'x', unit: '%', isSentinel: (value) => value === -1, max: 100 },
      context,
    )
    expect(brief(reading)).toBe(expected)
    expect(context.drift).toHaveLength(drifts)
  })

  it.each([
    ['12', 12],
    [' 1.5 ', 1.5],
    ['1e3', 1000],
    ['-3', -3],
    ['0x10', 'schema_mismatch'],
    ['', 'schema_mismatch'],
    ['12 GB', 'schema_mismatch'],
  ])('as text %j is %s where text is allowed', (raw, expected) => {
    expect(brief(numberReading({ x: raw }, { key: 'x', unit: '', numericText: true }, frame()))).toBe(
      expected,
    )
  })

  it('is counted once by field, with its path', () => {
    const context = { ...frame(), path: 'gpus' }
    numberReading({ x: 'a' }, { key: 'x', unit: '' }, context)
    numberReading({ x: 'b' }, { key: 'x', unit: '' }, context)
    expect(context.drift).toEqual(['s.gpus.x'])
  })
})

it.each([
  [' a ', 'a'],
  ['', 'field_absent'],
  [null, 'field_null'],
  [5, 'schema_mismatch'],
])('a text of %j reads %s', (raw, expected) => {
  expect(brief(textReading({ x: raw }, 'x', frame()))).toBe(expected)
})

it.each([
  [true, true],
  [false, false],
  [0, 'schema_mismatch'],
  ['true', 'schema_mismatch'],
  [null, 'field_null'],
])('a flag of %j reads %s', (raw, expected) => {
  expect(brief(flagReading({ x: raw }, 'x', frame()))).toBe(expected)
})

it.each([
  [5, '5'],
  ['abc', 'abc'],
  [' ', undefined],
  [1.5, undefined],
  [null, undefined],
  [Number.NaN, undefined],
])('an id of %j is %s', (raw, expected) => {
  expect(idOf({ id: raw }, 'id')).toBe(expected)
})

describe('an instant', () => {
  it.each([
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-12-31T23:59:60Z',
    '0001-01-01T00:00:00Z',
    '2026-01-01',
    '2026-01-01 00:00:00',
    '2026-01-01T00:00:00',
    'yesterday',
    '',
    null,
    0,
  ])('of %j is none', (text) => {
    expect(instantOf(text)).toBeUndefined()
  })

  it.each([
    ['2026-11-21T09:03:01.383301067Z', '2026-11-21T09:03:01.383Z'],
    ['2026-11-21T03:29:03-06:00', '2026-11-21T09:29:03.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('of %s is %s', (text, expected) => {
    expect(instantOf(text)?.toISOString()).toBe(expected)
  })

  it.each([
    [1_790_000_000.1, true],
    [0, false],
    [-1, false],
    [Number.NaN, false],
    ['1790000000', false],
    [1e20, false],
  ])('of %s seconds exists: %s', (seconds, expected) => {
    expect(epochSecondsOf(seconds) !== undefined).toBe(expected)
  })
})
