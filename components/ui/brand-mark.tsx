import type { ReactNode } from 'react'

const CELLS = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
const LIT = 2

/** BrandMark is the nine planes with one lit. */
export function BrandMark({ className = 'size-4' }: { readonly className?: string }): ReactNode {
  return (
    <svg viewBox="0 0 18 18" className={className} aria-hidden="true">
      {CELLS.map((cell) => (
        <rect
          key={cell}
          x={(cell % 3) * 6.5}
          y={Math.floor(cell / 3) * 6.5}
          width="5"
          height="5"
          className={cell === LIT ? 'fill-accent' : 'fill-current opacity-80'}
        />
      ))}
    </svg>
  )
}
