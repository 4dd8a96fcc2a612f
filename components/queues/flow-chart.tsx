import clsx from 'clsx'
import type { ReactNode } from 'react'
import { bandPath, sparkPaths, topOf } from '@/components/charts/spark-path'
import { Skeleton } from '@/components/ui/skeleton'
import type { QueueHistory } from './queue-history'

const WIDTH = 312
const HEIGHT = 48

/** FlowChart draws arrival in ink, dispatch in grey, and tints the gap where dispatch falls behind. */
export function FlowChart({
  history,
  isLoading,
  className,
}: {
  readonly history: QueueHistory | undefined
  readonly isLoading: boolean
  readonly className?: string
}): ReactNode {
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
  const top = topOf([...history.addPerMinute, ...history.dispatchPerMinute], undefined)
  const size = { width: WIDTH, height: HEIGHT, top }
  const arrival = sparkPaths({ values: history.addPerMinute, ...size })
  const dispatch = sparkPaths({ values: history.dispatchPerMinute, ...size })
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label="Arrival against dispatch over the last hour"
      className={clsx('w-full overflow-visible', className)}
    >
      <path
        d={bandPath({ upper: history.addPerMinute, lower: history.dispatchPerMinute, ...size })}
        className="fill-warn-tint"
      />
      <path d={dispatch.line} fill="none" vectorEffect="non-scaling-stroke" className="stroke-spark" />
      <path d={arrival.line} fill="none" vectorEffect="non-scaling-stroke" className="stroke-ink" />
    </svg>
  )
}
