import { approve, refuse, withdraw } from './commands'
import { correct, publish } from './commands-publish'
import { draft, links, ofIncident } from './queries'

/** publicationsOperations are the commands and queries of this room. */
export const publicationsOperations = [
  draft,
  links,
  ofIncident,
  publish,
  approve,
  refuse,
  withdraw,
  correct,
] as const
