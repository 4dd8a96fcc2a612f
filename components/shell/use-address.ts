'use client'

import { useSearchParams } from 'next/navigation'
import { type MouseEvent, useCallback } from 'react'

export type AddressParam = {
  readonly value: string | undefined
  /** linkTo gives the props of a link that sets the value without asking the server for the page again. */
  readonly linkTo: (value: string) => {
    readonly href: string
    readonly onClick: (event: MouseEvent<HTMLAnchorElement>) => void
  }
  readonly clear: () => void
  /** set puts a value in the place of the one that stands there, without a step in the history; empty takes it out. */
  readonly set: (value: string) => void
}

/** useAddress keeps one value in the address, so that a shared link shows the same thing. */
export function useAddress(name: string): AddressParam {
  const params = useSearchParams()
  const hrefWith = useCallback(
    (value: string | undefined): string => {
      const next = new URLSearchParams(params)
      if (value === undefined) next.delete(name)
      else next.set(name, value)
      return next.size === 0 ? '?' : `?${next}`
    },
    [name, params],
  )
  const linkTo = useCallback<AddressParam['linkTo']>(
    (value) => {
      const href = hrefWith(value)
      return {
        href,
        onClick: (event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
          event.preventDefault()
          window.history.pushState(null, '', href)
        },
      }
    },
    [hrefWith],
  )
  const clear = useCallback(() => {
    const href = hrefWith(undefined)
    window.history.replaceState(null, '', href === '?' ? window.location.pathname : href)
  }, [hrefWith])
  const set = useCallback(
    (value: string): void => {
      if (value === '') clear()
      else window.history.replaceState(null, '', hrefWith(value))
    },
    [clear, hrefWith],
  )
  return { value: params.get(name) ?? undefined, linkTo, clear, set }
}
