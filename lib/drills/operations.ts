import { pause, resume, start, stop } from './commands'
import { current, list, report, spoiler } from './queries'
import { exportIncident } from './queries-export'

/** drillsOperations are the operations of the drills room. */
export const drillsOperations = [
  current,
  exportIncident,
  list,
  pause,
  report,
  resume,
  spoiler,
  start,
  stop,
] as const
