import clsx from 'clsx'
import type { ReactNode } from 'react'

export type Severity = 'P1' | 'P2' | 'P3' | 'P4' | 'drill'

const COLOURS: Readonly<Record<Severity, string>> = {
  P1: 'text-p1',
  P2: 'text-p2',
  P3: 'text-p3',
  P4: 'text-p4',
  drill: 'text-drill',
}

/** SeverityMark is the severity's silhouette with its word; `bare` leaves the word to the caller. */
export function SeverityMark({
  severity,
  bare = false,
  className = 'size-3',
}: {
  readonly severity: Severity
  readonly bare?: boolean
  readonly className?: string
}): ReactNode {
  return (
    <span
      className={clsx('inline-flex items-center gap-1.5 font-semibold whitespace-nowrap', COLOURS[severity])}
    >
      <svg viewBox="0 0 12 12" className={className} aria-hidden="true">
        <Silhouette severity={severity} />
      </svg>
      {bare ? null : severity === 'drill' ? 'Drill' : severity}
    </span>
  )
}

function Silhouette({ severity }: { readonly severity: Severity }): ReactNode {
  switch (severity) {
    case 'P1':
      return <path d="M6 .2 11.8 6 6 11.8.2 6z" fill="currentColor" />
    case 'P2':
      return <path d="M6 1 11.8 11H.2z" fill="currentColor" />
    case 'P3':
      return <circle cx="6" cy="6" r="5" fill="currentColor" />
    case 'P4':
      return <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.8" />
    case 'drill':
      return (
        <path
          d="M.7.7h10.6v10.6H.7zM4.2.7v10.6M7.8.7v10.6M.7 4.2h10.6M.7 7.8h10.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.2"
        />
      )
  }
}
