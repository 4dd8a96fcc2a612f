import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

/** ShelfData is the room: scenarios without their truth, the drill that goes on, past ones. */
export type ShelfData = Wire<QueryResult<'drills.list'>>

/** Shelved is a scenario on the list. */
export type Shelved = ShelfData['scenarios'][number]

/** GoingDrill is the drill that goes on. */
export type GoingDrill = NonNullable<Wire<QueryResult<'drills.current'>>['drill']>

/** ReportData is a drill that is over. */
export type ReportData = Wire<QueryResult<'drills.report'>>
