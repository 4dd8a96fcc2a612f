import { approve, reject, revoke } from './commands-approve'
import { rehearsed, tell, waive } from './commands-checks'
import { freeze, lift } from './commands-freeze'
import { askOverride, decideOverride, reviewOverride } from './commands-override'
import { cancel, hold, plan, refresh, revise, submit } from './commands-plan'
import { board, calendar, one } from './queries'

/** deploymentsOperations are the commands and queries of this room. */
export const deploymentsOperations = [
  board,
  one,
  calendar,
  plan,
  submit,
  revise,
  refresh,
  hold,
  cancel,
  approve,
  reject,
  revoke,
  tell,
  waive,
  rehearsed,
  askOverride,
  decideOverride,
  reviewOverride,
  freeze,
  lift,
] as const
