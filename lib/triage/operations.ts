import { override, start } from './commands'
import { run, suggestion, tree } from './queries'
import { moments, tryDraft } from './queries-trial'

/** triageOperations are the operations of this room. */
export const triageOperations = [run, tree, suggestion, moments, tryDraft, start, override] as const
