import { describe, expect, it } from 'vitest'
import { type LintFinding, type LintSubject, lint, mustsOf } from './lint'
import type { TimelineRow } from './model'

const t0214 = Date.UTC(2026, 10, 18, 2, 14)
const gap: TimelineRow = {
  id: 'gap-1',
  kind: 'gap',
  eventAtMs: t0214,
  toMs: t0214 + 300_000,
  receivedAtMs: null,
  source: 'probe',
  sourceName: 'ams',
  by: '',
  text: 'No host readings',
  isKey: false,
  doubt: '',
  link: null,
}
const WRITTEN = ['summary', 'impact', 'causes', 'resolution'] as const
const ITEM = {
  id: 'i1',
  title: 'Keep a spare warm',
  kind: 'prevent',
  owner: 'li',
  dueOn: '2026-12-01',
  doneWhen: 'a drill serves 60 %',
}

function judged(over: Partial<LintSubject>): readonly LintFinding[] {
  const sections = WRITTEN.map((key) => ({ key, body: 'Written.' }))
  return lint({ sections, timeline: [], severity: 'P2', items: [ITEM], ...over })
}

function inCauses(body: string): readonly string[] {
  const sections = WRITTEN.map((key) => ({ key, body: key === 'causes' ? body : 'Written.' }))
  return judged({ sections }).map(({ rule, from, to }) => `${rule} ${body.slice(from, to)}`)
}

describe('lint for learning', () => {
  it.each([
    'It was human error.',
    '@ana forgot to renew the token.',
    'The engineer failed to read the runbook.',
    'This was the fault of an operator.',
    'Bo was careless.',
    'Somebody misconfigured the pool.',
  ])('PM-LNT-01 blame is found: %s', (text) => {
    expect(inCauses(text).some((one) => one.startsWith('blame '))).toBe(true)
  })

  it.each([
    'The request failed to finish.',
    '@ana switched the pool at once.',
    'She wrote “it was my mistake” in the channel.',
    '`human error`',
    '> human error, as the vendor calls it',
    'The error budget is spent.',
    'The fault domain is one host.',
  ])('PM-LNT-01 a plain telling is left alone: %s', (text) => {
    expect(inCauses(text)).toEqual([])
  })

  it.each([
    'The fallback would have been used sooner.',
    'We should have noticed.',
    'It could easily have been avoided.',
    'If only the alert had fired.',
    'They should’ve asked.',
    'It shouldn’t have been merged.',
    'Had the probe been tested, it would be known.',
  ])('PM-LNT-02 a counterfactual is found: %s', (text) => {
    expect(inCauses(text).some((one) => one.startsWith('counterfactual '))).toBe(true)
  })

  it.each(['Each pool should have a spare.', 'We would have to ask.', 'The job could not start.'])(
    'PM-LNT-02 what is to be is no counterfactual: %s',
    (text) => {
      expect(inCauses(text)).toEqual([])
    },
  )

  it('PM-LNT-03 what only looking back makes plain is marked where it stands', () => {
    expect(inCauses('The limit was obviously too low.')).toEqual(['hindsight obviously'])
  })

  it.each([
    ['38 % of requests failed.', 1],
    ['[38 % of requests](/incidents/INC-0001#e3) failed.', 0],
    ['It fired at 02:08Z and 12 jobs ended ([alert](/alerts?x=1)).', 0],
    ['It fired at 02:08:11. Then [this](/x) was seen.', 1],
    ['- 5 GPUs fell off the bus\n- see https://grafana.test/d/1 for 3 hosts', 1],
    ['The pool was empty.', 0],
    ['`sleep 5 minutes`', 0],
  ])('PM-LNT-04 a figure or a time needs something behind it: %j', (text, count) => {
    expect(inCauses(text).filter((one) => one.startsWith('unlinked'))).toHaveLength(count)
  })

  it.each([
    ['', 1],
    ['The prober lost its route at 02:14Z.', 0],
    ['[This gap](#row-gap-1) is the prober’s.', 0],
    ['It was 12:14 by then, build 102:14.', 1],
  ])('PM-LNT-05 a gap is explained by its minute or by a link to it: %j', (body, count) => {
    const sections = [
      ...WRITTEN.map((key) => ({ key, body: 'Written.' })),
      { key: 'timeline' as const, body },
    ]
    const found = judged({ sections, timeline: [gap, { ...gap, id: 'e', kind: 'entry' }] })
    expect(found.filter(({ rule }) => rule === 'gap').map(({ ref, level }) => [ref, level])).toEqual(
      Array.from({ length: count }, () => ['gap-1', 'must']),
    )
  })

  it('PM-LNT-06 summary, impact, causes and resolution must be written', () => {
    expect(judged({ sections: [] }).map(({ rule, section, level }) => `${rule} ${section} ${level}`)).toEqual(
      WRITTEN.map((key) => `empty ${key} must`),
    )
  })

  it.each([
    [{ owner: null }, 'an owner'],
    [{ dueOn: null }, 'a due date'],
    [{ kind: null }, 'a kind'],
    [{ doneWhen: ' ' }, 'a check'],
  ])('PM-LNT-07 an action item lacks %j', (over, words) => {
    const [finding] = judged({ items: [{ ...ITEM, ...over }] })
    expect(finding).toMatchObject({ rule: 'item', level: 'must', ref: 'i1' })
    expect(finding?.why).toContain(words)
  })

  it.each([
    ['P1', 1],
    ['P2', 1],
    ['P3', 0],
  ])('PM-LNT-08 a %s without an action item is asked about', (severity, count) => {
    expect(judged({ items: [], severity })).toHaveLength(count)
  })

  it.each([
    ['The root cause was a full disk.', 1],
    ['The root cause was a full disk.\n\nThe alert on it was silenced.\n\nNobody owned the host.', 0],
  ])('PM-LNT-09 one cause alone is asked about: %j', (text, count) => {
    expect(inCauses(text).filter((one) => one.startsWith('single-cause'))).toHaveLength(count)
  })

  it('PM-LNT-10 words never keep a document from being published; what is missing does', () => {
    const found = judged({
      sections: [{ key: 'causes', body: 'Human error; we should have known at 02:14Z.' }],
    })
    expect(new Set(mustsOf(found).map(({ rule }) => rule))).toEqual(new Set(['empty']))
    expect(new Set(found.map(({ rule }) => rule))).toEqual(
      new Set(['blame', 'counterfactual', 'unlinked', 'empty']),
    )
  })
})
