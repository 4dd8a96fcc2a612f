import { expect, test } from 'vitest'
import { sentenceOf } from '@/lib/incidents/words'
import { clockFace } from './incident-clock'
import { recordRows } from './record-rows'
import type { ClockData, EntryData, IncidentData } from './types'

const entry = (seq: number, receivedAtMs: number): EntryData => ({
  seq,
  id: `e${seq}`,
  kind: 'note',
  source: 'human',
  by: 'ana',
  atMs: receivedAtMs,
  receivedAtMs,
  claimed: null,
  doubt: null,
  skewMs: 0,
  body: { text: 'x' },
})
const gap = (fromMs: number): IncidentData['gaps'][number] => ({
  source: 'vast',
  fromMs,
  toMs: undefined,
  reason: 'timeout',
})
const keys = (gaps: readonly IncidentData['gaps'][number][], isWhole: boolean): string =>
  recordRows([entry(3, 300), entry(2, 200), entry(1, 100)], gaps, isWhole)
    .map((row) => row.key)
    .join(' ')

test.each([
  ['between the entries around its beginning', [gap(250)], true, 'e3 gap vast 250 e2 e1'],
  ['above all when it began after the newest', [gap(400)], true, 'gap vast 400 e3 e2 e1'],
  ['below all when it began before the first', [gap(50)], true, 'e3 e2 e1 gap vast 50'],
  ['not at all while older entries are on another page', [gap(50)], false, 'e3 e2 e1'],
  ['newest first among themselves', [gap(210), gap(290)], true, 'e3 gap vast 290 gap vast 210 e2 e1'],
])('a gap stands %s', (_name, gaps, isWhole, expected) => {
  expect(keys(gaps, isWhole)).toBe(expected)
})

const clock = (changes: Partial<ClockData>): ClockData => ({
  id: 'response',
  kind: 'response',
  title: 'First response',
  startedAtMs: 0,
  dueAtMs: 900_000,
  wholeMs: 900_000,
  state: 'running',
  metAtMs: undefined,
  remainingMs: 900_000,
  overMs: 0,
  paused: undefined,
  owner: undefined,
  why: '',
  ...changes,
})

test.each([
  ['runs', clock({}), 60_000, undefined, '14m 00s', 'of 15m'],
  ['is amber at a quarter left', clock({}), 675_000, 'warning', '3m 45s', 'of 15m'],
  ['counts up once it is over, without asking the server', clock({}), 964_000, 'breach', '1m 04s over', ''],
  [
    'met in time says how long it took',
    clock({ state: 'met', metAtMs: 130_000 }),
    5e6,
    'clear',
    '2m 10s',
    'of 15m',
  ],
  [
    'met late stays late',
    clock({ state: 'met', metAtMs: 960_000, overMs: 60_000 }),
    5e6,
    'breach',
    '16m 00s',
    'of 15m, late',
  ],
  [
    'paused stands still',
    clock({ paused: 'provider', remainingMs: 60_000 }),
    5e6,
    'stale',
    '1m 00s',
    'paused',
  ],
])('a clock %s', (_name, one, nowMs, mark, text, detail) => {
  expect(clockFace(one, nowMs)).toMatchObject({ mark, text, detail })
})

test.each([
  ['status', { from: 'identified', to: 'resolved', waiver: 'host is gone' }, 'Resolved, was identified'],
  [
    'status',
    { from: 'resolved', to: 'investigating', reopened: true, reason: '503s again' },
    'Reopened: 503s again',
  ],
  [
    'role',
    { role: 'commander', handle: 'li', was: 'ana', how: 'accepted' },
    'Commander: @li accepted the hand-over from @ana',
  ],
  ['role', { role: 'scribe', handle: null, was: 'bo', how: 'left' }, 'Scribe: no one, @bo left'],
  ['severity', { from: 'P2', to: 'P1' }, 'Severity P1, was P2'],
  ['something newer than this page', {}, 'something newer than this page'],
])('an entry %s reads as a sentence', (kind, body, expected) => {
  const { lead, rest } = sentenceOf(kind, body)
  expect(`${lead}${rest}`).toBe(expected)
})
