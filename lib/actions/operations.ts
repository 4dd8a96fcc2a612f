import { prepare, recordManual, undo } from './commands'
import { approve, askSecond, breakGlass, cancel, carryOut, decline, review } from './commands-consent'
import { list, offered, run, toReview } from './queries'

/** actionsOperations are the operations of this room. */
export const actionsOperations = [
  offered,
  run,
  list,
  toReview,
  prepare,
  askSecond,
  approve,
  decline,
  breakGlass,
  carryOut,
  cancel,
  undo,
  recordManual,
  review,
] as const
