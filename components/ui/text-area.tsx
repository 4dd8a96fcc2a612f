import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'

/** TextArea is text of several lines. */
export function TextArea({ className, ...rest }: ComponentProps<'textarea'>): ReactNode {
  return (
    <textarea
      className={clsx(
        'w-full rounded-2 border border-edge bg-transparent px-2.5 py-1.5 text-13 placeholder:text-ink-3 aria-invalid:border-breach',
        className,
      )}
      {...rest}
    />
  )
}
