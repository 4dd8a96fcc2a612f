import clsx from 'clsx'
import type { ReactNode } from 'react'
import { TimeAgo } from '@/components/time/time-ago'
import { StateWord } from '@/components/ui/state-word'
import type { FleetView } from '@/lib/client/health-store'
import type { Rating, Verdict } from '@/lib/health/model'
import { xidMeans } from '@/lib/health/rules/xid-catalogue'
import { sourceOf } from './reading'

const LOOKS: Readonly<Record<Rating, string>> = {
  breach: 'bg-breach-tint shadow-[inset_3px_0_var(--breach)]',
  warning: 'bg-warn-tint shadow-[inset_3px_0_var(--warn)]',
  unknown: 'bg-unknown-tint shadow-[inset_3px_0_var(--unknown)]',
  stale: 'bg-stale-tint shadow-[inset_3px_0_var(--stale)]',
  clear: 'border-y',
}

/** GpuVerdict says what happened in plain words, and what to do about it. */
export function GpuVerdict({
  fleet,
  row,
  verdict,
  action,
}: {
  readonly fleet: FleetView
  readonly row: number
  readonly verdict: Verdict
  readonly action: string | undefined
}): ReactNode {
  const source = sourceOf(fleet, row)
  const xid = /^XID (\d+)/.exec(verdict.reason)?.[1]
  return (
    <div className={clsx('-mx-6 px-6 pt-2.5 pb-3', LOOKS[verdict.rating])}>
      <p className="flex items-baseline justify-between gap-3">
        <StateWord rating={verdict.rating} />
        <span className="text-12 text-ink-2">
          {source.name} · <TimeAgo at={source.at} never="never read" />
        </span>
      </p>
      <h3 className="pt-0.5 pb-1 text-16">{verdict.reason || 'Within its limits'}</h3>
      {xid ? <p className="text-pretty">{xidMeans(Number(xid))}</p> : null}
      {action ? (
        <p className="pt-1.5 text-ink-2">
          <b className="font-semibold text-ink">Do this: </b>
          {action}
        </p>
      ) : null}
    </div>
  )
}
