import { withoutAddresses } from './address'
import type { MailState, SmtpOutcome, Verdict } from './model'

const MINUTE_MS = 60_000
const NOTE_LENGTH = 200

/** RETRY_CAP_MS is the longest wait between two tries of one mail. */
export const RETRY_CAP_MS = 30 * MINUTE_MS
/** GIVE_UP_MS is the age at which a mail that the server keeps putting off is given up. */
export const GIVE_UP_MS = 24 * 60 * MINUTE_MS
/** REPEAT_AFTER_MS is how long a mail whose fate is unknown rests before the one repeat. */
export const REPEAT_AFTER_MS = 10 * MINUTE_MS
/** LANE_PAUSE_MS is how long no mail leaves after the server refused us or could not be reached. */
export const LANE_PAUSE_MS = 15_000

/** verdictOf judges what the mail server said; rules S-SMTP of docs/rules/subscribers.md. */
export function verdictOf(outcome: SmtpOutcome): Verdict {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted' }
    case 'broken':
      return outcome.hasSentData
        ? { kind: 'unclear', note: noteOf(outcome.why) }
        : { kind: 'lane', code: '', note: noteOf(outcome.why) }
    case 'replied':
      return ofReply(outcome)
  }
}

function ofReply(reply: Extract<SmtpOutcome, { readonly kind: 'replied' }>): Verdict {
  const { command, code, text } = reply
  const said = { code: String(code), note: noteOf(text) }
  const isOfRecipient = command === 'RCPT TO'
  if (!isOfRecipient && command !== 'DATA') {
    const isPutOff = command === 'MAIL FROM' && code < 500 && code !== 421
    return { kind: isPutOff ? 'later' : 'lane', ...said }
  }
  if (code < 500) return { kind: code === 421 ? 'lane' : 'later', ...said }
  return { kind: isOfRecipient && isGone(code, text) ? 'bounced' : 'refused', ...said }
}

/** A mailbox is gone by its enhanced code; without one, by 550, 551 and 553, which say so on RCPT TO. */
function isGone(code: number, text: string): boolean {
  const enhanced = /\b5\.(\d{1,3})\.(\d{1,3})\b/.exec(text)
  if (enhanced === null) return [550, 551, 553].includes(code)
  const [, subject, detail] = enhanced
  return subject === '1' || (subject === '2' && detail === '1')
}

function noteOf(text: string): string {
  return withoutAddresses(text).replace(/\s+/g, ' ').trim().slice(0, NOTE_LENGTH)
}

/** LedgerRow is a mail as the rules see it; instants are epoch milliseconds. */
export type LedgerRow = {
  readonly attempt: number
  readonly createdAtMs: number
  readonly isRepeated: boolean
}

/** Move is what becomes of a row: its state, when it is looked at again, and whether the address is given up. */
export type Move = {
  readonly state: MailState
  /** notBeforeMs is null when nothing more happens to the row by itself. */
  readonly notBeforeMs: number | null
  readonly isSuppressed: boolean
  readonly code: string
  readonly note: string
}

/** SKIPPED is what becomes of a mail that nobody wants any more when its turn comes. */
export const SKIPPED: Move = { state: 'skipped', notBeforeMs: null, isSuppressed: false, code: '', note: '' }

/** LEFT_IN_THE_AIR is what a ledger says of a mail whose sender ended in the middle. */
export const LEFT_IN_THE_AIR = 'Watchfloor ended while this mail was handed over.'

/** notBeforeOf is when a moved mail is looked at again, as Postgres reads it: `infinity` when nothing more happens by itself. */
export function notBeforeOf({ notBeforeMs }: Pick<Move, 'notBeforeMs'>): string {
  return notBeforeMs === null ? 'infinity' : new Date(notBeforeMs).toISOString()
}

/** moveAfter says what becomes of a mail after one try; rules S-LED. */
export function moveAfter(row: LedgerRow, verdict: Verdict, nowMs: number): Move {
  const done = { notBeforeMs: null, isSuppressed: false, code: '', note: '' }
  switch (verdict.kind) {
    case 'accepted':
      return { ...done, state: 'sent' }
    case 'bounced':
      return { ...done, state: 'failed', isSuppressed: true, code: verdict.code, note: verdict.note }
    case 'refused':
      return { ...done, state: 'failed', code: verdict.code, note: verdict.note }
    case 'unclear':
      return afterLoss(row, nowMs, verdict.note)
    case 'later':
      return nowMs - row.createdAtMs >= GIVE_UP_MS
        ? { ...done, state: 'failed', code: verdict.code, note: `Given up after a day: ${verdict.note}` }
        : { ...done, ...verdictPart(verdict), state: 'retry', notBeforeMs: nowMs + retryWaitMs(row.attempt) }
    case 'lane':
      return { ...done, ...verdictPart(verdict), state: 'retry', notBeforeMs: nowMs + LANE_PAUSE_MS }
  }
}

function verdictPart({ code, note }: { readonly code: string; readonly note: string }) {
  return { code, note }
}

/**
 * afterLoss says what becomes of a mail that may have arrived: it rests, and is then repeated once at most, under the same
 * Message-ID, by which mail systems recognise a repeat.
 */
export function afterLoss(row: LedgerRow, nowMs: number, why: string): Move {
  return {
    state: 'unknown',
    notBeforeMs: row.isRepeated ? null : nowMs + REPEAT_AFTER_MS,
    isSuppressed: false,
    code: '',
    note: why,
  }
}

/** mayRepeat tells whether a mail of unknown fate is sent once more: only what is still the newest of its thread. */
export function mayRepeat(row: Pick<LedgerRow, 'isRepeated'>, isNewest: boolean): boolean {
  return !row.isRepeated && isNewest
}

/** retryWaitMs is how long a mail rests after its nth try: one minute, then twice as long each time, up to half an hour. */
export function retryWaitMs(attempt: number): number {
  return Math.min(RETRY_CAP_MS, MINUTE_MS * 2 ** Math.max(0, attempt - 1))
}
