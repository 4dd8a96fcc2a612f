import fc from 'fast-check'
import { expect, test } from 'vitest'
import { approvalOf, type Said } from './approval'
import { chipsOf, driftOf, factProblems } from './fact-check'
import { type Deed, moveOf, PUBLICATION_STATES, type Standing } from './model'
import { type CommsPolicy, DEFAULT_COMMS_POLICY } from './policy'
import { type Sealed, sealedText } from './sealed'
import { wordDiff } from './word-diff'

const T0 = Date.parse('2026-11-18T02:30:00Z')
const waiting: Standing = { state: 'waiting', authorId: 'ana', hash: 'h', holdUntilMs: undefined }
const holding: Standing = { ...waiting, state: 'holding', holdUntilMs: T0 + 10_000 }

const moves: readonly (readonly [string, Standing, Deed, string])[] = [
  [
    'P-STA-02: another person approves',
    waiting,
    { kind: 'approve', byId: 'bo', hash: 'h', nowMs: T0 },
    'holding',
  ],
  [
    'P-STA-02: the author does not',
    waiting,
    { kind: 'approve', byId: 'ana', hash: 'h', nowMs: T0 },
    'forbidden',
  ],
  ['P-STA-02: nor another hash', waiting, { kind: 'approve', byId: 'bo', hash: 'x', nowMs: T0 }, 'conflict'],
  ['P-STA-02: nor what is held', holding, { kind: 'approve', byId: 'bo', hash: 'h', nowMs: T0 }, 'conflict'],
  ['P-STA-03: another person refuses', waiting, { kind: 'refuse', byId: 'bo', nowMs: T0 }, 'refused'],
  [
    'P-STA-03: the author withdraws instead',
    waiting,
    { kind: 'refuse', byId: 'ana', nowMs: T0 },
    'forbidden',
  ],
  ['P-STA-03: what is held is not refused', holding, { kind: 'refuse', byId: 'bo', nowMs: T0 }, 'conflict'],
  ['P-STA-04: what waits is withdrawn', waiting, { kind: 'withdraw', byId: 'ana', nowMs: T0 }, 'withdrawn'],
  [
    'P-STA-04: so is what is held',
    holding,
    { kind: 'withdraw', byId: 'ana', nowMs: T0 + 9_999 },
    'withdrawn',
  ],
  [
    'P-STA-04: not once the hold is over',
    holding,
    { kind: 'withdraw', byId: 'ana', nowMs: T0 + 10_000 },
    'conflict',
  ],
  ['P-STA-05: the hold is over', holding, { kind: 'release', nowMs: T0 + 10_000 }, 'released'],
  ['P-STA-05: the hold is not over', holding, { kind: 'release', nowMs: T0 + 9_999 }, 'conflict'],
  ['P-STA-05: what waits never leaves', waiting, { kind: 'release', nowMs: T0 + 99_999 }, 'conflict'],
]

test.each(moves)('%s', (_name, standing, deed, expected) => {
  const move = moveOf(standing, deed)
  expect(move.ok ? move.to : move.code).toBe(expected)
})

test('P-STA-01: nothing leaves an end', () => {
  const deeds: readonly Deed[] = [
    { kind: 'approve', byId: 'bo', hash: 'h', nowMs: T0 },
    { kind: 'refuse', byId: 'bo', nowMs: T0 },
    { kind: 'withdraw', byId: 'ana', nowMs: T0 },
    { kind: 'release', nowMs: T0 },
  ]
  const ends = PUBLICATION_STATES.filter((state) => state !== 'waiting' && state !== 'holding')
  expect(ends).toEqual(['released', 'withdrawn', 'refused'])
  for (const state of ends)
    for (const deed of deeds)
      expect(moveOf({ ...holding, state }, deed)).toMatchObject({ ok: false, code: 'conflict' })
})

const first: Said = {
  audience: 'public',
  severity: 'P1',
  status: 'investigating',
  isTemplate: true,
  isFirst: true,
  isCorrection: false,
}

function under(mode: CommsPolicy['approvals']['public']['P1']): CommsPolicy {
  const { approvals } = DEFAULT_COMMS_POLICY
  return { ...DEFAULT_COMMS_POLICY, approvals: { ...approvals, public: { ...approvals.public, P1: mode } } }
}

test.each([
  ['P-APR-01: never', 'never', { isTemplate: false, status: 'resolved' }, false],
  ['P-APR-02: the template’s own words', 'free-text', { status: 'identified', isFirst: false }, false],
  ['P-APR-02: one changed character', 'free-text', { isTemplate: false }, true],
  ['P-APR-03: the first post', 'after-first', {}, false],
  ['P-APR-03: the first post in other words', 'after-first', { isTemplate: false }, true],
  ['P-APR-03: a later post', 'after-first', { isFirst: false }, true],
  ['P-APR-03: a first post that says more', 'after-first', { status: 'identified' }, true],
  ['P-APR-04: always', 'always', {}, true],
  ['P-APR-05: a correction under free-text', 'free-text', { isCorrection: true }, true],
  ['P-APR-05: a correction under after-first', 'after-first', { isCorrection: true }, true],
] as const)('%s', (_name, mode, change, isNeeded) => {
  expect(approvalOf({ ...first, ...change }, under(mode)).isNeeded).toBe(isNeeded)
})

const known = {
  error_rate: {
    value: 38,
    unit: 'percent',
    asOf: '2026-11-18T02:29:00Z',
    ttlMs: 120_000,
    isPublic: true,
  },
}

function problems(change: {
  readonly now?: Partial<(typeof known)['error_rate']> | null
  readonly told?: number | null
  readonly isPublicText?: boolean
  readonly isAgreement?: boolean
}): readonly string[] {
  return factProblems({
    chips: ['error_rate'],
    told: change.told === null ? {} : { error_rate: { value: change.told ?? 38, asOf: '' } },
    known: change.now === null ? {} : { error_rate: { ...known.error_rate, ...change.now } },
    isPublicText: change.isPublicText ?? true,
    drift: driftOf(DEFAULT_COMMS_POLICY, change.isAgreement ?? false),
    nowMs: T0,
  }).map(({ kind }) => kind)
}

test.each([
  ['P-FCT-01: it is gone', { now: null }, ['missing']],
  ['P-FCT-01: nobody knows it', { now: { value: null as never } }, ['missing']],
  ['P-FCT-01: the draft did not show it', { told: null }, ['missing']],
  ['P-FCT-02: two minutes are not too old', { now: { asOf: '2026-11-18T02:28:00Z' } }, []],
  ['P-FCT-02: a moment more is', { now: { asOf: '2026-11-18T02:27:59.999Z' } }, ['old']],
  ['P-FCT-02: so is a time that nobody can read', { now: { asOf: 'soon' } }, ['old']],
  ['P-FCT-03: a tenth is the same', { told: 40, now: { value: 44 } }, []],
  ['P-FCT-03: more is not', { told: 40, now: { value: 44.1 } }, ['changed']],
  ['P-FCT-03: nor is less', { told: 40, now: { value: 35.9 } }, ['changed']],
  ['P-FCT-03: from nothing to something', { told: 0, now: { value: 0.1 } }, ['changed']],
  ['P-FCT-06: half more is agreed to', { told: 10, now: { value: 15 }, isAgreement: true }, []],
  ['P-FCT-06: and no more than that', { told: 10, now: { value: 15.1 }, isAgreement: true }, ['changed']],
  ['P-FCT-04: not for customers', { now: { isPublic: false } }, ['internal']],
  ['P-FCT-04: among ourselves it may be said', { now: { isPublic: false }, isPublicText: false }, []],
] as const)('%s', (_name, change, expected) => {
  expect(problems(change as Parameters<typeof problems>[0])).toEqual(expected)
})

test.each([
  ['P-FCT-03: an instant runs on', 'clock', '2026-11-18T02:28:30Z', '2026-11-18T02:30:00Z', []],
  [
    'P-FCT-03: and not by more than two minutes',
    'clock',
    '2026-11-18T02:27:00Z',
    '2026-11-18T02:30:00Z',
    ['changed'],
  ],
  ['P-FCT-03: a duration runs on', 'minutes', 3, 5, []],
  ['P-FCT-03: a text is equal or another one', 'text', 'Europe', 'Asia', ['changed']],
] as const)('%s', (_name, unit, before, value, expected) => {
  const found = factProblems({
    chips: ['x'],
    told: { x: { value: before, asOf: '' } },
    known: { x: { value, unit, asOf: '2026-11-18T02:30:00Z', ttlMs: 60_000, isPublic: true } },
    isPublicText: true,
    drift: driftOf(DEFAULT_COMMS_POLICY, false),
    nowMs: T0,
  })
  expect(found.map(({ kind }) => kind)).toEqual(expected)
})

test('the facts of a text are its chips, each once', () => {
  expect(chipsOf('{{error_rate}} of calls, {{ region }}, {{error_rate}}')).toEqual(['error_rate', 'region'])
})

const sealed: Sealed = {
  audience: 'public',
  kind: 'update',
  severity: 'P1',
  status: 'investigating',
  title: 'Some requests fail',
  body: 'Since 02:06 UTC some requests fail.',
  nextUpdateAt: '2026-11-18T02:50:00.000Z',
  components: [
    { componentId: 'a', from: 'operational', to: 'major_outage' },
    { componentId: 'b', from: 'operational', to: 'partial_outage' },
  ],
  facts: { error_rate: { value: 38, unit: 'percent', asOf: 'now', source: 'Prometheus' } },
  channelIds: ['page', 'slack'],
  corrects: null,
}

test('P-SEA-01: orders count for nothing', () => {
  const turned: Sealed = {
    ...sealed,
    components: [...sealed.components].reverse(),
    channelIds: ['slack', 'page'],
  }
  expect(sealedText(turned)).toBe(sealedText(sealed))
})

test.each([
  { title: 'Some request fail' },
  { body: `${sealed.body} ` },
  { status: 'identified' },
  { severity: 'P2' },
  { audience: 'internal' },
  { kind: 'correction' },
  { nextUpdateAt: null },
  { components: sealed.components.slice(1) },
  { channelIds: ['page'] },
  { corrects: 'x' },
  { facts: { error_rate: { value: 39, unit: 'percent', asOf: 'now', source: 'Prometheus' } } },
  { facts: { error_rate: { value: 38, unit: 'percent', asOf: 'now', source: 'Temporal' } } },
] as const)('P-SEA-01: $0 is another message', (change) => {
  expect(sealedText({ ...sealed, ...change })).not.toBe(sealedText(sealed))
})

test('a diff gives back both texts, whatever they are', () => {
  const text = fc
    .array(fc.constantFrom('some', 'requests', 'fail', ' ', '\n', 'in', 'Europe.'), { maxLength: 30 })
    .map((words) => words.join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const pieces = wordDiff(before, after)
      const kept = (kind: string) =>
        pieces
          .filter((one) => one.kind !== kind)
          .map((one) => one.text)
          .join('')
      expect(kept('added')).toBe(before)
      expect(kept('removed')).toBe(after)
    }),
  )
})
