import { describe, expect, it } from 'vitest'
import { burnDown, type Course } from './burn-down'
import { issueLinkOf } from './issue-link'
import { isDay, isOverdue, missingOf } from './model'
import { naggedOf, type Step, stepDue } from './nags'
import { nagLetter, slackText } from './words'

const at = (text: string): number => Date.parse(`${text}Z`)
const day = '2026-11-20'

describe('what an item says', () => {
  it.each([
    [{ kind: null, ownerId: null, dueOn: null, doneWhen: ' ' }, ['kind', 'owner', 'due date', 'done-when']],
    [{ kind: 'detect', ownerId: 'p', dueOn: day, doneWhen: 'the alert fires' }, []],
    [{ kind: 'prevent', ownerId: null, dueOn: day, doneWhen: 'x' }, ['owner']],
  ] as const)('A-ITM-1: what is missing is named (%#)', (item, missing) => {
    expect(missingOf(item)).toEqual(missing)
  })

  it.each([
    ['open', '2026-11-20T23:59:59.999', false],
    ['open', '2026-11-21T00:00:00.000', true],
    ['done', '2026-12-21T00:00:00.000', false],
  ] as const)('A-ITM-2: %s at %s', (state, now, overdue) => {
    expect(isOverdue({ state, dueOn: day }, at(now))).toBe(overdue)
  })

  it.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['2026-13-01', false],
    ['1999-01-01', false],
    ['tomorrow', false],
  ])('%s is a day: %s', (text, is) => {
    expect(isDay(text)).toBe(is)
  })

  it.each([
    ['https://github.com/northlight/serving/issues/42', 'github', 'northlight/serving#42'],
    ['https://github.example.com/a/b/pull/7', 'github', 'a/b#7'],
    ['https://northlight.atlassian.net/browse/OPS-17', 'jira', 'OPS-17'],
    ['https://tracker.example/x', 'other', 'tracker.example'],
  ])('%s is called as its system does', (text, system, label) => {
    expect(issueLinkOf(text)).toMatchObject({ system, label })
  })

  it.each(['javascript:alert(1)', 'http://github.com/a/b/issues/1', 'https://u:p@host/x', 'github.com/a'])(
    '%s is no issue',
    (text) => {
      expect(issueLinkOf(text)).toBeUndefined()
    },
  )
})

describe('reminders', () => {
  const long = at('2026-11-01T00:00:00')
  it.each([
    ['2026-11-18T07:59:59', long, undefined],
    ['2026-11-18T08:00:00', long, 'before'],
    ['2026-11-20T07:59:59', long, 'before'],
    ['2026-11-20T08:00:00', long, 'due'],
    ['2026-11-27T07:59:59', long, 'due'],
    ['2026-11-27T08:00:00', long, 'week-1'],
    ['2026-12-18T09:00:00', long, 'week-4'],
  ] as const)('A-NAG-1: at %s', (now, setAtMs, step) => {
    expect(stepDue({ dueOn: day, setAtMs }, at(now))).toBe(step)
  })

  it.each([
    ['2026-11-19T10:00:00', '2026-11-19T12:00:00', undefined],
    ['2026-11-19T10:00:00', '2026-11-20T08:00:00', 'due'],
    ['2026-11-20T10:00:00', '2026-11-21T08:00:00', undefined],
    ['2026-11-20T10:00:00', '2026-11-27T08:00:00', 'week-1'],
  ] as const)('A-NAG-5: set at %s, looked at %s', (set, now, step) => {
    expect(stepDue({ dueOn: day, setAtMs: at(set) }, at(now))).toBe(step)
  })

  const people = [
    { id: 'owner', isManager: false, isDisabled: false },
    { id: 'boss', isManager: true, isDisabled: false },
    { id: 'gone', isManager: true, isDisabled: true },
  ]
  it.each([
    ['before', 'owner', ['owner']],
    ['due', 'owner', ['owner']],
    ['week-1', 'owner', ['owner', 'boss']],
    ['due', null, ['boss']],
    ['before', 'gone', ['boss']],
    ['week-2', 'boss', ['boss']],
  ] as const)('A-NAG-3: %s of %s', (step, ownerId, whom) => {
    expect(naggedOf(step as Step, ownerId, people)).toEqual(whom)
  })

  const about = {
    number: 7,
    title: 'Alert on <queue> age & depth',
    dueOn: day,
    doneWhen: 'the drill fires it',
    incident: 'INC-0142',
    owner: 'ana',
    href: 'https://console.example/postmortems/actions?item=7',
    nowMs: at('2026-11-18T08:00:00'),
  }

  it('a channel reads no markup of a title', () => {
    const text = slackText({ ...about, nowMs: at('2026-11-27T08:00:00') }, [
      { handle: 'ana', slackUser: 'U1' },
    ])
    expect(text).toBe(
      '<@U1> <https://console.example/postmortems/actions?item=7|AI-0007> is 7 days overdue, from INC-0142: Alert on &lt;queue&gt; age &amp; depth',
    )
  })

  it('a mail says the same in text and in HTML, escaped', () => {
    const letter = nagLetter(about)
    expect(letter.subject).toBe('[Due in 2 days] AI-0007 Alert on <queue> age & depth')
    expect(letter.text).toContain('Done when: the drill fires it')
    expect(letter.html).toContain('Alert on &lt;queue&gt; age &amp; depth')
    expect(letter.html).not.toContain('<queue>')
  })
})

describe('burn-down', () => {
  const courses: readonly Course[] = [
    [
      { atMs: at('2026-11-16T10:00:00'), state: 'open', dueOn: '2026-11-17' },
      { atMs: at('2026-11-18T10:00:00'), state: 'open', dueOn: '2026-11-30' },
      { atMs: at('2026-11-19T10:00:00'), state: 'done', dueOn: '2026-11-30' },
    ],
    [
      { atMs: at('2026-11-10T10:00:00'), state: 'open', dueOn: null },
      { atMs: at('2026-11-17T10:00:00'), state: 'dropped', dueOn: null },
      { atMs: at('2026-11-19T11:00:00'), state: 'open', dueOn: null },
    ],
    [{ atMs: at('2026-11-19T10:00:00'), state: 'open', dueOn: '2026-11-10' }],
  ]

  it('A-BRN-1: a moved date counts as it was, and what is open again is open', () => {
    expect(burnDown(courses, 4, at('2026-11-19T12:00:00'))).toEqual([
      { day: '2026-11-16', open: 2, overdue: 0, added: 1, done: 0, dropped: 0 },
      { day: '2026-11-17', open: 1, overdue: 0, added: 0, done: 0, dropped: 1 },
      { day: '2026-11-18', open: 1, overdue: 0, added: 0, done: 0, dropped: 0 },
      { day: '2026-11-19', open: 2, overdue: 1, added: 1, done: 1, dropped: 0 },
    ])
  })
})
