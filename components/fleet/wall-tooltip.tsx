'use client'

import { type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react'
import { age } from '@/components/time/format'
import { placeBeside } from '@/components/ui/place-beside'
import { StateWord } from '@/components/ui/state-word'
import { type FleetView, useServerNow } from '@/lib/client/health-store'
import { RATINGS } from '@/lib/health/model'
import type { WallLayout } from './layout'
import { nameOf, sourceOf, valueText } from './reading'

/** WallTooltip tells the reading of one tile; it exists only while a tile is under the pointer. */
export function WallTooltip({
  fleet,
  row,
  layout,
  scroller,
}: {
  readonly fleet: FleetView
  readonly row: number
  readonly layout: WallLayout
  readonly scroller: RefObject<HTMLDivElement | null>
}): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const now = useServerNow()
  const source = sourceOf(fleet, row)
  const instance = fleet.gpus.instance[row] ?? 0

  useLayoutEffect(() => {
    const frame = scroller.current?.getBoundingClientRect()
    const floating = box.current
    if (!frame || !floating || !scroller.current) return
    const left = frame.left + (layout.tileX[row] ?? 0)
    const top = frame.top + (layout.tileY[row] ?? 0) - scroller.current.scrollTop
    const { tile } = layout.metrics
    const place = placeBeside({
      anchor: new DOMRect(left - 6, top - 6, tile + 12, tile + 12),
      floating: floating.getBoundingClientRect(),
      viewport: { width: window.innerWidth, height: window.innerHeight },
      align: 'start',
    })
    floating.style.left = `${place.left}px`
    floating.style.top = `${place.top}px`
  }, [row, layout, scroller])

  return (
    <div
      ref={box}
      role="tooltip"
      className="pointer-events-none fixed top-0 left-0 z-20 grid w-max max-w-72 gap-1 rounded-2 bg-over px-3 py-2 text-12 shadow-over"
    >
      <p className="flex items-baseline justify-between gap-4">
        <b className="font-medium">{nameOf(fleet, row)}</b>
        <StateWord rating={RATINGS[fleet.gpus.rating[row] ?? 3] ?? 'unknown'} />
      </p>
      <p className="text-ink-2">{fleet.gpus.reason[row] || 'Within its limits'}</p>
      <p className="font-mono text-ink">
        {valueText(fleet.gpus.temp[row], '°C')} · {valueText(fleet.gpus.util[row], '% busy')} ·{' '}
        {valueText(fleet.gpus.vram[row], '% memory')}
      </p>
      <p className="text-ink-3">
        {fleet.instances.label[instance]} · {fleet.instances.model[instance]} · {source.name}{' '}
        {source.at === 0 ? 'never read' : `${age(now / 1000 - source.at)} ago`}
      </p>
    </div>
  )
}
