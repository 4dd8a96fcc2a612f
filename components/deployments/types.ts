import type { Role } from '@/lib/access/permissions'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

/** PageData is one deployment as it is to be approved. */
export type PageData = Wire<QueryResult<'deployments.one'>>

/** BoardData is the board of deployments. */
export type BoardData = Wire<QueryResult<'deployments.board'>>

/** CalendarData is a year of windows. */
export type CalendarData = Wire<QueryResult<'deployments.calendar'>>

/** ConditionData is one condition of the verdict. */
export type ConditionData = PageData['conditions'][number]

/** Me is who looks. */
export type Me = { readonly id: string; readonly handle: string; readonly roles: readonly Role[] }

/** Asking is the dialog that is open on the approval page. */
export type Asking =
  | { readonly kind: 'approve' }
  | { readonly kind: 'reject' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'edit' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'override' }
  | { readonly kind: 'rehearsed' }
  | { readonly kind: 'tell'; readonly item: string }
  | { readonly kind: 'waive'; readonly item: string }

/** UpkeepData is the ledger of rotations with the proposals of other sizes. */
export type UpkeepData = Wire<QueryResult<'deployments.upkeep'>>
