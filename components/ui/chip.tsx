import clsx from 'clsx'
import type { ReactNode } from 'react'

export type ChipTone = 'plain' | 'stale' | 'unknown' | 'accent' | 'drill'

const TONES: Readonly<Record<ChipTone, string>> = {
  plain: 'border-line-2 text-ink-2',
  stale: 'border-stale text-stale',
  unknown: 'border-dashed border-unknown text-unknown',
  accent: 'border-accent text-accent',
  drill: 'border-drill text-drill',
}

/** Chip is a small label that states a fact; it is never pressable. */
export function Chip({
  tone = 'plain',
  children,
}: {
  readonly tone?: ChipTone
  readonly children: ReactNode
}): ReactNode {
  return (
    <span
      className={clsx(
        'inline-flex h-5 items-center gap-1 rounded-1 border px-1.5 text-12 whitespace-nowrap',
        TONES[tone],
      )}
    >
      {children}
    </span>
  )
}
