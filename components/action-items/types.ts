import type { Wire } from '@/lib/client/api'
import type { QueryInput, QueryResult } from '@/lib/registry'

/** ItemsData is a page of action items with what they come to. */
export type ItemsData = Wire<QueryResult<'action-items.list'>>

/** ItemData is one action item on a list. */
export type ItemData = ItemsData['items'][number]

/** ItemDetail is one action item with its history. */
export type ItemDetail = Wire<QueryResult<'action-items.one'>>

/** ItemsAsked is what a list is asked for. */
export type ItemsAsked = QueryInput<'action-items.list'>

/** ItemHome is where an item that is added belongs. */
export type ItemHome = { readonly postmortemId: string } | { readonly incidentId: string } | undefined

/** ItemAsk is the form that is open. */
export type ItemAsk =
  | { readonly kind: 'add'; readonly home: ItemHome }
  | { readonly kind: 'change' | 'finish' | 'drop' | 'reopen'; readonly item: ItemData }
