'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { usePreference } from '@/components/shell/use-preference'
import { amount } from '@/components/state/figure-text'
import { localTime, utcTime } from '@/components/time/format'
import type { HistoryProps } from './history'
import { gapSpans, withGaps } from './with-gaps'

const HEIGHT_PX = 160
const HATCH_PX = 6
const TIME_STEPS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600]

/** HistoryPlot is the canvas itself; it is built anew when its data, the theme or the time style changes. */
export function HistoryPlot(props: HistoryProps): ReactNode {
  const boxRef = useRef<HTMLDivElement>(null)
  const timeStyle = usePreference('time')

  useEffect(() => {
    const box = boxRef.current
    if (!box) return
    let plot: uPlot | undefined
    function build(): void {
      if (!box) return
      plot?.destroy()
      plot = plotOf({ box, props, isLocal: timeStyle === 'local' })
    }
    build()
    const sizes = new ResizeObserver(() => {
      plot?.setSize({ width: box.clientWidth, height: props.height ?? HEIGHT_PX })
    })
    sizes.observe(box)
    const theme = new MutationObserver(build)
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      sizes.disconnect()
      theme.disconnect()
      plot?.destroy()
    }
  }, [props, timeStyle])

  return <div ref={boxRef} role="img" aria-label={props.label} className="w-full" />
}

function plotOf(options: {
  readonly box: HTMLDivElement
  readonly props: HistoryProps
  readonly isLocal: boolean
}): uPlot {
  const { box, props, isLocal } = options
  const style = getComputedStyle(box)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const columns = withGaps(
    { t: props.times, series: props.series.map((series) => series.values) },
    props.stepSeconds,
    props.until,
  )
  const limits = props.limits ?? []
  const axis: uPlot.Axis = {
    stroke: colour('ink-3'),
    font: `11px ${style.fontFamily}`,
    grid: { show: false },
    ticks: { stroke: colour('line-2'), width: 1, size: 4 },
  }
  return new uPlot(
    {
      width: box.clientWidth,
      height: props.height ?? HEIGHT_PX,
      legend: { show: false },
      cursor: { points: { size: 5 }, drag: { x: false, y: false } },
      padding: [8, 28, 0, 0],
      scales: { x: { time: true }, y: { range: (_plot, _low, high) => rangeOf(high, limits) } },
      axes: [
        {
          ...axis,
          values: (_plot, ticks) =>
            ticks.map((tick) => (isLocal ? localTime(tick * 1000, undefined) : utcTime(tick * 1000))),
          space: 72,
          size: 28,
          incrs: TIME_STEPS,
        },
        { ...axis, values: (_plot, ticks) => ticks.map(amount), size: 48 },
      ],
      series: [
        {},
        ...props.series.map((series) => ({
          label: series.title,
          stroke: colour(series.tone),
          width: 1.25,
          spanGaps: false,
          points: { show: false },
        })),
      ],
      hooks: {
        drawClear: [(plot) => drawGaps(plot, gapSpans(columns), colour('hatch-ink'))],
        draw: [(plot) => drawLimits(plot, limits, { colour, family: style.fontFamily })],
      },
    },
    [columns.t as number[], ...columns.series] as uPlot.AlignedData,
    box,
  )
}

function rangeOf(high: number | null, limits: NonNullable<HistoryProps['limits']>): [number, number] {
  const top = high ?? 0
  const near = limits.map((limit) => limit.value).filter((value) => value <= top * 4)
  return [0, Math.max(top, ...near, 1) * 1.1]
}

function drawGaps(plot: uPlot, spans: readonly (readonly [number, number])[], ink: string): void {
  const { ctx, bbox } = plot
  const scale = window.devicePixelRatio
  ctx.save()
  ctx.strokeStyle = ink
  ctx.lineWidth = scale
  for (const [from, until] of spans) {
    const left = plot.valToPos(from, 'x', true)
    const width = plot.valToPos(until, 'x', true) - left
    ctx.save()
    ctx.beginPath()
    ctx.rect(left, bbox.top, width, bbox.height)
    ctx.clip()
    ctx.beginPath()
    for (let x = left - bbox.height; x < left + width; x += HATCH_PX * scale) {
      ctx.moveTo(x, bbox.top + bbox.height)
      ctx.lineTo(x + bbox.height, bbox.top)
    }
    ctx.stroke()
    ctx.restore()
  }
  ctx.restore()
}

function drawLimits(
  plot: uPlot,
  limits: NonNullable<HistoryProps['limits']>,
  look: { readonly colour: (name: string) => string; readonly family: string },
): void {
  const { ctx, bbox } = plot
  const scale = window.devicePixelRatio
  const [, top = 0] = [plot.scales.y?.min, plot.scales.y?.max]
  ctx.save()
  ctx.font = `${11 * scale}px ${look.family}`
  ctx.textBaseline = 'bottom'
  ctx.setLineDash([2 * scale, 2 * scale])
  for (const [place, limit] of limits.filter(({ value }) => value <= top).entries()) {
    const y = Math.round(plot.valToPos(limit.value, 'y', true))
    ctx.strokeStyle = look.colour(limit.tone)
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.fillStyle = look.colour('ink-3')
    // Two limits may lie closer than a line of text: their titles stand at opposite ends.
    const isRight = place % 2 === 1
    ctx.textAlign = isRight ? 'right' : 'left'
    const x = isRight ? bbox.left + bbox.width - 4 * scale : bbox.left + 4 * scale
    ctx.fillText(limit.title, x, y - 2 * scale)
  }
  ctx.restore()
}
