import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'

/** PageSteps leads through numbered pages; nothing stands there while there is only one. */
export function PageSteps({
  page,
  matching,
  pageSize,
  words,
  onPage,
}: {
  readonly page: number
  readonly matching: number
  readonly pageSize: number
  /** words name the page before and the one after. */
  readonly words: readonly [before: string, after: string]
  /** onPage gets the page as the address holds it: empty for the first. */
  readonly onPage: (page: string) => void
}): ReactNode {
  const pages = Math.ceil(matching / pageSize)
  if (pages < 2) return null
  const [before, after] = words
  return (
    <nav aria-label="Pages" className="flex items-center gap-3 border-t pt-3">
      {page > 1 ? (
        <Button size="small" onClick={() => onPage(page === 2 ? '' : String(page - 1))}>
          {before}
        </Button>
      ) : null}
      <span className="text-12 text-ink-3">
        Page {page} of {pages}
      </span>
      {page < pages ? (
        <Button size="small" onClick={() => onPage(String(page + 1))}>
          {after}
        </Button>
      ) : null}
    </nav>
  )
}
