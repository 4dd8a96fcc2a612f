import { namePerson, unnamePerson } from './commands-access'
import { linkAlerts, unlinkAlerts } from './commands-alerts'
import { acknowledge, declare } from './commands-declare'
import { saveDraft } from './commands-drafts'
import { merge } from './commands-merge'
import { reopen, setImpact, setSeverity, setStatus, setTitle, setVisibility } from './commands-overwrite'
import { beHere } from './commands-presence'
import {
  acceptHandover,
  assignRole,
  declineHandover,
  leaveRole,
  offerHandover,
  takeRole,
} from './commands-roles'
import {
  ackTask,
  addDecision,
  addNote,
  addTask,
  finishTask,
  link,
  pauseClocks,
  pinEvidence,
  recordUpdate,
  resumeClocks,
} from './commands-work'
import { byId, list, obligations, open } from './queries'
import { alertAdvice, ofAlert } from './queries-advice'
import { alerts } from './queries-alerts'
import { drafts } from './queries-drafts'
import { present } from './queries-presence'
import { timeline } from './queries-record'

/** incidentOperations are the commands and queries of this room. */
export const incidentOperations = [
  open,
  list,
  byId,
  timeline,
  alerts,
  obligations,
  declare,
  acknowledge,
  setTitle,
  setImpact,
  setSeverity,
  setStatus,
  setVisibility,
  namePerson,
  unnamePerson,
  linkAlerts,
  unlinkAlerts,
  alertAdvice,
  ofAlert,
  reopen,
  merge,
  assignRole,
  takeRole,
  leaveRole,
  offerHandover,
  acceptHandover,
  declineHandover,
  addNote,
  addDecision,
  pinEvidence,
  link,
  recordUpdate,
  pauseClocks,
  resumeClocks,
  addTask,
  ackTask,
  finishTask,
  saveDraft,
  drafts,
  beHere,
  present,
] as const
