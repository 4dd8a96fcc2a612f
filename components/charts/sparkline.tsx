import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { Rating } from '@/lib/health/model'
import { sparkPaths, topOf } from './spark-path'

const LINES: Readonly<Record<Rating, string>> = {
  clear: 'stroke-spark',
  warning: 'stroke-warn',
  breach: 'stroke-breach',
  unknown: 'stroke-spark',
  stale: 'stroke-spark',
}
const DOTS: Readonly<Record<Rating, string>> = {
  clear: 'fill-ink',
  warning: 'fill-warn',
  breach: 'fill-breach',
  unknown: 'fill-unknown',
  stale: 'fill-stale',
}

/** Sparkline is the shape of a figure over time with its limit; decoration beside the number itself. */
export function Sparkline({
  values,
  limit,
  rating = 'clear',
  width = 72,
  height = 18,
  className,
}: {
  readonly values: readonly (number | null)[]
  readonly limit?: number
  readonly rating?: Rating
  readonly width?: number
  readonly height?: number
  readonly className?: string
}): ReactNode {
  const paths = sparkPaths({ values, width, height, top: topOf(values, limit), limit })
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={clsx('overflow-visible', className)}
      aria-hidden="true"
    >
      {paths.limitY === undefined ? null : (
        <path d={`M0 ${paths.limitY}H${width}`} className="stroke-edge" strokeDasharray="2 2" />
      )}
      <path
        d={paths.line}
        fill="none"
        strokeWidth="1.25"
        strokeLinejoin="round"
        strokeLinecap="round"
        className={LINES[rating]}
        vectorEffect="non-scaling-stroke"
      />
      {paths.last === undefined ? null : (
        <circle cx={paths.last.x} cy={paths.last.y} r="2" className={DOTS[rating]} />
      )}
    </svg>
  )
}
