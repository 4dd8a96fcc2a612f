import { exportIncident } from './queries-export'

/** drillsOperations are the operations of the drills room. */
export const drillsOperations = [exportIncident] as const
