import type { Audience, ComponentState } from '@/lib/comms/model'
import type { PublicationState } from '@/lib/publications/model'

/** AUDIENCE_TITLES name who reads. */
export const AUDIENCE_TITLES: Readonly<Record<Audience, string>> = {
  internal: 'Team',
  public: 'Public page',
  executive: 'Executives',
}

/** COMPONENT_WORDS are how a component is, in words. */
export const COMPONENT_WORDS: Readonly<Record<ComponentState | 'unknown', string>> = {
  operational: 'works',
  degraded_performance: 'degraded',
  partial_outage: 'partial outage',
  major_outage: 'major outage',
  under_maintenance: 'maintenance',
  unknown: 'unknown',
}

/** STATE_WORDS are where a message stands. */
export const STATE_WORDS: Readonly<Record<PublicationState, string>> = {
  waiting: 'Waits for a second person',
  holding: 'Leaves in a moment',
  released: 'Out',
  withdrawn: 'Taken back',
  refused: 'Refused',
}
