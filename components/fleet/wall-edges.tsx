'use client'

import type { ReactNode } from 'react'
import { TimeAgo } from '@/components/time/time-ago'
import { Kbd } from '@/components/ui/kbd'
import { useLiveState } from '@/lib/client/health-store'
import type { Rating } from '@/lib/health/model'
import type { Matcher } from './filter'
import { scaleOf } from './paint-codes'
import type { FleetParams } from './params'
import { RAMP_STEPS } from './tile-codes'
import { TileSwatch } from './tile-swatch'

const LEGEND: readonly Rating[] = ['breach', 'warning', 'unknown', 'stale', 'clear']

/** WallHead says what a block and a look of a tile stand for. */
export function WallHead({
  params,
  matcher,
}: {
  readonly params: FleetParams
  readonly matcher: Matcher
}): ReactNode {
  return (
    <div className="flex h-10 items-center justify-between gap-4 px-6 text-12 whitespace-nowrap max-md:px-4">
      <span className="truncate text-ink-2 max-sm:hidden">
        {params.group === 'host' ? 'One block a host, by region' : `One block a rental, by ${params.group}`}
      </span>
      {params.colour === 'rating' ? (
        <span className="flex gap-3.5 text-ink-2 max-sm:gap-2">
          {LEGEND.map((rating) => (
            <span key={rating} className="flex items-center gap-1.5">
              <TileSwatch rating={rating} />
              {rating}
            </span>
          ))}
        </span>
      ) : (
        <Ramp matcher={matcher} colour={params.colour} />
      )}
    </div>
  )
}

function Ramp({
  matcher,
  colour,
}: {
  readonly matcher: Matcher
  readonly colour: Exclude<FleetParams['colour'], 'rating'>
}): ReactNode {
  const { from, to, unit } = scaleOf(matcher, colour)
  const ends =
    colour === 'price'
      ? [`$${(from / 100).toFixed(2)}`, `$${(to / 100).toFixed(2)} /h`]
      : [from, `${to} ${unit}`]
  return (
    <span className="flex items-center gap-2 text-ink-2">
      {ends[0]}
      <svg viewBox={`0 0 ${RAMP_STEPS * 8} 8`} className="h-2 w-16" aria-hidden="true">
        {Array.from({ length: RAMP_STEPS }, (_, step) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a scale have no other name
            key={step}
            x={step * 8}
            width="7"
            height="8"
            className="fill-ink"
            opacity={0.2 + (0.8 * step) / (RAMP_STEPS - 1)}
          />
        ))}
      </svg>
      {ends[1]}
      <span className="flex items-center gap-1.5 pl-2">
        <TileSwatch rating="unknown" />
        no reading
      </span>
    </span>
  )
}

/** WallFoot names the keys and the state of the data. */
export function WallFoot({ seq, at }: { readonly seq: number; readonly at: number }): ReactNode {
  const live = useLiveState()
  return (
    <div className="flex h-10 items-center justify-between gap-4 border-t px-6 text-12 whitespace-nowrap text-ink-3 max-md:px-4">
      <span className="flex items-center gap-1 max-md:hidden">
        <Kbd>+</Kbd> <Kbd>−</Kbd> <Kbd>0</Kbd> zoom, <Kbd>J</Kbd> <Kbd>K</Kbd> next unhealthy,{' '}
        <Kbd>Enter</Kbd> open
      </span>
      <span className={live.mode === 'offline' ? 'text-stale' : undefined}>
        {live.mode === 'offline' ? 'Not connected, last state ' : 'State '}
        {seq.toLocaleString('en')} · <TimeAgo at={at} />
      </span>
    </div>
  )
}
