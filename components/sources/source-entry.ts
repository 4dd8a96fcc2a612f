import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

/** SourceEntry is one configurable source as the server lists it. */
export type SourceEntry = Wire<QueryResult<'sources.list'>>[number]
