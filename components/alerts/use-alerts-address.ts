'use client'

import { useRouter, useSearchParams } from 'next/navigation'
import { useCallback } from 'react'
import { type AlertsFilter, type AlertsTab, filterOf, tabOf, withParam } from './alert-filter'

/** AlertsAddress is what the address says, and how to change one part of it without asking the server for the page. */
export type AlertsAddress = {
  readonly params: URLSearchParams
  readonly tab: AlertsTab
  readonly filter: AlertsFilter
  readonly set: (name: string, value: string) => void
  readonly clear: () => void
}

/** useAlertsAddress keeps tab, filter and open group in the address, so that a shared link shows the same thing. */
export function useAlertsAddress(): AlertsAddress {
  const params = useSearchParams()
  const router = useRouter()
  const set = useCallback(
    (name: string, value: string) => {
      window.history.replaceState(null, '', withParam(new URLSearchParams(params), name, value))
    },
    [params],
  )
  const clear = useCallback(() => router.replace('/alerts'), [router])
  const plain = new URLSearchParams(params)
  return { params: plain, tab: tabOf(plain), filter: filterOf(plain), set, clear }
}
