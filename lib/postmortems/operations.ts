import { list, one } from './queries'

/** postmortemsOperations are the commands and queries of this room. */
export const postmortemsOperations = [list, one] as const
