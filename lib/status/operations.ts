import { statusCommands } from './commands'
import { exportCommands } from './commands-exports'
import { maintenanceCommands } from './commands-maintenance'
import { statusQueries } from './queries'

/** statusOperations are the operations of this room. */
export const statusOperations = [
  ...statusQueries,
  ...statusCommands,
  ...maintenanceCommands,
  ...exportCommands,
] as const
