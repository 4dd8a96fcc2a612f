import type { Mark } from '@/components/ui/state-mark'
import type { Risk, RunState } from '@/lib/actions/model'

/** RISK_TITLES name the class of an action in a word or two. */
export const RISK_TITLES: Readonly<Record<Risk, string>> = {
  look: 'a look',
  change: 'a change',
  dangerous: 'dangerous',
}

/** RISK_WORDS say what a class asks for. */
export const RISK_WORDS: Readonly<Record<Risk, string>> = {
  look: 'changes nothing',
  change: 'can be taken back, or does no lasting harm',
  dangerous: 'needs your password and a second person',
}

const MARKS: Readonly<Record<RunState, Mark>> = {
  planned: 'blocks',
  waiting: 'warning',
  ready: 'blocks',
  queued: 'warning',
  capturing: 'warning',
  sending: 'warning',
  applied: 'warning',
  'not-applied': 'false',
  unknown: 'unknown',
  reached: 'clear',
  pending: 'warning',
  failed: 'breach',
  refused: 'false',
  declined: 'false',
  cancelled: 'false',
  expired: 'stale',
  undone: 'false',
  exercised: 'clear',
  recorded: 'clear',
}

/** markOf is the silhouette of a run's state; its words always stand beside it. */
export function markOf(state: RunState): Mark {
  return MARKS[state]
}

/** refreshMs is how often a run is read again without a hint: soon while something goes on, seldom afterwards. */
export function refreshMs(state: RunState | undefined): number {
  switch (state) {
    case 'queued':
    case 'capturing':
    case 'sending':
    case 'unknown':
    case 'applied':
      return 2_000
    case 'planned':
    case 'waiting':
    case 'ready':
    case 'pending':
      return 5_000
    default:
      return 30_000
  }
}

/** prettyBody lays out JSON over lines and leaves everything else as it is sent. */
export function prettyBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/** valueText writes a stored value as people read it. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'not set'
  if (Array.isArray(value)) return value.map(valueText).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
