import { describe, expect, it } from 'vitest'
import {
  GIVE_UP_MS,
  LANE_PAUSE_MS,
  mayRepeat,
  moveAfter,
  REPEAT_AFTER_MS,
  retryWaitMs,
  verdictOf,
} from './ledger'
import type { SmtpOutcome } from './model'

const nowMs = Date.parse('2026-11-18T14:00:00Z')
const row = { attempt: 1, createdAtMs: nowMs - 60_000, isRepeated: false } as const

function replied(command: string, text: string): SmtpOutcome {
  return { kind: 'replied', command, code: Number(text.slice(0, 3)), text }
}

describe('what a mail server says', () => {
  it.each<readonly [string, SmtpOutcome, string]>([
    ['an unknown mailbox', replied('RCPT TO', '550 5.1.1 <a@b.example>: user unknown'), 'bounced'],
    ['an unknown mailbox without an enhanced code', replied('RCPT TO', '550 no such user'), 'bounced'],
    ['a disabled mailbox', replied('RCPT TO', '550 5.2.1 mailbox disabled'), 'bounced'],
    ['a full mailbox, for good', replied('RCPT TO', '552 5.2.2 mailbox full'), 'refused'],
    ['a refusal by policy', replied('RCPT TO', '550 5.7.1 blocked'), 'refused'],
    ['greylisting', replied('RCPT TO', '451 4.7.1 greylisted, try again'), 'later'],
    ['a message refused', replied('DATA', '554 5.7.1 looks like spam'), 'refused'],
    ['a message put off', replied('DATA', '452 4.3.1 no space'), 'later'],
    ['too many connections', replied('RCPT TO', '421 4.7.0 too many connections'), 'lane'],
    ['a wrong password', replied('AUTH PLAIN', '535 5.7.8 bad credentials'), 'lane'],
    ['a sender that may not send', replied('MAIL FROM', '550 5.7.1 not allowed'), 'lane'],
    ['a limit on the sender', replied('MAIL FROM', '452 4.5.3 slow down'), 'later'],
    ['no connection', { kind: 'broken', hasSentData: false, why: 'ECONNREFUSED' }, 'lane'],
    ['silence after the message', { kind: 'broken', hasSentData: true, why: 'Timeout' }, 'unclear'],
    ['yes', { kind: 'accepted' }, 'accepted'],
  ])('S-SMTP %s is judged', (_name, outcome, expected) => {
    expect(verdictOf(outcome).kind).toBe(expected)
  })

  it('S-SMTP-9 no address is kept of a reply', () => {
    expect(
      JSON.stringify(verdictOf(replied('RCPT TO', '550 5.1.1 <dana@b.example>: unknown'))),
    ).not.toContain('dana')
  })
})

describe('what becomes of a mail', () => {
  it('S-LED-1 a mailbox that is gone is never written to again', () => {
    expect(moveAfter(row, { kind: 'bounced', code: '550', note: '' }, nowMs)).toMatchObject({
      state: 'failed',
      isSuppressed: true,
      notBeforeMs: null,
    })
  })

  it('S-LED-2 what is put off is tried again, later each time, and given up after a day', () => {
    const later = { kind: 'later', code: '451', note: 'greylisted' } as const
    expect([1, 2, 3, 4, 5, 6, 7].map((attempt) => retryWaitMs(attempt) / 60_000)).toEqual([
      1, 2, 4, 8, 16, 30, 30,
    ])
    expect(moveAfter(row, later, nowMs)).toMatchObject({ state: 'retry', notBeforeMs: nowMs + 60_000 })
    expect(moveAfter({ ...row, createdAtMs: nowMs - GIVE_UP_MS }, later, nowMs)).toMatchObject({
      state: 'failed',
      isSuppressed: false,
    })
  })

  it('S-LED-3 what may have arrived rests, is repeated once at most, and then stays unknown', () => {
    const unclear = { kind: 'unclear', note: 'Timeout' } as const
    expect(moveAfter(row, unclear, nowMs)).toMatchObject({
      state: 'unknown',
      notBeforeMs: nowMs + REPEAT_AFTER_MS,
    })
    expect(moveAfter({ ...row, isRepeated: true }, unclear, nowMs)).toMatchObject({
      state: 'unknown',
      notBeforeMs: null,
    })
  })

  it('S-LED-4 an update that a newer one has overtaken is not repeated', () => {
    expect(mayRepeat({ isRepeated: false }, true)).toBe(true)
    expect(mayRepeat({ isRepeated: false }, false)).toBe(false)
    expect(mayRepeat({ isRepeated: true }, true)).toBe(false)
  })

  it('S-LED-5 a server that refuses us as such loses nobody a mail', () => {
    expect(moveAfter(row, { kind: 'lane', code: '535', note: '' }, nowMs)).toMatchObject({
      state: 'retry',
      notBeforeMs: nowMs + LANE_PAUSE_MS,
      isSuppressed: false,
    })
  })
})
