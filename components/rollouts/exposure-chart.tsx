import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import type { View } from './types'

const WIDTH = 1_000
const HEIGHT = 120

/** ExposureChart draws the planned share against the one that was measured by requests; where nothing was measured there is no line. */
export function ExposureChart({ view }: { readonly view: View }): ReactNode {
  const { exposure } = view
  const first = exposure[0]
  const last = exposure.at(-1)
  const step = view.steps[view.at]
  const words = wordsOf(view)
  return (
    <section aria-label="Exposure" className="grid grid-cols-1 gap-1">
      <p className="flex flex-wrap items-baseline gap-x-4 text-12 text-ink-3">
        <span className="text-13 font-medium text-ink">Exposure</span>
        <span>dashed: planned</span>
        <span>solid: measured, by requests</span>
        <span className="text-ink-2">{words}</span>
      </p>
      {first && last && last.atMs > first.atMs ? (
        <>
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            className="h-28 w-full"
            role="img"
            aria-label={words}
          >
            {[0, 50, 100].map((percent) => (
              <path
                key={percent}
                d={`M0 ${yOf(percent)}H${WIDTH}`}
                className="stroke-line"
                vectorEffect="non-scaling-stroke"
              />
            ))}
            {view.back ? (
              <path
                d={`M${xOf(view.back.decidedMs, first.atMs, last.atMs)} 0V${HEIGHT}`}
                className="stroke-breach"
                vectorEffect="non-scaling-stroke"
              />
            ) : null}
            <path
              d={lineOf(
                exposure.map(({ atMs, planned }) => ({ atMs, value: planned })),
                first.atMs,
                last.atMs,
              )}
              fill="none"
              strokeDasharray="4 3"
              className="stroke-ink-3"
              vectorEffect="non-scaling-stroke"
            />
            <path
              d={lineOf(
                exposure.map(({ atMs, measured }) => ({ atMs, value: measured })),
                first.atMs,
                last.atMs,
              )}
              fill="none"
              strokeWidth="2"
              className="stroke-ink"
              vectorEffect="non-scaling-stroke"
            />
          </svg>
          <p className="flex justify-between text-12 text-ink-3">
            <Instant at={first.atMs / 1_000} />
            <Instant at={last.atMs / 1_000} />
          </p>
        </>
      ) : (
        <p className="text-13 text-ink-3">
          Nothing was measured yet
          {step?.achievablePercent == null ? '.' : `; ${step.achievablePercent} % can be reached here.`}
        </p>
      )}
    </section>
  )
}

function wordsOf(view: View): string {
  const step = view.steps[view.at]
  const measured = view.exposure.at(-1)?.measured
  const parts = [
    step?.kind === 'expose' ? `planned ${step.percent} %` : '',
    step?.achievablePercent == null ? '' : `achievable ${step.achievablePercent} %`,
    step?.exposurePercent == null ? '' : `${step.exposurePercent} % of what serves`,
    measured == null ? 'share of requests not measured' : `measured ${measured} %`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function yOf(percent: number): number {
  return HEIGHT - 4 - (percent / 100) * (HEIGHT - 8)
}

function xOf(atMs: number, fromMs: number, untilMs: number): number {
  return Math.round(((atMs - fromMs) / (untilMs - fromMs)) * WIDTH * 10) / 10
}

function lineOf(
  points: readonly { readonly atMs: number; readonly value: number | null }[],
  fromMs: number,
  untilMs: number,
): string {
  let isDown = false
  return points
    .map(({ atMs, value }) => {
      if (value === null) {
        isDown = false
        return ''
      }
      const command = `${isDown ? 'L' : 'M'}${xOf(atMs, fromMs, untilMs)} ${yOf(value)}`
      isDown = true
      return command
    })
    .join('')
}
