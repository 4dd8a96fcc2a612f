import type { ReactNode } from 'react'
import type { Pages } from '@/components/shell/use-pages'
import { Button } from '@/components/ui/button'

/** OlderNewer leads through the pages of a list, newest first. */
export function OlderNewer({
  pages,
  next,
}: {
  readonly pages: Pages
  /** next is what the page after this one is asked with; null on the last. */
  readonly next: number | null
}): ReactNode {
  return (
    <div className="flex gap-2 pt-3">
      {pages.newer === undefined ? null : (
        <Button size="small" onClick={pages.newer}>
          Newer
        </Button>
      )}
      {next === null ? null : (
        <Button size="small" onClick={() => pages.older(next)}>
          Older
        </Button>
      )}
    </div>
  )
}
