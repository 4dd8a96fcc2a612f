import { describe, expect, it, test } from 'vitest'
import { chipAt, cutOf, type FactFace, facesIn, offeredFaces, placeOf, segmentsOf } from './fact-text'
import type { Audience, Facts } from './model'
import { factsWith, messageWith, T0 } from './testing/examples'

const around = (audience: Audience, facts: Facts = factsWith(), nowMs = T0.getTime()) => ({
  message: messageWith({ audience }),
  facts,
  nowMs,
})
const one = (text: string, ...rest: Parameters<typeof around>): FactFace | undefined =>
  facesIn(text, around(...rest))[0]

test.each([
  '',
  'Nothing but words.',
  '{{error_rate}}',
  'About {{error_rate}} fail, {{ error_rate }} of all.\n\n{{nobody_knows}}{{status}}\n',
  '{{ {{error_rate}} }} {{broken',
])('segments joined are the text again, to the letter: %j', (text) => {
  const segments = segmentsOf(text)
  expect(segments.map((it) => it.text).join('')).toBe(text)
  for (const { from, text: part } of segments) expect(text.slice(from, from + part.length)).toBe(part)
})

test('words and chips are told apart', () => {
  expect(segmentsOf('About {{ error_rate }} fail.').map(({ id, from }) => [id, from])).toEqual([
    [null, 0],
    ['error_rate', 6],
    [null, 22],
  ])
})

describe('the face of a fact in a text', () => {
  it('has the value as readers see it, its source and when it was read', () => {
    expect(one('{{error_rate}}', 'public')).toEqual({
      id: 'error_rate',
      label: 'failing',
      state: 'fresh',
      value: '38%',
      readAtMs: T0.getTime() - 10_000,
      source: 'example',
    })
  })

  it('is stale once the linter would say so, and keeps its value', () => {
    const later = T0.getTime() + 2 * 60_000
    expect(one('{{error_rate}}', 'public', factsWith(), later)).toMatchObject({
      state: 'stale',
      value: '38%',
    })
    expect(one('{{started_at}}', 'public', factsWith(), later)).toMatchObject({ state: 'fresh' })
    const { error_rate, ...rest } = factsWith()
    const never = error_rate && { ...rest, error_rate: { ...error_rate, asOf: 'yesterday' } }
    expect(one('{{error_rate}}', 'public', never)).toMatchObject({ state: 'stale', readAtMs: null })
  })

  it('is unknown without a value, without a reading and in another unit than its own', () => {
    expect(one('{{error_rate}}', 'public', factsWith({ error_rate: null }))).toMatchObject({
      state: 'unknown',
      value: null,
    })
    expect(one('{{error_rate}}', 'public', {})).toMatchObject({ state: 'unknown', source: 'no source' })
    expect(one('{{error_rate}}', 'public', factsWith({ error_rate: 'many' }))?.state).toBe('unknown')
  })

  it('follows from the choices where the message itself says it', () => {
    expect(one('{{next_update}}', 'public')).toMatchObject({
      state: 'chosen',
      value: '02:50 UTC',
      readAtMs: null,
    })
  })

  it('is not for customers where customers read, and is for our own people', () => {
    expect(one('{{cause}}', 'public')?.state).toBe('internal')
    expect(one('{{cause}}', 'internal')?.state).toBe('fresh')
    expect(one('{{severity}}', 'public')?.state).toBe('internal')
    const { region, ...rest } = factsWith()
    const hidden = region && { ...rest, region: { ...region, isPublic: false } }
    expect(one('{{region}}', 'public', hidden)?.state).toBe('internal')
  })

  it('is nameless where no fact has that name', () => {
    expect(one('{{moon_phase}}', 'public')).toMatchObject({ state: 'nameless', label: 'moon_phase' })
  })

  it('comes once, in the order of the text', () => {
    const ids = facesIn('{{region}} {{error_rate}} {{region}}', around('public')).map(({ id }) => id)
    expect(ids).toEqual(['region', 'error_rate'])
  })
})

test('what is offered has a value, may be told, and is not in the text yet', () => {
  const offered = offeredFaces('{{error_rate}}', around('public', factsWith({ region: null })))
  const ids = offered.map(({ id }) => id)
  expect(ids).toContain('latency_p95')
  for (const id of ['error_rate', 'region', 'cause', 'severity']) expect(ids).not.toContain(id)
  expect(offeredFaces('', around('internal')).map(({ id }) => id)).toContain('cause')
})

test('the place of a fact is the next one from the caret on, and from the last the first again', () => {
  const text = '{{region}} and {{region}}.'
  expect([0, 10, 11, 26].map((caret) => placeOf(text, 'region', caret)?.from)).toEqual([0, 0, 15, 0])
  expect(placeOf(text, 'status', 0)).toBeUndefined()
})

test('the caret stands at a chip from before its braces until behind them', () => {
  expect([0, 1, 11, 12].map((caret) => chipAt(' {{region}} x', caret)?.id)).toEqual([
    undefined,
    'region',
    'region',
    undefined,
  ])
})

test.each([
  ['About {{region}} of it', 'About of it'],
  ['{{region}} fails', 'fails'],
  ['in {{region}}.', 'in .'],
  ['a\n{{region}} b', 'a\nb'],
  ['({{region}} x)', '( x)'],
])('taking a fact out of %j leaves %j', (text, left) => {
  const chip = placeOf(text, 'region', 0)
  const { from, to } = cutOf(text, chip ?? { id: '', from: 0, to: 0 })
  expect(text.slice(0, from) + text.slice(to)).toBe(left)
})
