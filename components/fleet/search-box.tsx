'use client'

import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { SearchIcon } from '@/components/ui/icons'
import { Kbd } from '@/components/ui/kbd'
import type { FleetParams } from './params'
import type { ParamsChange } from './use-fleet-params'

const TYPING_MS = 120

/** SearchBox narrows as one types; the URL follows at the next pause. */
export function SearchBox({
  params,
  change,
  input,
}: {
  readonly params: FleetParams
  readonly change: ParamsChange
  readonly input: RefObject<HTMLInputElement | null>
}): ReactNode {
  const [text, setText] = useState(params.search)
  const [known, setKnown] = useState(params.search)
  const timer = useRef<number>(undefined)
  const latest = useRef(params)
  useEffect(() => {
    latest.current = params
  })
  useEffect(() => () => window.clearTimeout(timer.current), [])
  if (known !== params.search) {
    setKnown(params.search)
    setText(params.search)
  }

  function type(next: string): void {
    setText(next)
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => {
      setKnown(next)
      change({ ...latest.current, search: next })
    }, TYPING_MS)
  }

  return (
    <search className="flex h-6 w-52 items-center gap-1.5 rounded-2 border border-edge px-1.5 focus-within:outline-2 focus-within:outline-accent max-md:order-last max-md:w-full pointer-coarse:h-11">
      <SearchIcon className="size-3 text-ink-3" />
      <input
        ref={input}
        type="search"
        data-search
        aria-label="Search host, GPU, label or XID"
        placeholder="Host, GPU, label, XID"
        value={text}
        maxLength={200}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          if (text === '') event.currentTarget.blur()
          else type('')
        }}
        className="min-w-0 flex-1 bg-transparent text-12 outline-none placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
      />
      <Kbd>/</Kbd>
    </search>
  )
}
