/** STATES of a delivery. Terminal: delivered, failed. A person owns needs-person; the worker owns the others. */
export const STATES = [
  'queued',
  'sending',
  'retry',
  'delivered',
  'failed',
  'unknown',
  'needs-person',
] as const

/** DeliveryState is where a message stands. */
export type DeliveryState = (typeof STATES)[number]

/** OPEN are the states in which a message holds back the ones behind it in its lane. */
export const OPEN: readonly DeliveryState[] = ['queued', 'sending', 'retry', 'unknown', 'needs-person']

/** WORKED are the states in which the worker has something to do. */
export const WORKED: readonly DeliveryState[] = ['queued', 'sending', 'retry', 'unknown']

/** Trouble is why a message does not get on: a code that stays the same, words, and where it can be mended. */
export type Trouble = { readonly code: string; readonly text: string; readonly href: string }

/** DeliveryRow is the part of a delivery that the state machine changes. */
export type DeliveryRow = {
  readonly state: DeliveryState
  readonly attempt: number
  readonly token: string | null
  readonly sentAt: Date | null
  readonly leaseUntil: Date | null
  readonly notBefore: Date | null
  readonly target: string | null
  readonly remoteId: string | null
  readonly deliveredAt: Date | null
  readonly seenNote: string
  readonly trouble: Trouble
  readonly decidedBy: string
}

type Answer = { readonly token: string }

/** DeliveryEvent is what happens to a message; those with a token are answers to one sending and count for that one only. */
export type DeliveryEvent =
  | { readonly type: 'take'; readonly token: string; readonly target: string; readonly leaseUntil: Date }
  | ({ readonly type: 'delivered'; readonly remoteId: string } & Answer)
  | ({ readonly type: 'not-accepted'; readonly at: Date; readonly trouble: Trouble } & Answer)
  | ({ readonly type: 'target-lost'; readonly trouble: Trouble } & Answer)
  | ({ readonly type: 'refused'; readonly trouble: Trouble } & Answer)
  | ({ readonly type: 'down'; readonly trouble: Trouble } & Answer)
  | ({ readonly type: 'ask'; readonly trouble: Trouble } & Answer)
  | ({ readonly type: 'lost'; readonly trouble: Trouble } & Answer)
  | { readonly type: 'orphaned'; readonly trouble: Trouble }
  | { readonly type: 'found'; readonly remoteId: string }
  | { readonly type: 'absent' }
  | { readonly type: 'repeat' }
  | { readonly type: 'cannot-tell'; readonly trouble: Trouble }
  | { readonly type: 'look-later'; readonly at: Date; readonly trouble: Trouble }
  | { readonly type: 'covered'; readonly remoteId: string }
  | { readonly type: 'too-old'; readonly trouble: Trouble }
  | { readonly type: 'send-again'; readonly by: string }
  | { readonly type: 'mark-sent'; readonly by: string }
  | { readonly type: 'give-up'; readonly by: string }

/** NO_TROUBLE is a message that gets on. */
export const NO_TROUBLE: Trouble = { code: '', text: '', href: '' }

/** Move is the row after an event, or why the event does not count. */
export type Move =
  | { readonly ok: true; readonly row: DeliveryRow }
  | { readonly ok: false; readonly why: string }

/** advance does one step of the rules DLV-STA; `now` only ever decides whether a look outside may already say "absent". */
export function advance(row: DeliveryRow, event: DeliveryEvent, now: Date): Move {
  if (!FROM[event.type].includes(row.state)) return refuse(`${event.type} does not follow ${row.state}`)
  if ('token' in event && event.type !== 'take' && event.token !== row.token)
    return refuse('the answer belongs to another sending')
  switch (event.type) {
    case 'take':
      return went(row, {
        state: 'sending',
        attempt: row.attempt + 1,
        token: event.token,
        target: event.target,
        sentAt: now,
        leaseUntil: event.leaseUntil,
        notBefore: null,
      })
    case 'delivered':
      return arrived(row, event.remoteId, now)
    case 'found':
      return arrived(row, event.remoteId, now)
    case 'covered':
      return covered(row, event.remoteId, now)
    case 'not-accepted':
      return went(row, { state: 'retry', token: null, notBefore: event.at, trouble: event.trouble })
    case 'target-lost':
      return went(row, { state: 'queued', token: null, target: NEW, trouble: event.trouble })
    case 'down':
      return went(row, { state: 'queued', token: null, trouble: event.trouble })
    case 'refused':
    case 'too-old':
      return went(row, { state: 'failed', token: null, trouble: event.trouble })
    case 'ask':
    case 'cannot-tell':
      return went(row, { state: 'needs-person', token: null, trouble: event.trouble })
    case 'lost':
    case 'orphaned':
      return went(row, { state: 'unknown', token: null, notBefore: null, trouble: event.trouble })
    case 'look-later':
      return went(row, { notBefore: event.at, trouble: event.trouble })
    case 'absent':
      if (row.leaseUntil !== null && now < row.leaseUntil)
        return refuse('what was sent may still arrive: absent counts only after the lease')
      return went(row, { state: 'queued', token: null, notBefore: null })
    case 'repeat':
      return went(row, { state: 'queued', token: null, notBefore: null })
    case 'send-again':
      return went(row, { state: 'queued', token: null, notBefore: null, decidedBy: event.by })
    case 'mark-sent':
      return went(row, {
        ...DELIVERED,
        deliveredAt: now,
        decidedBy: event.by,
        seenNote: `marked as sent by ${event.by}`,
      })
    case 'give-up':
      return went(row, { state: 'failed', token: null, decidedBy: event.by, trouble: givenUp(row, event.by) })
    default:
      return refuse(never(event))
  }
}

/** NEW as a target makes something new outside, whatever stands there already. */
export const NEW = ''

const DELIVERED = { state: 'delivered', token: null, notBefore: null, trouble: NO_TROUBLE } as const

const SENDING: readonly DeliveryState[] = ['sending']
const LOOKED_AT: readonly DeliveryState[] = ['unknown']
const WAITING: readonly DeliveryState[] = ['queued', 'retry']

const FROM: Readonly<Record<DeliveryEvent['type'], readonly DeliveryState[]>> = {
  take: WAITING,
  delivered: SENDING,
  'not-accepted': SENDING,
  'target-lost': SENDING,
  refused: SENDING,
  down: SENDING,
  ask: SENDING,
  lost: SENDING,
  orphaned: SENDING,
  found: LOOKED_AT,
  absent: LOOKED_AT,
  repeat: LOOKED_AT,
  'cannot-tell': LOOKED_AT,
  'look-later': LOOKED_AT,
  covered: WAITING,
  'too-old': WAITING,
  'send-again': ['needs-person', 'failed', 'retry'],
  'mark-sent': ['needs-person', 'unknown'],
  'give-up': ['queued', 'retry', 'unknown', 'needs-person'],
}

/** mayDo tells which of a person's three words count for a message in this state. */
export function mayDo(state: DeliveryState): {
  readonly sendAgain: boolean
  readonly markSent: boolean
  readonly giveUp: boolean
} {
  return {
    sendAgain: FROM['send-again'].includes(state),
    markSent: FROM['mark-sent'].includes(state),
    giveUp: FROM['give-up'].includes(state),
  }
}

function went(row: DeliveryRow, changes: Partial<DeliveryRow>): Move {
  return { ok: true, row: { ...row, ...changes } }
}

function arrived(row: DeliveryRow, remoteId: string, now: Date): Move {
  return went(row, { ...DELIVERED, remoteId, deliveredAt: now })
}

function covered(row: DeliveryRow, remoteId: string, now: Date): Move {
  return went(row, { ...DELIVERED, remoteId, deliveredAt: now, seenNote: COVERED })
}

/** COVERED is said of an edit of a card that was never made because a newer one took its place. */
export const COVERED = 'a newer state of the card took its place'

function givenUp({ trouble }: DeliveryRow, by: string): Trouble {
  const before = trouble.text === '' ? '' : `, after: ${trouble.text}`
  return { code: 'given-up', text: `given up by ${by}${before}`, href: '' }
}

function refuse(why: string): Move {
  return { ok: false, why }
}

function never(event: never): string {
  return `not an event: ${JSON.stringify(event)}`
}
