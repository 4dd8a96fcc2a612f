import type { Audience, IncidentRole } from '@/lib/incidents/model'

/** WorkDialog adds to the record. */
export type WorkDialog =
  | { readonly kind: 'task' }
  | { readonly kind: 'pin' }
  | { readonly kind: 'decision' }
  | { readonly kind: 'link' }
  | { readonly kind: 'update'; readonly audience?: Audience }

/** LeadDialog leads the incident. */
export type LeadDialog =
  | { readonly kind: 'severity' }
  | { readonly kind: 'status' }
  | { readonly kind: 'title' }
  | { readonly kind: 'impact' }
  | { readonly kind: 'visibility' }
  | { readonly kind: 'merge' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'handover'; readonly role: IncidentRole }
  | { readonly kind: 'assign'; readonly role: IncidentRole }

/** ComposerDialog writes an update; `sent` are messages that were published a moment ago. */
export type ComposerDialog = { readonly kind: 'composer'; readonly sent?: readonly string[] }

/** FormDialog is a dialog that is a form of one command. */
export type FormDialog = WorkDialog | LeadDialog

export type DialogKind = FormDialog | ComposerDialog
