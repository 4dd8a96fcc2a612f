import clsx from 'clsx'
import type { ReactNode } from 'react'

/** Skeleton holds the place of what is still loading; it says nothing to readers, its panel does. */
export function Skeleton({ className }: { readonly className?: string }): ReactNode {
  return <span className={clsx('block rounded-1 bg-band', className)} aria-hidden="true" />
}
