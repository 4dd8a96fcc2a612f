import { mine, ofIncident, score } from './queries'

/** remindersOperations are the queries of promised updates and of how an incident was told. */
export const remindersOperations = [ofIncident, mine, score] as const
