import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextBusinessClose } from './business-day'
import { clocksOf } from './clocks'
import type { ClockEvent } from './model'
import { DEFAULT_INCIDENTS_POLICY as policy } from './policy'
import { randomLog } from './testing/logs'
import { naiveBusinessClose, naiveClocks } from './testing/naive-clocks'

const T0 = Date.parse('2026-11-18T02:06:00Z')
const MINUTE = 60_000

type Happening = ClockEvent extends infer Event
  ? Event extends ClockEvent
    ? Omit<Event, 'atMs'>
    : never
  : never
type Said = readonly [minute: number, event: Happening]
const declared = (
  severity: 'P1' | 'P2' | 'P3' | 'P4',
  more: Partial<{ visibility: 'internal' | 'public'; speed: number }> = {},
): Said => [0, { kind: 'declared', severity, visibility: 'internal', speed: 1, ...more }]
const severity = (to: 'P1' | 'P2' | 'P3' | 'P4'): Happening => ({ kind: 'severity', to })
const status = (to: 'investigating' | 'identified' | 'monitoring' | 'resolved'): Happening => ({
  kind: 'status',
  to,
})
const told = (audience: 'public' | 'internal' | 'executive'): Happening => ({
  kind: 'update',
  audience,
  status: 'investigating',
})
const acknowledged: Happening = { kind: 'acknowledged' }
const task: Happening = { kind: 'task', id: 'a', text: 'drain host 8841', owner: 'li', minutes: 10 }
const commander = (handle: string | undefined): Happening => ({ kind: 'role', role: 'commander', handle })

function at(minute: number, said: readonly Said[], startMs = T0) {
  const log = said.map(([minutes, event]) => ({ ...event, atMs: startMs + minutes * MINUTE }) as ClockEvent)
  const clocks = clocksOf(log, policy, startMs + minute * MINUTE)
  return (id: string) => {
    const clock = clocks.find((one) => one.id === id)
    if (clock === undefined) return 'none'
    const size = clock.overMs > 0 ? `${clock.overMs / MINUTE} over` : `${clock.remainingMs / MINUTE} left`
    return `${clock.state} ${size}${clock.paused === undefined ? '' : `, paused: ${clock.paused}`}`
  }
}

describe('named cases', () => {
  const cases: readonly [name: string, id: string, minute: number, said: readonly Said[], answer: string][] =
    [
      [
        'I-CLK-02 a P1 has 15 minutes to its first response',
        'response',
        5,
        [declared('P1')],
        'running 10 left',
      ],
      ['I-CLK-02 it is amber at a quarter left', 'response', 11.25, [declared('P1')], 'amber 3.75 left'],
      ['I-CLK-02 at the limit it still stands', 'response', 15, [declared('P1')], 'amber 0 left'],
      [
        'I-CLK-02 a P1 unanswered after 15 minutes is overdue',
        'response',
        16,
        [declared('P1')],
        'breached 1 over',
      ],
      ['I-CLK-02 a P2 has an hour', 'response', 59, [declared('P2')], 'amber 1 left'],
      ['I-CLK-02 a P3 has four hours', 'response', 0, [declared('P3')], 'running 240 left'],
      [
        'I-CLK-03 an answer in time meets it',
        'response',
        40,
        [declared('P1'), [2, acknowledged]],
        'met 13 left',
      ],
      [
        'I-CLK-03 a late answer says how late it was',
        'response',
        40,
        [declared('P1'), [17, acknowledged]],
        'met 2 over',
      ],
      [
        'I-CLK-03 resolving counts as an answer',
        'response',
        40,
        [declared('P1'), [9, status('resolved')]],
        'met 6 left',
      ],
      [
        'I-CLK-04 raised: measured from the declaration, not from the change',
        'response',
        12,
        [declared('P2'), [10, severity('P1')]],
        'amber 3 left',
      ],
      [
        'I-CLK-04 raised too late to be met: overdue at once',
        'response',
        20,
        [declared('P2'), [20, severity('P1')]],
        'breached 5 over',
      ],
      [
        'I-CLK-05 lowered after a miss stays missed',
        'response',
        30,
        [declared('P1'), [20, severity('P3')]],
        'breached 15 over',
      ],
      [
        'I-CLK-05 lowered in time gets the wider target',
        'response',
        30,
        [declared('P1'), [10, severity('P3')]],
        'running 210 left',
      ],
      [
        'I-CLK-05 raised and lowered in the same moment is a miss all the same',
        'response',
        30,
        [declared('P2'), [20, severity('P1')], [20, severity('P2')]],
        'breached 15 over',
      ],
      [
        'I-CLK-06 a commander within 10 minutes of a P1',
        'commander',
        11,
        [declared('P1')],
        'breached 1 over',
      ],
      ['I-CLK-06 a P3 needs none by the clock', 'commander', 11, [declared('P3')], 'none'],
      [
        'I-CLK-06 hand-over does not reset it',
        'commander',
        90,
        [declared('P1'), [4, commander('ana')], [60, commander('li')]],
        'met 6 left',
      ],
      ['I-CLK-07 an internal incident owes the public nothing', 'first-public', 30, [declared('P1')], 'none'],
      [
        'I-CLK-07 a public P1 owes a post within 10 minutes',
        'first-public',
        11,
        [declared('P1', { visibility: 'public' })],
        'breached 1 over',
      ],
      [
        'I-CLK-07 made public later: counted from then',
        'first-public',
        35,
        [declared('P1'), [30, { kind: 'visibility', to: 'public' }]],
        'running 5 left',
      ],
      [
        'I-CLK-07 made internal again: nothing is owed',
        'first-public',
        35,
        [declared('P1', { visibility: 'public' }), [30, { kind: 'visibility', to: 'internal' }]],
        'none',
      ],
      [
        'I-CLK-07 the post meets it',
        'first-public',
        99,
        [declared('P1', { visibility: 'public' }), [7, told('public')]],
        'met 3 left',
      ],
      [
        'I-CLK-08 a P1 under investigation updates every 15 minutes',
        'update:public',
        19,
        [declared('P1', { visibility: 'public' }), [7, told('public')]],
        'amber 3 left',
      ],
      [
        'I-CLK-08 once identified every 20, from the last update',
        'update:public',
        19,
        [declared('P1', { visibility: 'public' }), [7, told('public')], [10, status('identified')]],
        'running 8 left',
      ],
      [
        'I-CLK-08 a missed update is not undone by a calmer status',
        'update:public',
        27,
        [declared('P1', { visibility: 'public' }), [7, told('public')], [25, status('monitoring')]],
        'breached 5 over',
      ],
      [
        'I-CLK-08 the next update starts anew',
        'update:public',
        27,
        [declared('P1', { visibility: 'public' }), [7, told('public')], [25, told('public')]],
        'running 13 left',
      ],
      [
        'I-CLK-08 internal updates count from the declaration',
        'update:internal',
        10,
        [declared('P2')],
        'running 20 left',
      ],
      [
        'I-CLK-08 a public update informs our own people too',
        'update:internal',
        30,
        [declared('P2'), [20, told('public')]],
        'running 20 left',
      ],
      [
        'I-CLK-09 a P4 owes nothing until its status changes',
        'update:internal',
        90,
        [declared('P4')],
        'none',
      ],
      [
        'I-CLK-09 then within half an hour of the first change nobody told',
        'update:internal',
        40,
        [declared('P4'), [20, status('identified')], [30, status('monitoring')]],
        'running 10 left',
      ],
      [
        'I-CLK-10 executives hear of a P1 every 30 minutes',
        'executive',
        31,
        [declared('P1')],
        'breached 1 over',
      ],
      ['I-CLK-10 and of a P3 not by the clock', 'executive', 31, [declared('P3')], 'none'],
      [
        'I-CLK-11 a task counts from when it was given',
        'task:a',
        25,
        [declared('P1'), [10, task]],
        'breached 5 over',
      ],
      [
        'I-CLK-11 accepting it does not restart it',
        'task:a',
        19,
        [declared('P1'), [10, task], [18, { kind: 'task-acknowledged', id: 'a' }]],
        'amber 1 left',
      ],
      [
        'I-CLK-11 finishing meets it',
        'task:a',
        60,
        [declared('P1'), [10, task], [14, { kind: 'task-finished', id: 'a' }]],
        'met 6 left',
      ],
      [
        'I-CLK-12 a pause stops what may pause',
        'executive',
        40,
        [declared('P1'), [10, { kind: 'paused', reason: 'provider' }]],
        'running 20 left, paused: provider',
      ],
      [
        'I-CLK-12 going on goes on where it stood',
        'executive',
        45,
        [declared('P1'), [10, { kind: 'paused', reason: 'provider' }], [40, { kind: 'resumed' }]],
        'running 15 left',
      ],
      [
        'I-CLK-12 the first response never pauses',
        'response',
        16,
        [declared('P1'), [1, { kind: 'paused', reason: 'provider' }]],
        'breached 1 over',
      ],
      [
        'I-CLK-13 nothing is owed while resolved',
        'executive',
        300,
        [declared('P1'), [20, status('resolved')]],
        'none',
      ],
      [
        'I-CLK-13 reopened: updates count from the reopening',
        'executive',
        310,
        [declared('P1'), [20, status('resolved')], [300, status('investigating')]],
        'running 20 left',
      ],
      [
        'I-CLK-13 reopened: the response stays as it was met',
        'response',
        310,
        [declared('P1'), [2, acknowledged], [20, status('resolved')], [300, status('investigating')]],
        'met 13 left',
      ],
      [
        'I-CLK-13 reopened: a task goes on without the time in between',
        'task:a',
        305,
        [declared('P1'), [10, task], [12, status('resolved')], [300, status('investigating')]],
        'running 3 left',
      ],
      [
        'I-CLK-13 a miss stays on a resolved record',
        'commander',
        300,
        [declared('P1'), [14, status('resolved')]],
        'breached 4 over',
      ],
      [
        'I-CLK-14 a drill at four times the speed has a quarter of the time',
        'response',
        3,
        [declared('P1', { speed: 4 })],
        'amber 0.75 left',
      ],
    ]
  test.each(cases)('%s', (_name, id, minute, said, answer) => {
    expect(at(minute, said)(id)).toBe(answer)
  })
})

test('I-CLK-01 an event from a replica whose clock is behind counts at the time of the one before it', () => {
  const log: ClockEvent[] = [
    { kind: 'declared', severity: 'P1', visibility: 'internal', speed: 1, atMs: T0 },
    { kind: 'acknowledged', atMs: T0 - 4 * MINUTE },
  ]
  const clock = clocksOf(log, policy, T0 - MINUTE).find((one) => one.id === 'response')
  expect(clock).toMatchObject({ state: 'met', metAtMs: T0, remainingMs: 15 * MINUTE, overMs: 0 })
})

test('I-CLK-04 a due time does not move when the severity is raised and lowered back in time', () => {
  const log: ClockEvent[] = [
    { kind: 'declared', severity: 'P2', visibility: 'internal', speed: 1, atMs: T0 },
    { kind: 'severity', to: 'P1', atMs: T0 + MINUTE },
    { kind: 'severity', to: 'P2', atMs: T0 + 2 * MINUTE },
  ]
  expect(clocksOf(log, policy, T0 + 3 * MINUTE).find((one) => one.id === 'response')?.dueAtMs).toBe(
    T0 + 60 * MINUTE,
  )
})

test('an unfilled owner is nobody, and the owner follows the hand-over', () => {
  const ownerAt = (said: readonly Said[]) =>
    clocksOf(
      said.map(([minutes, event]) => ({ ...event, atMs: T0 + minutes * MINUTE }) as ClockEvent),
      policy,
      T0,
    ).find((one) => one.id === 'executive')?.owner
  expect(ownerAt([declared('P1')])).toBeUndefined()
  expect(ownerAt([declared('P1'), [1, commander('ana')], [2, commander('li')]])).toBe('li')
})

describe('I-CLK-15 the next business day', () => {
  const chicago = policy.team
  const utc = { ...policy.team, zone: 'UTC' }
  test.each([
    ['a Wednesday: Thursday 17:00, winter time', chicago, '2026-11-18T15:00:00Z', '2026-11-19T23:00:00Z'],
    [
      'Tuesday evening in Chicago is Wednesday in UTC',
      chicago,
      '2026-11-18T02:06:00Z',
      '2026-11-18T23:00:00Z',
    ],
    ['the same instant for a team in UTC', utc, '2026-11-18T02:06:00Z', '2026-11-19T17:00:00Z'],
    ['a Friday: Monday', chicago, '2026-11-13T18:00:00Z', '2026-11-16T23:00:00Z'],
    ['a Saturday: Monday', chicago, '2026-11-14T18:00:00Z', '2026-11-16T23:00:00Z'],
    ['the eve of Thanksgiving: the Monday after', chicago, '2026-11-25T18:00:00Z', '2026-11-30T23:00:00Z'],
    [
      'over the start of daylight saving: a Friday to a Monday in summer time',
      chicago,
      '2026-03-06T18:00:00Z',
      '2026-03-09T22:00:00Z',
    ],
    [
      'over its end: a Friday to a Monday in winter time',
      chicago,
      '2026-10-30T18:00:00Z',
      '2026-11-02T23:00:00Z',
    ],
    ['over the turn of the year', chicago, '2026-12-31T18:00:00Z', '2027-01-04T23:00:00Z'],
  ])('%s', (_name, team, start, due) => {
    expect(new Date(nextBusinessClose(Date.parse(start), team)).toISOString()).toBe(
      new Date(due).toISOString(),
    )
  })

  test('a closing hour that does not exist that night reads as the one after it', () => {
    const team = { zone: 'America/Chicago', workdays: [7], closesAt: '02:30', holidays: [] }
    expect(new Date(nextBusinessClose(Date.parse('2026-03-07T18:00:00Z'), team)).toISOString()).toBe(
      '2026-03-08T08:30:00.000Z',
    )
  })

  test.each(['America/Chicago', 'UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe'])(
    'in %s it equals a walk through the calendar, from any start of the year',
    (zone) => {
      const team = { ...policy.team, zone }
      fc.assert(
        fc.property(fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }), (start) => {
          expect(nextBusinessClose(start, team)).toBe(naiveBusinessClose(start, team))
        }),
        { numRuns: 300 },
      )
    },
  )
})

test('10,000 random records read the same by a second, naive implementation', () => {
  const key = (one: { readonly id: string }): string => one.id
  fc.assert(
    fc.property(randomLog, ({ log, nowMs }) => {
      const clocks = clocksOf(log, policy, nowMs).map(
        ({ kind: _kind, title: _title, why: _why, ...rest }) => rest,
      )
      const naive = naiveClocks(log, policy, nowMs)
      expect([...clocks].sort((a, b) => key(a).localeCompare(key(b)))).toEqual(
        [...naive].sort((a, b) => key(a).localeCompare(key(b))),
      )
    }),
    { numRuns: 10_000 },
  )
}, 120_000)

test('no clock of any record is ever negative, and restarting in the middle changes nothing', () => {
  fc.assert(
    fc.property(randomLog, ({ log, nowMs }) => {
      const stored = JSON.parse(JSON.stringify(log)) as ClockEvent[]
      const clocks = clocksOf(log, policy, nowMs)
      expect(clocksOf(stored, policy, nowMs)).toEqual(clocks)
      for (const clock of clocks) {
        expect(clock.remainingMs).toBeGreaterThanOrEqual(0)
        expect(clock.overMs).toBeGreaterThanOrEqual(0)
        expect(clock.dueAtMs).toBeGreaterThanOrEqual(clock.startedAtMs)
      }
    }),
    { numRuns: 1_000 },
  )
}, 60_000)
