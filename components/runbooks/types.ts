import type { Role } from '@/lib/access/permissions'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

export type ListData = Wire<QueryResult<'runbooks.list'>>
export type FileData = Wire<QueryResult<'runbooks.file'>>
export type TreeReading = NonNullable<FileData['tree']>
export type Finding = Wire<QueryResult<'runbooks.check'>>['findings'][number]
export type HistoryData = Wire<QueryResult<'runbooks.history'>>
export type ProposalData = Wire<QueryResult<'runbooks.proposal'>>
export type TriedData = Wire<QueryResult<'triage.tryDraft'>>
export type Me = { readonly id: string; readonly handle: string; readonly roles: readonly Role[] }
