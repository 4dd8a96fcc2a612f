import { describe, expect, it } from 'vitest'
import { alertsPolicySchema } from './policy'
import type { ListedAlert, RuleAlert } from './ports'
import { type Plan, planReconcile, type StoredEpisode } from './reconcile'
import { matchRules } from './rule-match'

const policy = alertsPolicySchema.parse({})
const now = new Date('2026-11-18T02:30:00Z')
const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1_000)

function listed(fingerprint: string, changes: Partial<ListedAlert> = {}): ListedAlert {
  return {
    fingerprint,
    labels: { alertname: 'GpuHot', gpu: fingerprint, cluster: 'east' },
    annotations: {},
    startsAt: at(-600).toISOString(),
    generatorUrl: '',
    state: 'active',
    silencedBy: [],
    inhibitedBy: [],
    ...changes,
  }
}

function stored(fingerprint: string, changes: Partial<StoredEpisode> = {}): StoredEpisode {
  return {
    id: `id-${fingerprint}`,
    fingerprint,
    startsAt: at(-600),
    status: 'firing',
    labels: { alertname: 'GpuHot', gpu: fingerprint, cluster: 'east' },
    firstSeenAt: at(-600),
    lastSeenAt: at(-600),
    resolvedAt: undefined,
    seen: 1,
    missingSince: undefined,
    silencedBy: [],
    inhibited: false,
    promState: '',
    ...changes,
  }
}

function plan(
  list: readonly ListedAlert[],
  episodes: readonly StoredEpisode[],
  rest: { readonly rules?: readonly RuleAlert[]; readonly sourceStartedAt?: Date } = {},
): Plan {
  return planReconcile({
    listed: list,
    stored: episodes,
    rules: rest.rules,
    polledAt: now,
    sourceStartedAt: rest.sourceStartedAt,
    policy,
  })
}

describe('a poll of the alert source', () => {
  it('A-REC-02 brings what is listed and not stored, and changes nothing of what is known', () => {
    const { appear, reopen, close, marks } = plan([listed('a'), listed('b')], [stored('a')])
    expect(appear.map((message) => [message.fingerprint, message.via])).toEqual([['b', 'poll']])
    expect({ reopen, close, marks }).toEqual({ reopen: [], close: [], marks: [] })
  })

  it('A-REC-04 what a poll misses is marked first, closed only after the wait', () => {
    const first = plan([], [stored('a')])
    expect(first.close).toEqual([])
    expect(first.marks).toMatchObject([{ id: 'id-a', missingSince: now }])
    expect(plan([], [stored('a', { missingSince: at(-119) })]).close).toEqual([])
    expect(plan([], [stored('a', { missingSince: at(-120) })]).close).toEqual(['id-a'])
    expect(plan([listed('a')], [stored('a', { missingSince: at(-119) })]).marks).toMatchObject([
      { id: 'id-a', missingSince: undefined },
    ])
  })

  it('A-REC-05 an empty list after a restart of the source closes nothing until it had time to fill', () => {
    const missing = stored('a', { missingSince: at(-200) })
    expect(plan([], [missing], { sourceStartedAt: at(-250) }).close).toEqual([])
    expect(plan([], [missing], { sourceStartedAt: at(-301) }).close).toEqual(['id-a'])
  })

  it('A-REC-05 what was delivered a moment ago is not closed by an older absence', () => {
    expect(plan([], [stored('a', { missingSince: at(-500), lastSeenAt: at(-5) })]).close).toEqual([])
  })

  it('A-REC-06 a closed episode that is listed again is opened again, unless it ended a moment ago', () => {
    const ended = (seconds: number) => stored('a', { status: 'resolved', resolvedAt: at(seconds) })
    expect(plan([listed('a')], [ended(-61)]).reopen).toEqual(['id-a'])
    expect(plan([listed('a')], [ended(-59)])).toMatchObject({ reopen: [], appear: [] })
  })

  it('A-REC-03 silences and inhibitions are written once, when they change', () => {
    const quiet = listed('a', { state: 'suppressed', silencedBy: ['s2', 's1'], inhibitedBy: ['x'] })
    const { marks } = plan([quiet], [stored('a')])
    expect(marks).toMatchObject([{ silencedBy: ['s1', 's2'], inhibited: true }])
    expect(plan([quiet], [stored('a', { silencedBy: ['s1', 's2'], inhibited: true })]).marks).toEqual([])
  })

  it('A-REC-07 alerts without a delivery count as undelivered after the grace, silenced ones never', () => {
    const polled = { seen: 0, firstSeenAt: at(-120) }
    expect(plan([listed('a')], [stored('a', polled)]).undelivered).toBe(1)
    expect(plan([listed('a')], [stored('a', { ...polled, firstSeenAt: at(-119) })]).undelivered).toBe(0)
    expect(plan([listed('a', { silencedBy: ['s'] })], [stored('a', polled)]).undelivered).toBe(0)
  })

  it('A-REC-08 Prometheus is compared by labels, with its external labels left aside', () => {
    const rule = (gpu: string, state: RuleAlert['state']): RuleAlert => ({
      name: 'GpuHot',
      state,
      labels: { alertname: 'GpuHot', gpu },
    })
    const rules = [rule('a', 'firing'), rule('b', 'pending'), rule('z', 'firing')]
    const result = plan([listed('a'), listed('b'), listed('c')], [stored('a'), stored('b'), stored('c')], {
      rules,
    })
    expect(result.marks.map((mark) => mark.promState)).toEqual(['firing', 'pending', 'absent'])
    expect(result.disagreeing).toEqual(['c'])
    expect(result.onlyAtRules).toBe(1)
    expect(plan([listed('c')], [stored('c')]).disagreeing).toEqual([])
  })

  it('A-REC-08 ten thousand alerts of one rule are compared by a look-up each', () => {
    const labels = Array.from({ length: 10_000 }, (_, gpu) => ({
      alertname: 'GpuHot',
      gpu: String(gpu),
      cluster: 'x',
    }))
    const rules = labels.map(({ gpu }) => ({
      name: 'GpuHot',
      state: 'firing' as const,
      labels: { alertname: 'GpuHot', gpu },
    }))
    const { states, onlyAtRules } = matchRules(labels, rules)
    expect(states.every((state) => state === 'firing')).toBe(true)
    expect(onlyAtRules).toBe(0)
  })

  it('A-REC-09 an entry that can not be read is counted and costs no other', () => {
    const broken = listed('b', { startsAt: 'yesterday' })
    expect(plan([listed('a'), broken], [])).toMatchObject({ unreadable: 1, appear: [{ fingerprint: 'a' }] })
  })
})
