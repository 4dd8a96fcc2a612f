'use client'

import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { later } from '@/components/ui/later'
import type { FleetView } from '@/lib/client/health-store'
import type { Matcher, Selection } from './filter'
import { nextTilePx, type WallLayout } from './layout'
import { hitTest, neighbour } from './neighbours'
import type { FleetParams } from './params'
import { useWall, useWallLayout, useWallSize } from './use-wall'
import { useWallGestures } from './use-wall-gestures'
import { WallFrames } from './wall-frames'

const WallTooltip = later(() => import('./wall-tooltip').then((module) => module.WallTooltip))

const ARROWS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const

/** WallPanel is the canvas with everything a hand or a key can do on it. */
export function WallPanel(props: {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly fleet: FleetView
  readonly version: number
  readonly matcher: Matcher
  readonly selection: Selection
  readonly params: FleetParams
  readonly description: string
  /** cursor is the row under the keyboard, −1 for none; selected is the row in the drawer. */
  readonly cursor: number
  readonly selected: number
  readonly onCursor: (row: number) => void
  readonly onOpen: (row: number) => void
}): ReactNode {
  const { scroller, fleet, version, matcher, params, cursor, selected, onCursor, onOpen } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const [tilePx, setTilePx] = useState<number>()
  const [hovered, setHovered] = useState(-1)
  const size = useWallSize(scroller)
  const layout = useWallLayout({ fleet, shown: props.selection.shown, params, size, tilePx })
  useWall(canvas, scroller, usePainted({ fleet, version, matcher, layout, params }))

  const anchor = useZoomAnchor(scroller, layout)
  function zoom(step: 1 | -1, clientY?: number): void {
    if (!layout) return
    anchor.hold(clientY)
    setTilePx(nextTilePx(layout.metrics.tile, step))
  }
  function rowAt(clientX: number, clientY: number): number {
    const box = scroller.current?.getBoundingClientRect()
    if (!box || !layout || !scroller.current) return -1
    return hitTest(layout, clientX - box.left, clientY - box.top + scroller.current.scrollTop)
  }
  const gestures = useWallGestures({ scroller, zoom, rowAt, onOpen, onHover: setHovered })
  useScrollIntoView(scroller, layout, cursor)

  function showPlace(): void {
    if (cursor < 0 && layout) onCursor(selected >= 0 ? selected : (layout.order[0] ?? -1))
  }

  function press(event: React.KeyboardEvent): void {
    if (!layout || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key in ARROWS) onCursor(neighbour(layout, cursor, ARROWS[event.key as keyof typeof ARROWS]))
    else if (event.key === 'Home') onCursor(layout.order[0] ?? -1)
    else if (event.key === 'End') onCursor(layout.order.at(-1) ?? -1)
    else if (event.key === 'Enter' && cursor >= 0) onOpen(cursor)
    else if (event.key === '+' || event.key === '=') zoom(1)
    else if (event.key === '-') zoom(-1)
    else if (event.key === '0') setTilePx(undefined)
    else return
    event.preventDefault()
  }

  return (
    <div
      ref={scroller}
      role="application"
      aria-roledescription="tile wall"
      aria-label="GPUs, arrow keys move, Enter opens"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: role application makes it one roving control
      tabIndex={0}
      onKeyDown={press}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && showPlace()}
      className="relative min-h-0 flex-1 touch-pan-y text-12 overflow-x-hidden overflow-y-auto [scrollbar-gutter:stable] scroll-quiet outline-none"
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={props.description}
        {...gestures}
        className="sticky top-0 left-0 block"
      />
      {layout && size ? (
        <>
          <Spacer heightPx={layout.height - size.height} />
          <WallFrames layout={layout} cursor={cursor} selected={selected} hovered={hovered} />
        </>
      ) : null}
      {hovered >= 0 && layout ? (
        <WallTooltip fleet={fleet} row={hovered} layout={layout} scroller={scroller} />
      ) : null}
    </div>
  )
}

function Spacer({ heightPx }: { readonly heightPx: number }): ReactNode {
  return heightPx > 0 ? <div aria-hidden="true" style={{ height: heightPx }} /> : null
}

type Painting = {
  readonly fleet: FleetView
  readonly version: number
  readonly matcher: Matcher
  readonly layout: WallLayout | undefined
  readonly params: FleetParams
}

/** The object's identity is the signal to paint: it changes with the version, the filter, the colours or the layout. */
function usePainted({ fleet, version, matcher, layout, params }: Painting): Parameters<typeof useWall>[2] {
  const [kept, setKept] = useState<Parameters<typeof useWall>[2]>()
  if (!layout) return undefined
  const same =
    kept?.fleet === fleet &&
    kept.version === version &&
    kept.matcher === matcher &&
    kept.layout === layout &&
    kept.params.colour === params.colour
  if (same) return kept
  const next = { fleet, version, matcher, layout, params }
  setKept(next)
  return next
}

/** Zooming keeps the line of tiles under the pointer (or in the middle) where it is on screen. */
function useZoomAnchor(
  scroller: RefObject<HTMLDivElement | null>,
  layout: WallLayout | undefined,
): { readonly hold: (clientY?: number) => void } {
  const held = useRef<{ row: number; atY: number }>(undefined)
  useLayoutEffect(() => {
    const anchor = held.current
    held.current = undefined
    if (!anchor || !layout || !scroller.current) return
    scroller.current.scrollTop = (layout.tileY[anchor.row] ?? 0) - anchor.atY
  }, [layout, scroller])
  return {
    hold(clientY) {
      const element = scroller.current
      if (!element || !layout) return
      const atY =
        clientY === undefined ? element.clientHeight / 2 : clientY - element.getBoundingClientRect().top
      const y = element.scrollTop + atY
      const line = layout.lines.findLast((one) => one.top <= y) ?? layout.lines[0]
      const row = layout.order[layout.blocks[line?.first ?? 0]?.first ?? 0]
      if (row !== undefined) held.current = { row, atY: (layout.tileY[row] ?? 0) - element.scrollTop }
    },
  }
}

function useScrollIntoView(
  scroller: RefObject<HTMLDivElement | null>,
  layout: WallLayout | undefined,
  cursor: number,
): void {
  useEffect(() => {
    const element = scroller.current
    const y = layout?.tileY[cursor] ?? -1
    if (!element || !layout || cursor < 0 || y < 0) return
    const margin = layout.metrics.pitch * 3
    if (y < element.scrollTop + margin) element.scrollTop = y - margin
    else if (y > element.scrollTop + element.clientHeight - margin)
      element.scrollTop = y - element.clientHeight + margin
  }, [scroller, layout, cursor])
}
