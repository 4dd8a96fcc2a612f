import type { Role } from '@/lib/access/permissions'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

export type IncidentData = Wire<QueryResult<'incidents.byId'>>
export type OpenData = Wire<QueryResult<'incidents.open'>>
export type ListData = Wire<QueryResult<'incidents.list'>>
export type ClockData = IncidentData['clocks'][number]
export type RecordData = Wire<QueryResult<'incidents.timeline'>>
export type EntryData = RecordData['entries'][number]
export type TaskData = IncidentData['tasks'][number]
export type Me = { readonly id: string; readonly handle: string; readonly roles: readonly Role[] }
