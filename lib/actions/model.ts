/** RISKS from the lightest: a look changes nothing, a change can be taken back, the dangerous class needs a second person. */
export const RISKS = ['look', 'change', 'dangerous'] as const

/** Risk is the class of an action. */
export type Risk = (typeof RISKS)[number]

/**
 * RUN_STATES are all a run can be in. `unknown` is an honest state: the request may or may not have arrived, and only a
 * probe decides. `applied` is in the target and being verified; `pending` is still without its effect after the time that
 * the action allows.
 */
export const RUN_STATES = [
  'planned',
  'waiting',
  'ready',
  'queued',
  'capturing',
  'sending',
  'applied',
  'not-applied',
  'unknown',
  'reached',
  'pending',
  'failed',
  'refused',
  'declined',
  'cancelled',
  'expired',
  'undone',
  'exercised',
  'recorded',
] as const

/** RunState is where a run stands. */
export type RunState = (typeof RUN_STATES)[number]

/** RUN_EVENTS are all that can happen to a run. */
export const RUN_EVENTS = [
  'ask-second',
  'approve',
  'break-glass',
  'decline',
  'cancel',
  'expire',
  'carry-out',
  'exercise',
  'take',
  'send',
  'void',
  'sent',
  'refused',
  'lost',
  'found',
  'not-found',
  'effect-reached',
  'effect-late',
  'effect-failed',
  'undo',
] as const

/** RunEvent is what happened to a run. */
export type RunEvent = (typeof RUN_EVENTS)[number]

type Row = Readonly<Partial<Record<RunEvent, RunState>>>

const VERIFYING: Row = { 'effect-reached': 'reached', 'effect-failed': 'failed', undo: 'undone' }
const OVER: Row = {}

/**
 * TRANSITIONS is the whole state machine; what is not in it does not happen. Nothing leads into `sending` but `capturing`,
 * so that no run is sent twice, and nothing leads out of `unknown` but what a probe found.
 */
export const TRANSITIONS: Readonly<Record<RunState, Row>> = {
  planned: { 'ask-second': 'waiting', 'break-glass': 'ready', cancel: 'cancelled', expire: 'expired' },
  waiting: {
    approve: 'ready',
    decline: 'declined',
    'break-glass': 'ready',
    cancel: 'cancelled',
    expire: 'expired',
  },
  ready: { 'carry-out': 'queued', exercise: 'exercised', cancel: 'cancelled', expire: 'expired' },
  queued: { take: 'capturing', cancel: 'cancelled', void: 'refused' },
  capturing: { send: 'sending', void: 'refused' },
  sending: {
    sent: 'applied',
    refused: 'refused',
    lost: 'unknown',
    found: 'applied',
    'not-found': 'not-applied',
  },
  unknown: { found: 'applied', 'not-found': 'not-applied' },
  applied: { ...VERIFYING, 'effect-late': 'pending' },
  pending: VERIFYING,
  reached: { undo: 'undone' },
  failed: { undo: 'undone' },
  recorded: OVER,
  'not-applied': OVER,
  refused: OVER,
  declined: OVER,
  cancelled: OVER,
  expired: OVER,
  undone: OVER,
  exercised: OVER,
}

/** nextState gives where an event leads; undefined when it can't happen in this state. */
export function nextState(state: RunState, event: RunEvent): RunState | undefined {
  return TRANSITIONS[state][event]
}

/** firstState is where a run begins: the dangerous class waits for somebody else's word, everything else is ready. */
export function firstState(risk: Risk): RunState {
  return risk === 'dangerous' ? 'planned' : 'ready'
}

/** UNSENT are the states in which surely nothing was sent. */
export const UNSENT: readonly RunState[] = ['planned', 'waiting', 'ready', 'queued', 'capturing']

/** WORKED are the states that the worker has to do with. */
export const WORKED: readonly RunState[] = ['queued', 'capturing', 'sending', 'unknown', 'applied', 'pending']

/** EXPIRING are the states that a plan's end of life ends. */
export const EXPIRING: readonly RunState[] = ['planned', 'waiting', 'ready']

/** isSettled tells whether a run is over: nothing more happens to it but being taken back. */
export function isSettled(state: RunState): boolean {
  return !WORKED.includes(state) && !EXPIRING.includes(state)
}

/** isInTarget tells whether what was sent stands in the target as far as is known. */
export function isInTarget(state: RunState): boolean {
  return state === 'applied' || state === 'reached' || state === 'pending' || state === 'failed'
}

/** PLAN_LIFE_MS is how long a plan may be carried out: what it was made of grows old. */
export const PLAN_LIFE_MS = 15 * 60_000

/** REASON_MIN is the shortest reason of a break-glass, in characters. */
export const REASON_MIN = 20

/** OUTPUT_MAX is the longest pasted output that is taken, in characters; what is longer is refused. */
export const OUTPUT_MAX = 64_000

/** STATE_WORDS say each state as people read it. */
export const STATE_WORDS: Readonly<Record<RunState, string>> = {
  planned: 'needs a second person',
  waiting: 'waits for a second person',
  ready: 'ready',
  queued: 'handed to the worker',
  capturing: 'evidence is being kept',
  sending: 'being sent',
  applied: 'applied, effect being verified',
  'not-applied': 'not applied',
  unknown: 'outcome unknown',
  reached: 'applied, effect verified',
  pending: 'applied, not effective yet',
  failed: 'applied, effect failed',
  refused: 'refused, nothing changed',
  declined: 'declined by the second person',
  cancelled: 'cancelled',
  expired: 'plan expired',
  undone: 'taken back',
  exercised: 'exercised in a drill, nothing sent',
  recorded: 'done by hand',
}
