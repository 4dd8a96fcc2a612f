import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

/** RolloutData is a rollout as the page gets it. */
export type RolloutData = NonNullable<Wire<QueryResult<'rollouts.one'>>>

/** View is the rollout itself. */
export type View = RolloutData['view']

/** Deed is what a person may ask of a rollout from its page. */
export type Deed =
  | 'pause'
  | 'resume'
  | 'promote'
  | 'abort'
  | 'rollBack'
  | 'extend'
  | 'accept'
  | 'nextRung'
  | 'resolve'

/** LogData is the reliability log as the page gets it. */
export type LogData = Wire<QueryResult<'rollouts.log'>>

/** ImagesData is what runs, what tags name, and what was changed by hand. */
export type ImagesData = Wire<QueryResult<'rollouts.images'>>
