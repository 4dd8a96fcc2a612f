import type { Role } from '@/lib/access/permissions'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

export type PostmortemData = Wire<QueryResult<'postmortems.one'>>
export type PostmortemListData = Wire<QueryResult<'postmortems.list'>>
export type ProposedData = Wire<QueryResult<'postmortems.proposed'>>
export type RowData = PostmortemData['record']['timeline'][number]
export type Me = { readonly id: string; readonly handle: string; readonly roles: readonly Role[] }
