import clsx from 'clsx'
import type { ReactNode } from 'react'
import { limitScale } from './limit-scale-geometry'

const WIDTH = 104

/** LimitScale draws a value against its limit; it is decoration beside the same facts in words. */
export function LimitScale({
  value,
  limit,
  warn,
  className = 'w-26',
}: {
  readonly value: number | null
  readonly limit: number
  readonly warn?: number
  readonly className?: string
}): ReactNode {
  const scale = limitScale({ value, limit, warn, width: WIDTH })
  const onLimit = scale.zone === 'breach'
  const onWarn = scale.zone === 'warning'
  return (
    <svg viewBox={`0 0 ${WIDTH} 14`} className={clsx('overflow-visible', className)} aria-hidden="true">
      <path d={`M1 9.5H${WIDTH - 1}`} className="stroke-line-2" />
      {scale.warnX === undefined ? null : (
        <>
          <path
            d={`M${scale.warnX} 9.5H${scale.limitX}`}
            strokeWidth="2"
            className={onWarn ? 'stroke-warn' : 'stroke-line-2'}
          />
          <path d={`M${scale.warnX} 6.5V12.5`} className="stroke-ink-3" />
        </>
      )}
      <path
        d={`M${scale.limitX} 9.5H${WIDTH - 1}`}
        strokeWidth="3"
        className={onLimit ? 'stroke-breach' : 'stroke-line-2'}
      />
      <path d={`M${scale.limitX} 4.5V13.5`} className="stroke-ink-3" />
      {scale.needleX === undefined ? null : (
        <path
          d={`M${scale.needleX} 9.5l-3.5-7.5h7z`}
          className={onLimit ? 'fill-breach' : onWarn ? 'fill-warn' : 'fill-ink'}
        />
      )}
    </svg>
  )
}
