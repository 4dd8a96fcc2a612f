'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import { type FleetView, healthStore } from '@/lib/client/health-store'
import { paintStrip } from './paint-strip'
import { layoutStrip, type StripLayout } from './strip-layout'

const TALL_PX = 168
const PHONE_PX = 300
const PHONE_WIDTH_PX = 640
const BASE_FONT_PX = 16

/** StripCanvas paints the fleet by region; it repaints at most once a frame, and only when something changed. */
export function StripCanvas({ label }: { readonly label: string }): ReactNode {
  const canvasRef = useRef<HTMLCanvasElement>(null)

  useEffect(() => {
    const canvas = canvasRef.current
    const box = canvas?.parentElement
    if (!canvas || !box) return
    let layout: StripLayout | undefined
    let laidOut = { number: -1, width: -1 }
    let frame = 0

    function measure(fleet: FleetView, width: number): StripLayout {
      if (layout && laidOut.number === fleet.layout && laidOut.width === width) return layout
      laidOut = { number: fleet.layout, width }
      layout = layoutStrip(fleet, width, width < PHONE_WIDTH_PX ? PHONE_PX : TALL_PX)
      return layout
    }

    function paint(): void {
      frame = 0
      const fleet = healthStore.fleet()
      if (!canvas || !box || !fleet || box.clientWidth === 0) return
      const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / BASE_FONT_PX
      const ratio = Math.max(1, window.devicePixelRatio)
      const fitted = measure(fleet, Math.floor(box.clientWidth / unit))
      canvas.style.height = `${fitted.height * unit}px`
      canvas.width = Math.round(box.clientWidth * ratio)
      canvas.height = Math.round(fitted.height * unit * ratio)
      paintStrip({ canvas, layout: fitted, ratings: fleet.gpus.rating, scale: unit * ratio })
    }

    function schedule(): void {
      if (frame === 0) frame = requestAnimationFrame(paint)
    }

    schedule()
    const stopFleet = healthStore.subscribeFleet(schedule)
    const sizes = new ResizeObserver(schedule)
    sizes.observe(box)
    const theme = new MutationObserver(schedule)
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const system = window.matchMedia('(prefers-color-scheme: light)')
    system.addEventListener('change', schedule)
    return () => {
      cancelAnimationFrame(frame)
      stopFleet()
      sizes.disconnect()
      theme.disconnect()
      system.removeEventListener('change', schedule)
    }
  }, [])

  return (
    <div className="min-w-0">
      <canvas ref={canvasRef} role="img" aria-label={label} className="block w-full" />
    </div>
  )
}
