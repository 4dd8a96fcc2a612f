import { create, plan, saveInventory, tick } from './commands'
import { approve, approveCutover, withdraw } from './commands-approve'
import { openPart, reportBatches, reportRetries, settleRows, steerPart } from './commands-data'
import { abort, advance, recordRollback, rollBackTraffic, sendBack } from './commands-move'
import { reportFigures, reportTraffic, validate } from './commands-report'
import { list, one, quarantined, reportFile } from './queries'

/** migrationsOperations are the operations of this room. */
export const migrationsOperations = [
  list,
  one,
  quarantined,
  reportFile,
  create,
  plan,
  saveInventory,
  tick,
  advance,
  rollBackTraffic,
  abort,
  sendBack,
  recordRollback,
  approve,
  approveCutover,
  withdraw,
  openPart,
  reportBatches,
  reportRetries,
  steerPart,
  settleRows,
  reportTraffic,
  reportFigures,
  validate,
] as const
