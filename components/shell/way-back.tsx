import type { ReactNode } from 'react'
import { BrandMark } from '@/components/ui/brand-mark'

/** WayBack is the face of a page that can't be shown: what happened, what it means, and where to go. */
export function WayBack({
  title,
  children,
  actions,
  whole = false,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly actions: ReactNode
  /** whole fills the screen where there is no console frame around. */
  readonly whole?: boolean
}): ReactNode {
  return (
    <div className={whole ? 'grid min-h-dvh place-items-center p-6' : 'grid flex-1 place-items-center p-6'}>
      <div className="grid max-w-md gap-4">
        <BrandMark className="size-6" />
        <h1 className="text-24 font-semibold">{title}</h1>
        <div className="grid gap-2 text-14 text-ink-2">{children}</div>
        <div className="flex flex-wrap gap-2 pt-2">{actions}</div>
      </div>
    </div>
  )
}
