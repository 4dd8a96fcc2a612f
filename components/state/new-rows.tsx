import type { ReactNode } from 'react'
import { UpIcon } from '@/components/ui/icons'

/** NewRows stands above a live list while new rows wait; pressing it lets them in. */
export function NewRows({
  count,
  onShow,
}: {
  readonly count: number
  readonly onShow: () => void
}): ReactNode {
  return (
    <div role="status">
      {count === 0 ? null : (
        <button
          type="button"
          onClick={onShow}
          className="flex h-6 w-full items-center justify-center gap-1 border-y border-accent-line bg-accent-tint text-12 font-medium text-accent pointer-coarse:h-11"
        >
          {count} new <UpIcon className="size-3" />
        </button>
      )}
    </div>
  )
}
