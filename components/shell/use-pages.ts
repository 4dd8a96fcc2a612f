'use client'

import { useState } from 'react'

/** Pages is where somebody stands in a list that is read on from the last number of the page before. */
export type Pages = {
  /** before is what the page is asked with; undefined for the first. */
  readonly before: number | undefined
  /** newer goes a page back; undefined on the first. */
  readonly newer: (() => void) | undefined
  readonly older: (next: number) => void
  /** restart begins at the first page, as after another filter. */
  readonly restart: () => void
}

/** usePages walks through a list, newest first, a page at a time. */
export function usePages(): Pages {
  const [pages, setPages] = useState<readonly number[]>([])
  return {
    before: pages.at(-1),
    newer: pages.length === 0 ? undefined : () => setPages(pages.slice(0, -1)),
    older: (next) => setPages([...pages, next]),
    restart: () => setPages([]),
  }
}
