'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { SourceAge } from '@/components/state/source-age'
import { TimeAgo } from '@/components/time/time-ago'
import { Link } from '@/components/ui/link'
import { Popover } from '@/components/ui/popover'
import { Skeleton } from '@/components/ui/skeleton'
import { StateWord } from '@/components/ui/state-word'
import { useBoard } from '@/lib/client/health-store'
import { PLANES, type PlaneId } from '@/lib/health/model'
import type { PlaneRow } from '@/lib/health/wire'

const ROOMS: Readonly<Record<PlaneId, { readonly href: string; readonly title: string }>> = {
  code: { href: '/services', title: 'Services' },
  account: { href: '#credit', title: 'Credit runway' },
  quota: { href: '#api', title: 'API against limits' },
  'provider-api': { href: '#api', title: 'API against limits' },
  'provider-page': { href: '/settings/sources', title: 'Sources' },
  host: { href: '/fleet', title: 'Fleet' },
  gpu: { href: '/gpus', title: 'GPUs' },
  queue: { href: '/queues', title: 'Queues' },
  'control-plane': { href: '/services', title: 'Services' },
}

const CELL =
  'grid min-h-28.5 min-w-0 xl:min-h-25 content-start px-2 py-2 text-left transition-colors -outline-offset-2 md:px-3 md:pt-2.5'

/** Planes is the attribution strip: where the fault may lie, nine cells in an order that never changes. */
export function Planes(): ReactNode {
  const rows = useBoard((board) => board.planes)
  return (
    <section
      aria-label="Where the fault may lie: nine planes, each with its own probe"
      className="grid grid-cols-3 border-y border-y-line-2 xl:grid-cols-9 [&>*]:border-line [&>*:nth-child(3n+2)]:border-x xl:[&>*]:border-l xl:[&>*:first-child]:border-l-0 xl:[&>*:nth-child(3n+2)]:border-r-0 max-xl:[&>*:nth-child(n+4)]:border-t"
    >
      {PLANES.map((plane) => {
        const row = rows?.find((candidate) => candidate.id === plane.id)
        return (
          <div key={plane.id} className="grid min-w-0">
            {row === undefined ? (
              <div className={CELL}>
                <span className="text-ink-2">{plane.title}</span>
                <Skeleton className="mt-2 h-4 w-16" />
                <Skeleton className="mt-1.5 h-3 w-24" />
              </div>
            ) : (
              <PlaneCell title={plane.title} row={row} />
            )}
          </div>
        )
      })}
    </section>
  )
}

function PlaneCell({ title, row }: { readonly title: string; readonly row: PlaneRow }): ReactNode {
  const { rating } = row
  const isMissing = rating === 'unknown'
  const plate = isMissing ? 'plate' : ''
  const isLoud = rating === 'breach' || rating === 'warning'
  return (
    <Popover
      label={`${title}: evidence`}
      triggerClassName={clsx(
        CELL,
        rating === 'breach' && 'bg-breach-tint shadow-[inset_0_3px_var(--breach)]',
        rating === 'warning' && 'shadow-[inset_0_3px_var(--warn)] hover:bg-raise',
        isMissing && 'hatch',
        (rating === 'clear' || rating === 'stale') && 'hover:bg-raise',
      )}
      trigger={
        <>
          <span
            className={clsx(
              'block truncate font-medium max-md:text-12',
              rating === 'clear' ? 'text-ink-2' : 'text-ink',
              plate,
            )}
          >
            {title}
          </span>
          <StateWord rating={rating} className={clsx('mt-1 md:mt-1.5', plate)} />
          <span
            className={clsx(
              'mt-0.5 line-clamp-2 block text-12 xl:truncate',
              rating === 'clear' ? 'text-ink-3' : isLoud ? 'text-ink' : 'text-ink-2',
              plate,
            )}
          >
            {row.figure}
          </span>
          <span className={clsx('block text-12', rating === 'breach' ? 'text-ink-2' : 'text-ink-3', plate)}>
            <TimeAgo at={row.at} never="not read yet" />
          </span>
        </>
      }
    >
      <PlaneEvidence title={title} row={row} />
    </Popover>
  )
}

function PlaneEvidence({ title, row }: { readonly title: string; readonly row: PlaneRow }): ReactNode {
  const room = ROOMS[row.id]
  return (
    <div className="grid gap-2">
      <p className="flex items-center justify-between gap-4">
        <b className="font-semibold">{title}</b>
        <StateWord rating={row.rating} />
      </p>
      <p>{row.reason}</p>
      <p className="text-ink-2">{row.figure}</p>
      {row.wayRound === undefined ? null : (
        <p className="border-t pt-2 text-ink-2">
          <span className="text-ink">Instead: </span>
          {row.wayRound}
        </p>
      )}
      <p className="flex items-center justify-between gap-4 border-t pt-2">
        <SourceAge source={row.source || 'no source'} at={row.at} />
        <Link href={room.href} className="link text-12">
          {room.title}
        </Link>
      </p>
    </div>
  )
}
