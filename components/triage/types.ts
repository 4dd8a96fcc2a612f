import type { Role } from '@/lib/access/permissions'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

export type TriageData = NonNullable<Wire<QueryResult<'triage.run'>>['run']>
export type CauseData = TriageData['causes'][number]
export type QuestionData = TriageData['questions'][string]
export type Me = { readonly id: string; readonly handle: string; readonly roles: readonly Role[] }
