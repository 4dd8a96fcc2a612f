import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { Rating } from '@/lib/health/model'
import { RATING_TEXT } from './rating'

export type Mark = Rating | 'blocks' | 'false'

const COLOURS: Readonly<Record<Mark, string>> = { ...RATING_TEXT, blocks: 'text-ink', false: 'text-ink-2' }
const OCTAGON = 'M3.6 0h4.8L12 3.6v4.8L8.4 12H3.6L0 8.4V3.6z'

/** StateMark is the silhouette of a state; the word beside it is always written by the caller. */
export function StateMark({
  mark,
  className = 'size-3',
}: {
  readonly mark: Mark
  readonly className?: string
}): ReactNode {
  return (
    <svg viewBox="0 0 12 12" className={clsx(COLOURS[mark], className)} aria-hidden="true">
      <Silhouette mark={mark} />
    </svg>
  )
}

function Silhouette({ mark }: { readonly mark: Mark }): ReactNode {
  switch (mark) {
    case 'clear':
      return <path d="M1.5 6.5 4.7 9.6 10.5 2.8" fill="none" stroke="currentColor" strokeWidth="1.7" />
    case 'warning':
      return <Hourglass />
    case 'breach':
      return (
        <>
          <path d={OCTAGON} fill="currentColor" />
          <path d="M6 2.8v3.9" className="stroke-bg" strokeWidth="1.7" />
          <circle cx="6" cy="8.9" r="1" className="fill-bg" />
        </>
      )
    case 'unknown':
      return (
        <>
          <circle
            cx="6"
            cy="6"
            r="5.3"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.1"
            strokeDasharray="2 1.3"
          />
          <path
            d="M4.5 4.7c0-2 3-2 3 0 0 1.1-1.5 1.1-1.5 2.3"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.2"
          />
          <circle cx="6" cy="8.8" r=".8" fill="currentColor" />
        </>
      )
    case 'stale':
      return (
        <path
          d="M.8 2v8M11.2 2v8M1 3h1.5L6 6l3.5-3H11M1 9h1.5L6 6l3.5 3H11"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.2"
        />
      )
    case 'blocks':
      return (
        <>
          <path d={OCTAGON} fill="currentColor" />
          <path d="M3 6h6" className="stroke-bg" strokeWidth="1.7" />
        </>
      )
    case 'false':
      return <path d="M2.2 2.2l7.6 7.6M9.8 2.2 2.2 9.8" stroke="currentColor" strokeWidth="1.7" />
  }
}

function Hourglass(): ReactNode {
  return (
    <>
      <path
        d="M2 .9h8M2 11.1h8M3 1v1.6L6 6l3-3.4V1M3 11V9.4L6 6l3 3.4V11"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.2"
      />
      <path d="M3.6 2.8h4.8L6 5.6z" fill="currentColor" />
    </>
  )
}
