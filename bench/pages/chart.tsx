import { createElement } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import uPlot from 'uplot'
import type { HistoryProps } from '../../components/charts/history'
import { HistoryPlot } from '../../components/charts/history-plot'

// Mounts the product's chart and a bare uPlot with the same numbers, outside the product's pages.

declare global {
  function benchPainted(): Promise<void>
  var chartMs: (kind: 'own' | 'bare', series: number, points: number) => Promise<number>
}

const TONES = ['ink', 'spark', 'warn', 'breach', 'accent'] as const
const COLOURS = ['#f3f3f1', '#6f6f74', '#fdb022', '#f97066', '#4fd1db']

function walk(points: number): number[] {
  let value = 50
  return Array.from({ length: points }, () => {
    value += Math.random() * 4 - 2
    return value
  })
}

function drawOwn(box: HTMLElement, times: number[], columns: number[][]): void {
  const props: HistoryProps = {
    label: 'bench',
    times,
    series: columns.map((values, index) => ({
      title: `series ${index}`,
      unit: '',
      values,
      tone: TONES[index % TONES.length] ?? 'ink',
    })),
    stepSeconds: 1,
    height: 400,
  }
  flushSync(() => createRoot(box).render(createElement(HistoryPlot, props)))
}

function drawBare(box: HTMLElement, times: number[], columns: number[][]): void {
  const series = columns.map((_, index) => ({
    stroke: COLOURS[index % COLOURS.length],
    width: 1.25,
    points: { show: false },
  }))
  const legend = { show: false }
  new uPlot({ width: 1200, height: 400, legend, series: [{}, ...series] }, [times, ...columns], box)
}

globalThis.chartMs = async (kind, count, points) => {
  const box = document.createElement('div')
  box.style.width = '1200px'
  document.body.replaceChildren(box)
  const times = Array.from({ length: points }, (_, index) => 1_700_000_000 + index)
  const columns = Array.from({ length: count }, () => walk(points))
  await benchPainted()
  const started = performance.now()
  if (kind === 'own') drawOwn(box, times, columns)
  else drawBare(box, times, columns)
  await benchPainted()
  if (box.querySelector('canvas') === null) throw new Error(`the ${kind} chart drew nothing`)
  return performance.now() - started
}
