import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'

/** Select is the platform's own list, so that it works with every hand and every reader. */
export function Select({ className, ...rest }: ComponentProps<'select'>): ReactNode {
  return (
    <select
      className={clsx(
        'h-8 rounded-2 border border-edge bg-bg px-2 text-13 aria-invalid:border-breach pointer-coarse:min-h-11',
        className,
      )}
      {...rest}
    />
  )
}
