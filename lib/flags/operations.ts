import { change, create, turnOff } from './commands'
import { list, one } from './queries'

/** flagsOperations are the operations of this room. */
export const flagsOperations = [list, one, create, change, turnOff] as const
