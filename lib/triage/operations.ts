import { override, start } from './commands'
import { run, suggestion, tree } from './queries'

/** triageOperations are the operations of this room. */
export const triageOperations = [run, tree, suggestion, start, override] as const
