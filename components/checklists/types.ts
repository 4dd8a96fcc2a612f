import type { Role } from '@/lib/access/permissions'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

export type ListData = Wire<QueryResult<'checklists.ofIncident'>>['lists'][number]
export type ItemData = ListData['items'][number] & { readonly isWaiting?: boolean }
export type Me = { readonly id: string; readonly handle: string; readonly roles: readonly Role[] }
export type Place = { readonly id: string; readonly name: string; readonly isMerged: boolean }
