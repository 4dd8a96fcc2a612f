import {
  createPerson,
  endSessions,
  resetPassword,
  revokeSession,
  setPassword,
  signOutEverywhere,
  updatePerson,
} from './commands'
import { mySessions, people } from './queries'

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
] as const
