import { open, tick, untick } from './commands'
import { ofIncident } from './queries'

/** checklistOperations are the operations of this room. */
export const checklistOperations = [ofIncident, open, tick, untick] as const
