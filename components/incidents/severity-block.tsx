import clsx from 'clsx'
import type { ReactNode } from 'react'
import { SeverityMark } from '@/components/ui/severity-mark'
import type { Severity } from '@/lib/incidents/model'

/** SeverityBlock is the first thing the eye finds: solid red for P1, the silhouette in its colour for the others. */
export function SeverityBlock({
  severity,
  isDrill,
}: {
  readonly severity: Severity
  readonly isDrill: boolean
}): ReactNode {
  const isLoud = severity === 'P1' && !isDrill
  return (
    <span
      className={clsx(
        'grid min-w-16 place-content-center gap-0.5 self-stretch border-r px-3 text-16 md:min-w-20',
        isLoud && 'border-p1-solid bg-p1-solid text-on-p1 [&_*]:text-on-p1',
        isDrill && 'bg-drill-tint',
      )}
    >
      <SeverityMark severity={severity} className="size-3.5" />
      {isDrill ? <span className="text-center text-12 font-semibold text-drill">Drill</span> : null}
    </span>
  )
}
