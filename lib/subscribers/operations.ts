import { configure, forget, resume, test } from './commands'
import { outcomes, settings } from './queries'

/** subscribersOperations are the commands and queries of mail to subscribers. */
export const subscribersOperations = [settings, outcomes, configure, test, resume, forget] as const
