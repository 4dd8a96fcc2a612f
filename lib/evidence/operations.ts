import { collect } from './commands'
import { archive, ofIncident } from './queries'

/** evidenceOperations are the operations of this room. */
export const evidenceOperations = [ofIncident, archive, collect] as const
