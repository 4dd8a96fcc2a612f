import {
  abort,
  accept,
  extend,
  liftHold,
  nextRung,
  pause,
  promote,
  resolve,
  resume,
  rollBack,
  say,
} from './commands'
import { advanceHotfix, recordHotfix, waiveHotfix } from './hotfix-commands'
import { images, log, one, recompute, wouldHave } from './queries'
import { startStaging } from './staging-commands'

/** rolloutsOperations are the commands and queries of this room. */
export const rolloutsOperations = [
  one,
  recompute,
  wouldHave,
  log,
  images,
  pause,
  resume,
  promote,
  abort,
  rollBack,
  extend,
  accept,
  nextRung,
  resolve,
  say,
  startStaging,
  liftHold,
  recordHotfix,
  advanceHotfix,
  waiveHotfix,
] as const
