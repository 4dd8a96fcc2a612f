import { approve, reject, revoke } from './commands-approve'
import { rehearsed, tell, waive } from './commands-checks'
import { freeze, lift } from './commands-freeze'
import { askOverride, decideOverride, reviewOverride } from './commands-override'
import { plan, submit } from './commands-plan'
import { cancel, hold, refresh, revise } from './commands-revise'
import { addSecret, decideSize, rotate } from './commands-upkeep'
import { board, calendar, one } from './queries'
import { upkeep } from './queries-upkeep'

/** deploymentsOperations are the commands and queries of this room. */
export const deploymentsOperations = [
  board,
  one,
  calendar,
  upkeep,
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
  addSecret,
  rotate,
  decideSize,
] as const
