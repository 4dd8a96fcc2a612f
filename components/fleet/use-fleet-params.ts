'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type FleetParams, readParams, writeParams } from './params'

/** ParamsChange replaces the page's parameters; opening something leaves a step to go back to. */
export type ParamsChange = (next: FleetParams, how?: 'replace' | 'push') => void

/**
 * useFleetParams reads the URL and changes it without asking the server for the page again. The screen follows a change
 * at once; the URL is followed when it moves by itself (back, forward, a link), not when it echoes what was written.
 */
export function useFleetParams(): { readonly params: FleetParams; readonly change: ParamsChange } {
  const search = useSearchParams().toString()
  const [params, setParams] = useState(() => readParams(new URLSearchParams(search)))
  const written = useRef<string[]>([])
  useEffect(() => {
    const fromUrl = readParams(new URLSearchParams(search))
    const at = written.current.lastIndexOf(writeParams(fromUrl))
    if (at >= 0) written.current = written.current.slice(at + 1)
    else setParams(fromUrl)
  }, [search])
  const change = useCallback<ParamsChange>((next, how = 'replace') => {
    setParams(next)
    const query = writeParams(next)
    const present = writeParams(readParams(new URLSearchParams(window.location.search)))
    if (query !== present) written.current.push(query)
    const url = query === '' ? window.location.pathname : `?${query}`
    if (how === 'push') window.history.pushState(null, '', url)
    else window.history.replaceState(null, '', url)
  }, [])
  return { params, change }
}
