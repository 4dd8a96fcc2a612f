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

export type DialogKind = WorkDialog | LeadDialog
