import clsx from 'clsx'
import type { ReactNode } from 'react'

/** Kbd shows a key or a sequence of keys. */
export function Kbd({
  children,
  onAccent = false,
}: {
  readonly children: ReactNode
  readonly onAccent?: boolean
}): ReactNode {
  return (
    <kbd
      className={clsx(
        'inline-block min-w-4 rounded-1 border px-1 text-center font-mono text-11',
        onAccent ? 'border-on-accent/40 text-on-accent' : 'border-line-2 text-ink-2',
      )}
    >
      {children}
    </kbd>
  )
}
