import type { Role } from '@/lib/access/permissions'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

export type OfferedAction = Wire<QueryResult<'actions.offered'>>['actions'][number]
export type RunData = Wire<QueryResult<'actions.run'>>
export type RunLine = Wire<QueryResult<'actions.list'>>['runs'][number]
export type Unreviewed = Wire<QueryResult<'actions.toReview'>>['runs'][number]
export type Me = { readonly id: string; readonly handle: string; readonly roles: readonly Role[] }
export type Place = { readonly id: string; readonly name: string; readonly isOver: boolean }
