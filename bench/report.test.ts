import { describe, expect, test } from 'vitest'
import { atLeast, atMost, printed, spreadOf } from './report'

describe('a bar', () => {
  const bar = { id: 'X', figure: 'a figure', limit: 10, unit: 'ms' }

  test.each<[string, number | undefined, boolean]>([
    ['holds at its limit', 10, true],
    ['breaks just above it', 10.001, false],
    ['breaks when nothing was measured', undefined, false],
    ['breaks on a figure that is no number', Number.NaN, false],
    ['breaks on an endless figure', Number.POSITIVE_INFINITY, false],
  ])('at most %s', (_name, value, ok) => {
    expect(atMost({ ...bar, value }).ok).toBe(ok)
  })

  test.each<[string, number | undefined, boolean]>([
    ['holds at its limit', 10, true],
    ['breaks just below it', 9.999, false],
    ['breaks when nothing was measured', undefined, false],
  ])('at least %s', (_name, value, ok) => {
    expect(atLeast({ ...bar, value }).ok).toBe(ok)
  })

  test('breaks when its reference was not measured', () => {
    expect(atMost({ ...bar, value: 1, limit: Number.NaN }).ok).toBe(false)
  })

  test('never prints an unmeasured figure as a number', () => {
    expect(atMost({ ...bar, value: undefined }).value).toBeNull()
  })
})

test('a printed report is one line of JSON that names each bar and its verdict', () => {
  const text = printed({
    name: 'x',
    workload: 'w',
    machine: {
      cores: 1,
      cpu: '',
      memoryGiB: 1,
      kernel: '',
      node: '20',
      chromium: '',
      postgres: '',
      load: [],
    },
    figures: {},
    bars: [atMost({ id: 'A1', figure: 'time', value: 3, limit: 2, unit: 'ms' })],
    ok: false,
  })
  expect(text).not.toContain('\n')
  expect(JSON.parse(text)).toMatchObject({ ok: false, bars: [{ name: 'A1 time', passed: false, ok: false }] })
})

test('the spread of no samples is unknown, not zero', () => {
  expect(spreadOf([])).toEqual({ samples: 0, p50: null, p95: null, p99: null, max: null })
})
