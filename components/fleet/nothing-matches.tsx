import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'

/** NothingMatches says that the filters leave no GPU, and takes them away. */
export function NothingMatches({ onClear }: { readonly onClear: () => void }): ReactNode {
  return (
    <div className="flex flex-wrap items-center gap-3 border-b px-6 py-3 text-ink-2" role="status">
      No GPU matches these filters.
      <Button size="small" onClick={onClear}>
        Clear filters
      </Button>
    </div>
  )
}
