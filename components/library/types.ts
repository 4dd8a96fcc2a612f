import type { Wire } from '@/lib/client/api'
import type { QueryInput, QueryResult } from '@/lib/registry'

/** FoundData is one page of what a search found. */
export type FoundData = Wire<QueryResult<'library.search'>>

/** Found is one postmortem that a search found. */
export type Found = FoundData['found'][number]

/** SearchAsked is what is searched for. */
export type SearchAsked = QueryInput<'library.search'>

/** Alike is one past postmortem that is like another. */
export type Alike = Wire<QueryResult<'library.similar'>>['alike'][number]
