import { describe, expect, test } from 'vitest'
import { claimOf, skewMsOf } from './claims'
import { gapsOf, type SourceChange } from './gaps'
import type { ClockEvent } from './model'
import { obligationsOf } from './obligations'
import { DEFAULT_INCIDENTS_POLICY as policy } from './policy'

const T0 = Date.parse('2026-11-18T02:06:00Z')
const MINUTE = 60_000

describe('I-OBL what is owed', () => {
  const p1: ClockEvent = { kind: 'declared', severity: 'P1', visibility: 'public', speed: 1, atMs: T0 }
  const owed = (minute: number, ...log: readonly ClockEvent[]) =>
    obligationsOf([p1, ...log], policy, T0 + minute * MINUTE).map(
      ({ id, owner, isOverdue }) => `${id} ${owner ?? 'no one'}${isOverdue ? ' overdue' : ''}`,
    )
  const at = (minute: number): { readonly atMs: number } => ({ atMs: T0 + minute * MINUTE })

  test('I-OBL-01 a fresh public P1 owes an answer, its roles, customers and executives, next due first', () => {
    expect(owed(1)).toEqual([
      'first-public no one',
      'role:commander no one',
      'response no one',
      'role:communications no one',
      'role:scribe no one',
      'executive no one',
    ])
  })
  test('I-OBL-02 an offered hand-over is owed by whom it was offered to, until it is accepted or withdrawn', () => {
    const offered: ClockEvent = { kind: 'offered', role: 'commander', handle: 'li', ...at(2) }
    const seated: ClockEvent = { kind: 'role', role: 'commander', handle: 'ana', ...at(1) }
    expect(owed(8, seated, offered)).toContain('handover:commander li overdue')
    expect(owed(8, seated, offered, { kind: 'withdrawn', role: 'commander', ...at(3) }).join()).not.toContain(
      'handover',
    )
    expect(
      owed(8, seated, offered, { kind: 'role', role: 'commander', handle: 'li', ...at(3) }).join(),
    ).not.toContain('handover')
  })
  test('I-OBL-03 a public notice stays open after resolving until customers are told that it is over', () => {
    const told = (status: 'investigating' | 'resolved', minute: number): ClockEvent => ({
      kind: 'update',
      audience: 'public',
      status,
      ...at(minute),
    })
    const resolved: ClockEvent = { kind: 'status', to: 'resolved', ...at(20) }
    expect(owed(30, told('investigating', 5), resolved)).toEqual(['notice no one'])
    expect(owed(51, told('investigating', 5), resolved)).toEqual(['notice no one overdue'])
    expect(owed(51, told('investigating', 5), resolved, told('resolved', 40))).toEqual([])
  })
  test('I-OBL-04 a task that a waiver left open is still its owner’s', () => {
    const task: ClockEvent = { kind: 'task', id: 'a', text: 'drain', owner: 'li', minutes: 5, ...at(1) }
    expect(owed(90, task, { kind: 'status', to: 'resolved', ...at(3) })).toEqual(['task:a li'])
  })
})

describe('I-REC claimed times', () => {
  test.each([
    ['nothing claimed', undefined, 0, undefined],
    ['a believable past', '2026-11-18T02:00:00Z', -6 * MINUTE, undefined],
    ['with an offset', '2026-11-18T03:00:00+01:00', -6 * MINUTE, undefined],
    ['a clock two minutes ahead', '2026-11-18T02:08:00Z', 2 * MINUTE, undefined],
    ['the future', '2026-11-18T02:08:00.001Z', 0, 'future'],
    ['the year 1', '0001-01-01T00:00:00Z', 0, 'ancient'],
    ['a day that does not exist', '2026-02-30T00:00:00Z', 0, 'unreadable'],
    ['words', 'just now', 0, 'unreadable'],
  ])('I-REC-03 %s is kept as given and judged', (_name, raw, offsetMs, doubt) => {
    expect(claimOf(raw, T0)).toEqual({ raw, occurredAtMs: T0 + offsetMs, doubt })
  })
  test('I-REC-04 skew is shown beyond two minutes', () => {
    expect(skewMsOf(T0 - 2 * MINUTE, T0)).toBe(0)
    expect(skewMsOf(T0 - 2 * MINUTE - 1, T0)).toBe(2 * MINUTE + 1)
    expect(skewMsOf(T0 + MINUTE, T0)).toBe(0)
  })
})

describe('I-REC-05 gaps', () => {
  const change = (minute: number, source: string, after: string): SourceChange => ({
    atMs: T0 + minute * MINUTE,
    source,
    after,
    reason: 'timeout',
  })
  const gaps = (...changes: readonly SourceChange[]) =>
    gapsOf({ changes, fromMs: T0, toMs: T0 + 60 * MINUTE }).map(
      ({ source, fromMs, toMs }) =>
        `${source} ${(fromMs - T0) / MINUTE}–${toMs === undefined ? 'now' : (toMs - T0) / MINUTE}`,
    )
  test.each([
    ['a silence with an end', [change(5, 'vast', 'unknown'), change(9, 'vast', 'clear')], ['vast 5–9']],
    ['late is not silent', [change(5, 'vast', 'stale')], []],
    [
      'silent before the window: from its beginning',
      [change(-9, 'vast', 'unknown'), change(3, 'vast', 'clear')],
      ['vast 0–3'],
    ],
    ['over before the window', [change(-9, 'vast', 'unknown'), change(-3, 'vast', 'clear')], []],
    ['silent still', [change(5, 'vast', 'unknown')], ['vast 5–now']],
    [
      'two sources overlap and stay apart',
      [
        change(5, 'vast', 'unknown'),
        change(6, 'dcgm', 'unknown'),
        change(7, 'vast', 'clear'),
        change(8, 'dcgm', 'stale'),
      ],
      ['vast 5–7', 'dcgm 6–8'],
    ],
    [
      'refused after silent is one gap',
      [change(5, 'vast', 'unknown'), change(7, 'vast', 'unknown'), change(9, 'vast', 'clear')],
      ['vast 5–9'],
    ],
    ['after the window', [change(61, 'vast', 'unknown')], []],
  ])('%s', (_name, changes, expected) => {
    expect(gaps(...changes)).toEqual(expected)
  })
})
