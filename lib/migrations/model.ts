/** STATES are where a migration can stand, in order; the last three are beside the way. */
export const STATES = [
  'assessing',
  'adapting',
  'dual-writing',
  'backfilling',
  'validating',
  'parallel-running',
  'shifting',
  'awaiting-cutover',
  'cut-over',
  'decommissioning',
  'completed',
  'traffic-rolled-back',
  'forward-fix',
  'rolled-back',
] as const

/** State is one of them. */
export type State = (typeof STATES)[number]

/** STATE_WORDS is what each state is called on a screen. */
export const STATE_WORDS: Readonly<Record<State, string>> = {
  assessing: 'Assessing',
  adapting: 'Adapting',
  'dual-writing': 'Writing to both',
  backfilling: 'Moving data',
  validating: 'Validating',
  'parallel-running': 'Running side by side',
  shifting: 'Shifting traffic',
  'awaiting-cutover': 'Before the point of no return',
  'cut-over': 'Cut over',
  decommissioning: 'Taking the old one down',
  completed: 'Completed',
  'traffic-rolled-back': 'Traffic rolled back',
  'forward-fix': 'Fixing forward',
  'rolled-back': 'Rolled back',
}

/** PHASES are the four phases of a plan. */
export const PHASES = ['setup', 'adapter', 'data', 'traffic'] as const

/** Phase is one of them. */
export type Phase = (typeof PHASES)[number]

/** GATES are what people approve: each in slots, each slot by another person. */
export const GATES = {
  assessment: ['manager'],
  validation: ['engineer', 'manager'],
  cutover: ['engineer', 'manager'],
} as const

/** Gate is one of them. */
export type Gate = keyof typeof GATES

/** Slot is whose word a gate needs. */
export type Slot = 'engineer' | 'manager'

/** SLOT_ROLES is which roles fill a slot. */
export const SLOT_ROLES: Readonly<Record<Slot, readonly string[]>> = {
  engineer: ['responder', 'commander'],
  manager: ['manager'],
}

/** TRACKS are what a facade reports: requests of each side, comparisons, and writes to both. */
export const TRACKS = ['old', 'new', 'noise', 'compare', 'writes', 'reverse'] as const

/** Track is one of them. */
export type Track = (typeof TRACKS)[number]

/** CLASSES are why a row could not be moved: it may work later, its data is bad, or the transform does not know it. */
export const CLASSES = ['retryable', 'data', 'mapping'] as const

/** BEFORE_CUTOVER are the states from which a migration can still be given up. */
export const BEFORE_CUTOVER: readonly State[] = [
  'assessing',
  'adapting',
  'dual-writing',
  'backfilling',
  'validating',
  'parallel-running',
  'shifting',
  'traffic-rolled-back',
  'awaiting-cutover',
]

/** ROLLBACK_STEPS are the way back, in order. */
export const ROLLBACK_STEPS = ['flag', 'restart', 'restore', 'health'] as const

/** RollbackStep is one of them. */
export type RollbackStep = (typeof ROLLBACK_STEPS)[number]
