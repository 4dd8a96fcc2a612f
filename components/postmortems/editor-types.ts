import type { Role } from '@/lib/access/permissions'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

export type DocumentData = Wire<QueryResult<'postmortems.one'>>
export type ReviewData = Wire<QueryResult<'postmortems.review'>>
export type ThreadData = Wire<QueryResult<'postmortems.comments'>>['threads'][number]
export type Viewer = { readonly id: string; readonly handle: string; readonly roles: readonly Role[] }
