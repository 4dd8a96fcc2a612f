import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  advance,
  type DeliveryEvent,
  type DeliveryRow,
  type DeliveryState,
  mayDo,
  NO_TROUBLE,
  OPEN,
  STATES,
  type Trouble,
  WORKED,
} from './machine'

const t0 = new Date('2026-11-21T10:00:00.000Z')
const trouble: Trouble = { code: 'x', text: 'words', href: '' }
const at = (ms: number): Date => new Date(t0.getTime() + ms)

const fresh: DeliveryRow = {
  state: 'queued',
  attempt: 0,
  token: null,
  sentAt: null,
  leaseUntil: null,
  notBefore: null,
  target: null,
  remoteId: null,
  deliveredAt: null,
  seenNote: '',
  trouble: NO_TROUBLE,
  decidedBy: '',
}

function through(events: readonly DeliveryEvent[], now = t0): DeliveryRow {
  return events.reduce((row, event) => {
    const move = advance(row, event, now)
    if (!move.ok) throw new Error(move.why)
    return move.row
  }, fresh)
}

const take = (token: string, leaseMs = 8_000): DeliveryEvent => ({
  type: 'take',
  token,
  target: '',
  leaseUntil: at(leaseMs),
})

const EVENTS: readonly DeliveryEvent[] = [
  take('a'),
  take('b'),
  ...(['a', 'b'] as const).flatMap((token): DeliveryEvent[] => [
    { type: 'delivered', token, remoteId: 'r' },
    { type: 'not-accepted', token, at: at(1_000), trouble },
    { type: 'target-lost', token, trouble },
    { type: 'refused', token, trouble },
    { type: 'down', token, trouble },
    { type: 'ask', token, trouble },
    { type: 'lost', token, trouble },
  ]),
  { type: 'orphaned', trouble },
  { type: 'found', remoteId: 'r' },
  { type: 'absent' },
  { type: 'repeat' },
  { type: 'cannot-tell', trouble },
  { type: 'look-later', at: at(2_000), trouble },
  { type: 'covered', remoteId: 'r' },
  { type: 'too-old', trouble },
  { type: 'send-again', by: 'ana' },
  { type: 'mark-sent', by: 'ana' },
  { type: 'give-up', by: 'ana' },
]

test('DLV-STA-01 every state is the end, the worker’s or a person’s', () => {
  const owned = new Set<DeliveryState>([...WORKED, 'needs-person', 'delivered', 'failed'])
  expect(STATES.filter((state) => !owned.has(state))).toEqual([])
  expect(OPEN).toEqual([...STATES].filter((state) => !['delivered', 'failed'].includes(state)))
})

test.each([
  ['delivered', through([take('a')]), { type: 'delivered', token: 'b', remoteId: 'r' }],
  ['refused', through([take('a')]), { type: 'refused', token: 'b', trouble }],
  ['lost', through([take('a'), { type: 'orphaned', trouble }]), { type: 'lost', token: 'a', trouble }],
  [
    'delivered late',
    through([take('a'), { type: 'orphaned', trouble }, { type: 'repeat' }, take('b')]),
    { type: 'delivered', token: 'a', remoteId: 'r' },
  ],
] as const)('DLV-STA-02 an answer to another sending changes nothing: %s', (_name, row, event) => {
  expect(advance(row, event, at(1)).ok).toBe(false)
})

test('DLV-STA-03 nothing leaves unknown but a look or a person', () => {
  const unknown = through([take('a'), { type: 'lost', token: 'a', trouble }])
  const leaving = EVENTS.filter((event) => {
    const move = advance(unknown, event, at(60_000))
    return move.ok && move.row.state !== 'unknown'
  }).map((event) => event.type)
  expect(leaving).toEqual(['found', 'absent', 'repeat', 'cannot-tell', 'mark-sent', 'give-up'])
})

test('DLV-STA-04 absent counts once the lease has run out, not a millisecond before', () => {
  const unknown = through([take('a', 8_000), { type: 'lost', token: 'a', trouble }])
  expect(advance(unknown, { type: 'absent' }, at(7_999)).ok).toBe(false)
  expect(advance(unknown, { type: 'absent' }, at(8_000)).ok).toBe(true)
})

test('DLV-STA-06 nothing leads from delivered back to sending, in any order of events', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 }), (events) => {
      let row = fresh
      let arrivals = 0
      for (const [turn, event] of events.entries()) {
        const move = advance(row, event, at(turn * 1_000))
        if (!move.ok) continue
        if (row.state === 'delivered') throw new Error(`${event.type} left delivered`)
        if (move.row.state === 'delivered') arrivals += 1
        if (event.type === 'take') expect(move.row.attempt).toBe(row.attempt + 1)
        else expect(move.row.attempt).toBe(row.attempt)
        expect(move.row.token === null).toBe(move.row.state !== 'sending')
        row = move.row
      }
      expect(arrivals).toBeLessThanOrEqual(1)
    }),
    { numRuns: 2_000 },
  )
})

type Outside = { accepted: number; arrivesAtMs: number | undefined }

/** A worker and a listable target: each request may be lost before, accepted and its answer lost, accepted late, or answered. */
const FATES = [
  'answered',
  'lost-before',
  'answer-lost',
  'late',
  'killed-before',
  'killed-after',
  'refused',
] as const

test('DLV-ONC-01 on a target that can be looked at, whatever is lost, nothing is lost and nothing is doubled', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...FATES), { maxLength: 12 }),
      fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 60, maxLength: 60 }),
      (fates, waits) => {
        const outside: Outside = { accepted: 0, arrivesAtMs: undefined }
        let row = fresh
        let nowMs = 0
        const left = [...fates]
        for (const [turn, waitMs] of waits.entries()) {
          nowMs += waitMs
          if (outside.arrivesAtMs !== undefined && outside.arrivesAtMs <= nowMs) {
            outside.accepted += 1
            outside.arrivesAtMs = undefined
          }
          row = turnOf(row, { outside, fate: () => left.shift() ?? 'answered', nowMs, turn })
        }
        for (let turn = 100; OPEN.includes(row.state) && turn < 120; turn += 1) {
          nowMs += 10_000
          if (outside.arrivesAtMs !== undefined) outside.accepted += 1
          outside.arrivesAtMs = undefined
          row = turnOf(row, { outside, fate: () => 'answered', nowMs, turn })
        }
        expect(row.state).toBe('delivered')
        expect(outside.accepted).toBe(1)
      },
    ),
    { numRuns: 2_000 },
  )
})

function turnOf(
  row: DeliveryRow,
  {
    outside,
    fate,
    nowMs,
    turn,
  }: {
    readonly outside: Outside
    readonly fate: () => (typeof FATES)[number]
    readonly nowMs: number
    readonly turn: number
  },
): DeliveryRow {
  const now = at(nowMs)
  const go = (from: DeliveryRow, event: DeliveryEvent): DeliveryRow => {
    const move = advance(from, event, now)
    return move.ok ? move.row : from
  }
  if (row.state === 'unknown')
    return go(row, outside.accepted > 0 ? { type: 'found', remoteId: 'r' } : { type: 'absent' })
  if (row.state === 'sending') return go(row, { type: 'orphaned', trouble })
  if (row.state !== 'queued' && row.state !== 'retry') return row
  const token = `t${turn}`
  const sending = go(row, { type: 'take', token, target: '', leaseUntil: at(nowMs + 8_000) })
  switch (fate()) {
    case 'answered':
      outside.accepted += 1
      return go(sending, { type: 'delivered', token, remoteId: 'r' })
    case 'answer-lost':
      outside.accepted += 1
      return go(sending, { type: 'lost', token, trouble })
    case 'late':
      outside.arrivesAtMs = nowMs + 7_000
      return go(sending, { type: 'lost', token, trouble })
    case 'lost-before':
      return go(sending, { type: 'lost', token, trouble })
    case 'killed-before':
      return sending
    case 'killed-after':
      outside.accepted += 1
      return sending
    case 'refused':
      return go(sending, { type: 'not-accepted', token, at: now, trouble })
  }
}

test('a person may send again, mark sent or give up exactly where the state is theirs', () => {
  const words = Object.fromEntries(STATES.map((state) => [state, Object.values(mayDo(state))]))
  expect(words).toEqual({
    queued: [false, false, true],
    sending: [false, false, false],
    retry: [true, false, true],
    delivered: [false, false, false],
    failed: [true, false, false],
    unknown: [false, true, true],
    'needs-person': [true, true, true],
  })
})
