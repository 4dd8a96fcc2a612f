import type { UseQueryResult } from '@tanstack/react-query'
import type { Face } from '@/components/state/panel-face'

/** faceOf gives the face of a panel whose query has no data yet; undefined once there is some. */
export function faceOf(query: UseQueryResult<unknown>, sentence: string): Face | undefined {
  if (query.isPending) return { kind: 'loading', rows: 3 }
  if (query.isError && query.data === undefined)
    return { kind: 'failed', sentence, detail: query.error.message, retry: () => void query.refetch() }
  return undefined
}
