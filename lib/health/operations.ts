import { healthCommands } from './commands'
import { healthQueries } from './queries'

/** healthOperations are the commands and queries of the health rooms. */
export const healthOperations = [...healthQueries, ...healthCommands] as const
