import { describe, expect, test } from 'vitest'
import { yearOf } from './calendar'
import { DEFAULT_WINDOWS_POLICY, windowsPolicySchema } from './policy-windows'
import {
  closingsAt,
  latestSafeStart,
  reachOfIncident,
  reachWords,
  spansOf,
  sparedBy,
  type Where,
  windowAt,
} from './windows'

const QUARTER_MS = 15 * 60_000
const where: Where = {
  service: 'asr-api',
  environment: 'production',
  policy: DEFAULT_WINDOWS_POLICY,
  freezes: [],
  incidents: [],
}

/**
 * A second implementation that shares nothing with the first: Chicago by the law's own words (second Sunday of March to
 * first Sunday of November, at 2:00), holidays as a written table, closed days by walking back from the month's end.
 */
const HOLIDAYS = new Set([
  ...['2026-01-01', '2026-01-19', '2026-02-16', '2026-05-25', '2026-06-19', '2026-07-03', '2026-07-04'],
  ...['2026-09-07', '2026-10-12', '2026-11-11', '2026-11-26', '2026-12-25'],
  ...['2027-01-01', '2027-01-18', '2027-02-15', '2027-05-31', '2027-06-18', '2027-06-19', '2027-07-04'],
  ...['2027-07-05', '2027-09-06', '2027-10-11', '2027-11-11', '2027-11-25', '2027-12-24', '2027-12-25'],
  '2027-12-31',
])
const CHANGES: Readonly<Record<number, readonly [number, number]>> = {
  2025: [Date.UTC(2025, 2, 9, 8), Date.UTC(2025, 10, 2, 7)],
  2026: [Date.UTC(2026, 2, 8, 8), Date.UTC(2026, 10, 1, 7)],
  2027: [Date.UTC(2027, 2, 14, 8), Date.UTC(2027, 10, 7, 7)],
}

function naiveIsOpen(atMs: number): boolean {
  const [spring, autumn] = CHANGES[new Date(atMs).getUTCFullYear()] ?? [0, 0]
  const local = new Date(atMs - (atMs >= spring && atMs < autumn ? 5 : 6) * 3_600_000)
  const hour = local.getUTCHours()
  if (![2, 3, 4].includes(local.getUTCDay()) || hour < 10 || hour >= 14) return false
  const text = local.toISOString().slice(0, 10)
  if (HOLIDAYS.has(text)) return false
  const month = local.getUTCMonth()
  let businessDaysAfter = 0
  let daysAfter = 0
  for (const day = new Date(local); ; ) {
    day.setUTCDate(day.getUTCDate() + 1)
    if (day.getUTCMonth() !== month) break
    daysAfter += 1
    const isWeekend = day.getUTCDay() === 0 || day.getUTCDay() === 6
    if (!isWeekend && !HOLIDAYS.has(day.toISOString().slice(0, 10))) businessDaysAfter += 1
  }
  if (businessDaysAfter < 2) return false
  return !([2, 5, 8, 11].includes(month) && daysAfter < 7)
}

describe('windows', () => {
  test.each([2026, 2027])(
    'every quarter of an hour of %i agrees with a second implementation (D-WIN-1)',
    (year) => {
      const wrong: string[] = []
      for (let at = Date.UTC(year, 0, 1, 6); at < Date.UTC(year + 1, 0, 1, 6); at += QUARTER_MS)
        if ((closingsAt(at, where).length === 0) !== naiveIsOpen(at)) wrong.push(new Date(at).toISOString())
      expect(wrong).toEqual([])
    },
  )

  test.each([
    [2026, 135, 540],
    [2027, 134, 536],
  ])('%i has %i open days and %i open hours (D-WIN-2)', (year, days, hours) => {
    const calendar = yearOf(year, where)
    expect({ days: calendar.openDays, hours: calendar.openHours }).toEqual({ days, hours })
  })

  test.each([
    ['10:00 in Chicago in winter', '2026-03-05T16:00:00Z', true],
    ['a minute before it', '2026-03-05T15:59:00Z', false],
    ['10:00 in Chicago in summer', '2026-03-10T15:00:00Z', true],
    ['10:00 before the clocks go back', '2026-10-27T15:00:00Z', true],
    ['10:00 after the clocks went back', '2026-11-03T16:00:00Z', true],
    ['an hour before that', '2026-11-03T15:00:00Z', false],
    ['the end is no longer inside', '2026-03-10T19:00:00Z', false],
    ['Independence Day observed on a Friday', '2026-07-03T16:00:00Z', false],
    ['the day before the last week of a quarter', '2026-09-23T16:00:00Z', true],
    ['its first day', '2026-09-24T16:00:00Z', false],
  ])('%s', (_name, at, isOpen) => {
    expect(closingsAt(Date.parse(at), where).length === 0).toBe(isOpen)
  })

  test('the next opening steps over a freeze, and says what closes next (D-WIN-3)', () => {
    const friday = Date.parse('2026-11-20T18:00:00Z')
    const freeze = {
      id: 'f',
      kind: 'event' as const,
      service: '',
      reason: 'launch of the year',
      startsAtMs: Date.parse('2026-11-24T00:00:00Z'),
      endsAtMs: Date.parse('2026-11-25T17:00:00Z'),
    }
    const standing = windowAt(friday, { ...where, freezes: [freeze] })
    expect(new Date(standing.nextOpenMs ?? 0).toISOString()).toBe('2026-11-25T17:00:00.000Z')
    const open = windowAt(Date.parse('2026-11-25T17:30:00Z'), { ...where, freezes: [freeze] })
    expect(new Date(open.nextCloseMs ?? 0).toISOString()).toBe('2026-11-25T20:00:00.000Z')
    expect(open.nextClosings.map(({ rule }) => rule)).toEqual(['no-window'])
  })

  test('a freeze without an end has no known opening', () => {
    const stop = {
      id: 's',
      kind: 'stop-line' as const,
      service: '',
      reason: 'something is wrong',
      startsAtMs: 0,
      endsAtMs: undefined,
    }
    const standing = windowAt(Date.parse('2026-11-18T17:00:00Z'), { ...where, freezes: [stop] })
    expect(standing.closings.map(({ kind }) => kind)).toEqual(['stop-line'])
    expect(standing.nextOpenMs).toBeUndefined()
  })

  test('an open incident freezes what it touches and nothing else, and staging not at all (D-WIN-5)', () => {
    const at = Date.parse('2026-11-18T17:00:00Z')
    const incident = {
      number: 7,
      severity: 'P1',
      title: 'Key revoked',
      services: ['asr-api'],
      names: ['API'],
      openedAtMs: 0,
    }
    const kinds = (over: Partial<Where>) =>
      closingsAt(at, { ...where, incidents: [incident], ...over }).map(({ kind }) => kind)
    expect(kinds({})).toEqual(['incident'])
    expect(kinds({ service: 'other' })).toEqual([])
    expect(kinds({ incidents: [{ ...incident, services: [] }], service: 'other' })).toEqual(['incident'])
    expect(kinds({ incidents: [{ ...incident, severity: 'P3' }] })).toEqual([])
    expect(kinds({ environment: 'staging' })).toEqual([])
  })

  test('an incident freezes who carries what it names; all where it names nothing that anybody carries (D-WIN-7)', () => {
    const services = [
      { id: 'asr-api', components: ['API'] },
      { id: 'search', components: ['Search and chat', 'API'] },
      { id: 'workers', components: [] },
    ]
    const cases: readonly (readonly [readonly string[], readonly string[], string])[] = [
      [[], [], 'It names no component of the status page: every service is frozen.'],
      [['Website'], [], 'It names Website, which no service carries: every service is frozen.'],
      [['api '], ['asr-api', 'search'], 'asr-api, search are frozen, and nothing else.'],
      [['Search and chat', 'Website'], ['search'], 'search is frozen, and nothing else.'],
    ]
    for (const [names, reach, words] of cases) {
      expect(reachOfIncident(names, services)).toEqual(reach)
      const incident = { number: 7, severity: 'P1', title: 'x', services: reach, names, openedAtMs: 0 }
      expect(reachWords(incident)).toContain(words)
      const spared = sparedBy({ ...where, service: 'workers', incidents: [incident] })
      expect(spared).toHaveLength(reach.length === 0 ? 0 : 1)
    }
  })

  test('production that no rule allows is closed (D-WIN-4)', () => {
    const policy = windowsPolicySchema.parse({ rules: [] })
    const standing = windowAt(Date.parse('2026-11-18T17:00:00Z'), { ...where, policy })
    expect(standing).toMatchObject({ isOpen: false, nextOpenMs: undefined })
    expect(standing.closings.map(({ rule }) => rule)).toEqual(['no-window'])
  })

  test('a window over a change of clocks ends where its minutes end, and spans join without gaps', () => {
    const policy = windowsPolicySchema.parse({
      rules: [
        {
          id: 'night',
          kind: 'allow',
          when: { type: 'weekly', days: [7], from: '01:30', to: '02:30' },
          reason: 'night',
        },
      ],
    })
    const day = (text: string) => {
      const from = Date.parse(text)
      const spans = spansOf(from, from + 86_400_000, { ...where, policy })
      expect(spans.every((span, at) => at === 0 || span.fromMs === spans[at - 1]?.toMs)).toBe(true)
      return spans
        .filter(({ closings }) => closings.length === 0)
        .map(({ fromMs, toMs }) => [new Date(fromMs).toISOString(), (toMs - fromMs) / 60_000])
    }
    expect(day('2026-03-08T06:00:00Z')).toEqual([['2026-03-08T07:30:00.000Z', 30]])
    expect(day('2026-11-01T05:00:00Z')).toEqual([
      ['2026-11-01T06:30:00.000Z', 30],
      ['2026-11-01T07:30:00.000Z', 60],
    ])
  })

  test('45 minutes of plan and way back before 14:00 start at 13:15 at the latest (D-WIN-6)', () => {
    const closeMs = Date.parse('2026-11-18T20:00:00Z')
    const latest = latestSafeStart({ closeMs, plannedMinutes: 40, rollbackSeconds: 300 })
    expect(new Date(latest).toISOString()).toBe('2026-11-18T19:15:00.000Z')
  })
})
