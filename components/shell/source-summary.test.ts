import { describe, expect, test } from 'vitest'
import type { SourceRow } from '@/lib/health/wire'
import { sourceSummary, tickLook } from './source-summary'

const NOW = Date.parse('2026-11-18T02:29:41Z')
const row = (id: string, state: SourceRow['state'], agoSeconds: number | undefined): SourceRow => ({
  id,
  kind: 'vast',
  title: id,
  state,
  okAt: agoSeconds === undefined ? 0 : NOW / 1000 - agoSeconds,
  triedAt: NOW / 1000,
  failures: 0,
  detail: '',
  intervalMs: 10_000,
})
const words = (rows: readonly SourceRow[]) => sourceSummary(rows, NOW).map((part) => part.text)

describe('the sources in words', () => {
  test('are quiet when all are live', () => {
    expect(words([row('a', 'live', 2), row('b', 'live', 3)])).toEqual(['2 sources: 2 live'])
  })
  test('name each trouble with the age of the oldest silence', () => {
    expect(
      words([row('a', 'live', 2), row('b', 'late', 41), row('c', 'silent', 1020), row('d', 'silent', 90)]),
    ).toEqual(['4 sources: 1 live', '1 late 41 s', '2 silent 17 m'])
  })
  test('give no age to one that never answered', () => {
    expect(words([row('a', 'waiting', undefined)])).toEqual(['1 source: 0 live', '1 waiting'])
  })
  test('never count one that nobody connected as live', () => {
    expect(words([row('a', 'off', undefined)])).toEqual(['no source connected'])
  })
})

test('only a live source has a tall tick', () => {
  expect(
    (['live', 'late', 'limited', 'silent', 'refused', 'waiting', 'off'] as const).filter(
      (state) => tickLook(state) === 'live',
    ),
  ).toEqual(['live'])
})
