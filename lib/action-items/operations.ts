import { add, change, drop, finish, reopen } from './commands'
import { burnDown, list, mine, ofIncident, ofPostmortem, one } from './queries'

/** actionItemsOperations are what can be read of action items and how they are changed. */
export const actionItemsOperations = [
  add,
  burnDown,
  change,
  drop,
  finish,
  list,
  mine,
  ofIncident,
  ofPostmortem,
  one,
  reopen,
] as const
