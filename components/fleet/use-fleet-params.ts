'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { type FleetParams, readParams, writeParams } from './params'

/** ParamsChange replaces the page's parameters; opening something leaves a step to go back to. */
export type ParamsChange = (next: FleetParams, how?: 'replace' | 'push') => void

/** useFleetParams reads the URL and changes it without asking the server for the page again. */
export function useFleetParams(): { readonly params: FleetParams; readonly change: ParamsChange } {
  const search = useSearchParams()
  const params = useMemo(() => readParams(new URLSearchParams(search)), [search])
  const change = useCallback<ParamsChange>((next, how = 'replace') => {
    const query = writeParams(next)
    const url = query === '' ? window.location.pathname : `?${query}`
    if (how === 'push') window.history.pushState(null, '', url)
    else window.history.replaceState(null, '', url)
  }, [])
  return { params, change }
}
