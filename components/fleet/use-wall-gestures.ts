'use client'

import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef } from 'react'

type Gestures = {
  readonly onClick: (event: MouseEvent) => void
  readonly onPointerDown: (event: PointerEvent) => void
  readonly onPointerMove: (event: PointerEvent) => void
  readonly onPointerUp: (event: PointerEvent) => void
  readonly onPointerCancel: (event: PointerEvent) => void
  readonly onPointerLeave: () => void
}

type Options = {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly zoom: (step: 1 | -1, clientY?: number) => void
  readonly rowAt: (clientX: number, clientY: number) => number
  readonly onOpen: (row: number) => void
  readonly onHover: (row: number) => void
}

const DRAG_FROM_PX = 4
const PINCH_STEP = 1.25
const WHEEL_STEP_PX = 40

/** useWallGestures gives click, hover, drag to pan, pinch and Ctrl+wheel to zoom; plain wheel and touch scroll natively. */
export function useWallGestures({ scroller, zoom, rowAt, onOpen, onHover }: Options): Gestures {
  const fingers = useRef(new Map<number, { x: number; y: number }>())
  const drag = useRef<{ fromY: number; scrollTop: number; moved: boolean }>(undefined)
  const pinch = useRef(0)
  const latestZoom = useRef(zoom)
  useEffect(() => {
    latestZoom.current = zoom
  })
  useCtrlWheel(scroller, latestZoom)

  function movePinch(): boolean {
    const [first, second] = [...fingers.current.values()]
    if (!first || !second) return false
    const apart = Math.hypot(first.x - second.x, first.y - second.y)
    if (pinch.current === 0) pinch.current = apart
    const ratio = apart / Math.max(1, pinch.current)
    if (ratio > PINCH_STEP || ratio < 1 / PINCH_STEP) {
      zoom(ratio > 1 ? 1 : -1, (first.y + second.y) / 2)
      pinch.current = apart
    }
    return true
  }

  function moveDrag(event: PointerEvent): boolean {
    if (!drag.current || event.pointerType !== 'mouse' || !scroller.current) return false
    const by = event.clientY - drag.current.fromY
    if (Math.abs(by) > DRAG_FROM_PX) drag.current.moved = true
    if (drag.current.moved) scroller.current.scrollTop = drag.current.scrollTop - by
    return drag.current.moved
  }

  function release(event: PointerEvent): void {
    fingers.current.delete(event.pointerId)
    pinch.current = 0
  }

  return {
    onPointerDown(event) {
      if (event.pointerType === 'touch')
        fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
      drag.current = { fromY: event.clientY, scrollTop: scroller.current?.scrollTop ?? 0, moved: false }
    },
    onPointerMove(event) {
      if (event.pointerType === 'touch') {
        fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
        movePinch()
        return
      }
      if (event.buttons === 1 && moveDrag(event)) return
      onHover(rowAt(event.clientX, event.clientY))
    },
    onPointerUp: release,
    onPointerCancel: release,
    onPointerLeave: () => onHover(-1),
    onClick(event) {
      const wasDrag = drag.current?.moved ?? false
      drag.current = undefined
      const row = wasDrag ? -1 : rowAt(event.clientX, event.clientY)
      if (row >= 0) onOpen(row)
    },
  }
}

/** The browser's own page zoom must be held off, which React's passive wheel listener can not do. */
function useCtrlWheel(scroller: RefObject<HTMLDivElement | null>, zoom: RefObject<Options['zoom']>): void {
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    let gathered = 0
    function turn(event: WheelEvent): void {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      gathered += event.deltaY
      if (Math.abs(gathered) < WHEEL_STEP_PX) return
      zoom.current(gathered < 0 ? 1 : -1, event.clientY)
      gathered = 0
    }
    element.addEventListener('wheel', turn, { passive: false })
    return () => element.removeEventListener('wheel', turn)
  }, [scroller, zoom])
}
