import { alertsCommands } from './commands'
import { alertsQueries } from './queries'

/** alertsOperations are every command and query of the alerts room. */
export const alertsOperations = [...alertsQueries, ...alertsCommands] as const
