import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'

/** Input is one line of text. */
export function Input({ className, ...rest }: ComponentProps<'input'>): ReactNode {
  return (
    <input
      className={clsx(
        'h-8 w-full min-w-0 rounded-2 border border-edge bg-transparent px-2.5 text-13 placeholder:text-ink-3 aria-invalid:border-breach pointer-coarse:min-h-11',
        className,
      )}
      {...rest}
    />
  )
}
