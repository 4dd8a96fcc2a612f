import { approve, refuse, withdraw } from './commands'
import { correct, publish } from './commands-publish'
import { draft, ofIncident } from './queries'

/** publicationsOperations are the commands and queries of this room. */
export const publicationsOperations = [
  draft,
  ofIncident,
  publish,
  approve,
  refuse,
  withdraw,
  correct,
] as const
