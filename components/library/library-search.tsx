'use client'

import { useSearchParams } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { Input } from '@/components/ui/input'
import { later } from '@/components/ui/later'

const SearchResults = later(() => import('./search-results').then((module) => module.SearchResults))

/** LibrarySearch is the field that searches all postmortems; while it is empty the page shows its own list. */
export function LibrarySearch({ children }: { readonly children: ReactNode }): ReactNode {
  const params = useSearchParams()
  // The address follows what is typed, later than the next key: the field holds its own text.
  const [text, setText] = useState(params.get('q') ?? '')
  function type(next: string): void {
    setText(next)
    const address = new URLSearchParams(params)
    address.delete('page')
    if (next.trim() === '') address.delete('q')
    else address.set('q', next)
    window.history.replaceState(null, '', address.size === 0 ? '/postmortems' : `/postmortems?${address}`)
  }
  return (
    <>
      <search className="w-full max-w-xl">
        <Input
          aria-label="Search all postmortems"
          placeholder="Search texts, timelines, hosts, PM- and INC- numbers"
          type="search"
          data-search
          maxLength={200}
          value={text}
          onChange={(event) => type(event.target.value)}
        />
      </search>
      {text.trim() === '' ? children : <SearchResults text={text} />}
    </>
  )
}
