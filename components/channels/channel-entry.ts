import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

type List = Wire<QueryResult<'channels.list'>>

/** ChannelEntry is one channel as the server lists it. */
export type ChannelEntry = List['channels'][number]

/** ChannelKindEntry is one kind of channel that there is. */
export type ChannelKindEntry = List['kinds'][number]

/** AskingEntry is a message that waits for a person's word. */
export type AskingEntry = Wire<QueryResult<'channels.notices'>>['asking'][number]

/** ChannelMay is what the viewer may do with channels. */
export type ChannelMay = { readonly configure: boolean; readonly test: boolean; readonly pause: boolean }
