'use client'

import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { type FleetView, healthStore } from '@/lib/client/health-store'
import type { Matcher } from './filter'
import { fittingTilePx, layoutWall, type WallLayout } from './layout'
import { codeOf, type RampScale, scaleOf } from './paint-codes'
import type { FleetParams } from './params'
import { Wall } from './wall'

/** Size is a scroller's inner size and the size of text in it, in CSS pixels. */
export type Size = { readonly width: number; readonly height: number; readonly textPx: number }

type Painted = {
  readonly fleet: FleetView
  readonly version: number
  readonly matcher: Matcher
  readonly layout: WallLayout
  readonly params: FleetParams
}

/** useWallSize follows the scroller's inner size; undefined until it is measured. */
export function useWallSize(scroller: RefObject<HTMLDivElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>()
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = (): void => {
      const textPx = Number.parseFloat(getComputedStyle(element).fontSize)
      const next = { width: element.clientWidth, height: element.clientHeight, textPx }
      setSize((now) =>
        now?.width === next.width && now.height === next.height && now.textPx === textPx ? now : next,
      )
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller])
  return size
}

/** useWallLayout lays the shown hosts out once per change of make-up, grouping, size or zoom; never per reading. */
export function useWallLayout(options: {
  readonly fleet: FleetView
  readonly shown: Uint8Array
  readonly params: FleetParams
  readonly size: Size | undefined
  readonly tilePx: number | undefined
}): WallLayout | undefined {
  const { fleet, params, size, tilePx } = options
  const shown = useSameBytes(options.shown)
  const { group } = params
  return useMemo(() => {
    if (!size || size.width === 0) return undefined
    const request = { fleet, shown, group, widthPx: size.width, textPx: size.textPx }
    return layoutWall({ ...request, tilePx: tilePx ?? fittingTilePx({ ...request, heightPx: size.height }) })
  }, [fleet, shown, group, size, tilePx])
}

function useSameBytes(bytes: Uint8Array): Uint8Array {
  const [kept, setKept] = useState(bytes)
  if (kept === bytes) return kept
  if (kept.length === bytes.length && kept.every((byte, at) => byte === bytes[at])) return kept
  setKept(bytes)
  return bytes
}

/** useWall keeps a canvas painted: whole scenes on a change of layout or filter, single tiles as deltas arrive. */
export function useWall(
  canvas: RefObject<HTMLCanvasElement | null>,
  scroller: RefObject<HTMLDivElement | null>,
  painted: Painted | undefined,
): RefObject<Wall | undefined> {
  const wall = useRef<Wall>(undefined)
  const shownLayout = useRef<WallLayout>(undefined)
  const codes = useRef(new Uint8Array(0))
  const latest = useRef<Look>(undefined)

  useLayoutEffect(() => {
    if (!canvas.current || !scroller.current) return
    const made = new Wall({ canvas: canvas.current, scroller: scroller.current })
    wall.current = made
    shownLayout.current = undefined
    return () => {
      made.dispose()
      wall.current = undefined
    }
  }, [canvas, scroller])

  useLayoutEffect(() => {
    if (!wall.current || !painted) return
    const look = lookOf(painted)
    latest.current = look
    const { fleet, layout } = painted
    if (codes.current.length !== fleet.gpus.count) codes.current = new Uint8Array(fleet.gpus.count)
    for (let row = 0; row < codes.current.length; row += 1)
      codes.current[row] = codeOf(look.matcher, row, look)
    if (shownLayout.current === layout) wall.current.patch(layout.order, fleet.seq)
    else wall.current.show({ layout, codes: codes.current, figureOf: figureOf(painted) }, fleet.seq)
    shownLayout.current = layout
  }, [painted])

  useEffect(() => {
    return healthStore.subscribeFleet((changed) => {
      const look = latest.current
      const fleet = healthStore.fleet()
      if (changed === 'all' || !look || !fleet || fleet.gpus !== look.matcher.fleet.gpus) return
      for (const row of changed) codes.current[row] = codeOf(look.matcher, row, look)
      wall.current?.patch(changed, fleet.seq)
    })
  }, [])

  useEffect(() => followTheme(() => wall.current?.retheme()), [])
  return wall
}

type Look = {
  readonly matcher: Matcher
  readonly colour: FleetParams['colour']
  readonly scale: RampScale | undefined
}

function lookOf({ matcher, params }: Painted): Look {
  const { colour } = params
  return { matcher, colour, scale: colour === 'rating' ? undefined : scaleOf(matcher, colour) }
}

function figureOf({ fleet, params }: Painted): (row: number) => string {
  const column =
    params.colour === 'util' || params.colour === 'vram' ? fleet.gpus[params.colour] : fleet.gpus.temp
  const unit = column === fleet.gpus.temp ? '°' : '%'
  return (row) => ((column[row] ?? -1) < 0 ? '?' : `${column[row]}${unit}`)
}

function followTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  const system = window.matchMedia('(prefers-color-scheme: light)')
  system.addEventListener('change', changed)
  void document.fonts.ready.then(changed)
  return () => {
    observer.disconnect()
    system.removeEventListener('change', changed)
  }
}
