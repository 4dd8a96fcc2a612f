'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { minuteSlots } from '@/components/charts/minute-slots'
import { bandPath, sparkPaths, topOf } from '@/components/charts/spark-path'
import { Skeleton } from '@/components/ui/skeleton'
import { useFleetMeta } from '@/lib/client/health-store'
import type { QueueHistory } from './queue-history'

const WIDTH = 312
const HEIGHT = 48
const MINUTES = 60
const LINE = { fill: 'none', strokeLinecap: 'round', vectorEffect: 'non-scaling-stroke' } as const

/** FlowChart draws the last hour: arrival in ink, dispatch in grey, tinted where dispatch falls behind; unread minutes stay empty. */
export function FlowChart({
  history,
  isLoading,
  className,
}: {
  readonly history: QueueHistory | undefined
  readonly isLoading: boolean
  readonly className?: string
}): ReactNode {
  const until = useFleetMeta((fleet) => Math.floor(fleet.at / 60) * 60) ?? 0
  if (history === undefined) {
    return isLoading ? (
      <Skeleton className={className} />
    ) : (
      <p className={clsx('hatch grid place-items-center text-12 text-ink-2', className)}>
        <span className="plate">history could not be read</span>
      </p>
    )
  }
  const known = history.addPerMinute.filter((value) => value !== null).length
  if (known < 2) {
    return (
      <p className={clsx('hatch grid place-items-center text-12 text-ink-2', className)}>
        <span className="plate">no history yet</span>
      </p>
    )
  }
  const slots = (values: readonly (number | null)[]): readonly (number | null)[] =>
    minuteSlots({ t: history.t, values, until, minutes: MINUTES })
  const upper = slots(history.addPerMinute)
  const lower = slots(history.dispatchPerMinute)
  const size = { width: WIDTH, height: HEIGHT, top: topOf([...upper, ...lower], undefined) }
  const arrival = sparkPaths({ values: upper, ...size })
  const dispatch = sparkPaths({ values: lower, ...size })
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label="Arrival against dispatch over the last hour"
      className={clsx('w-full overflow-visible', className)}
    >
      <path d={bandPath({ upper, lower, ...size })} className="fill-warn-tint" />
      <path d={dispatch.line} className="stroke-spark" {...LINE} />
      <path d={arrival.line} className="stroke-ink" {...LINE} />
    </svg>
  )
}
