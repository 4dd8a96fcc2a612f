import {
  createPerson,
  endSessions,
  resetPassword,
  revokeSession,
  setPassword,
  signOutEverywhere,
  updatePerson,
} from './commands'
import { createKey, endKey, revokeKey } from './commands-keys'
import { mySessions, people } from './queries'
import { keys } from './queries-keys'

/** accessOperations are the commands and queries of this room. */
export const accessOperations = [
  people,
  createPerson,
  updatePerson,
  resetPassword,
  endSessions,
  setPassword,
  mySessions,
  revokeSession,
  signOutEverywhere,
  keys,
  createKey,
  revokeKey,
  endKey,
] as const
