import type { HealthFeed } from '../live/hub'
import { readDeltas, readState } from './store'

/** healthFeed reads the committed state and what followed it, for the live hub. */
export const healthFeed: HealthFeed = { readState, readDeltas }
