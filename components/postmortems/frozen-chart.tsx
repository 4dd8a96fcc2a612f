import clsx from 'clsx'
import type { ReactNode } from 'react'
import { sparkPaths, topOf } from '@/components/charts/spark-path'
import { Table } from '@/components/ui/table'
import { minuteOf } from '@/lib/postmortems/instants'
import type { PostmortemData } from './types'

type ChartData = PostmortemData['record']['charts'][number]
type Mark = { readonly atMs: number; readonly label: string }

const WIDTH = 680
const HEIGHT = 92
const LINES = ['stroke-ink', 'stroke-spark', 'stroke-accent', 'stroke-warn', 'stroke-ink-3', 'stroke-stale']
const SWATCHES = [
  'border-ink',
  'border-spark',
  'border-accent',
  'border-warn',
  'border-ink-3',
  'border-stale',
]
const ROWS = 48

/** FrozenChart draws what was measured then: limits drawn, gaps left open, and the same values in a table. */
export function FrozenChart({
  chart,
  marks,
}: {
  readonly chart: ChartData
  readonly marks: readonly Mark[]
}): ReactNode {
  const { series, limit, unit } = chart
  const known = series.some(({ values }) => values.some((value) => value !== null))
  return (
    <figure className="grid grid-cols-1 gap-1.5 break-inside-avoid">
      <figcaption className="flex flex-wrap items-baseline gap-x-4 text-12">
        <b className="font-medium">
          {chart.title}, {unit}
        </b>
        {series.length < 2
          ? null
          : series.map(({ name }, place) => (
              <span key={name} className="flex items-center gap-1.5 text-ink-2">
                <span className={clsx('w-3 border-t-[1.5px]', SWATCHES[place])} aria-hidden="true" />
                {name}
              </span>
            ))}
        <span className="ml-auto text-ink-3">{limit?.label}</span>
      </figcaption>
      {known ? (
        <Plot chart={chart} marks={marks} />
      ) : (
        <p className="hatch grid h-16 place-items-center text-12 text-ink-2">
          <span className="plate">{chart.missing || 'No reading in this time'}. Missing, not good.</span>
        </p>
      )}
      <p className="text-12 text-ink-3">
        {chart.source}
        {chart.missing === '' || !known ? '' : ` · ${chart.missing}`}
      </p>
      {known ? <ChartTable chart={chart} /> : null}
    </figure>
  )
}

function Plot({ chart, marks }: { readonly chart: ChartData; readonly marks: readonly Mark[] }): ReactNode {
  const { series, limit, fromMs, stepMs, title } = chart
  const count = series[0]?.values.length ?? 1
  const endMs = fromMs + count * stepMs
  const top = topOf(
    series.flatMap(({ values }) => values),
    limit?.value,
  )
  const xOf = (atMs: number): number => ((atMs - fromMs) / (endMs - fromMs)) * WIDTH
  const drawn = series.map(({ name, values }) => ({
    name,
    ...sparkPaths({
      values,
      width: WIDTH,
      height: HEIGHT,
      top,
      ...(limit === null ? {} : { limit: limit.value }),
    }),
  }))
  const limitY = drawn[0]?.limitY
  return (
    <div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-24 w-full overflow-visible border-b"
        role="img"
        aria-label={`${title}, ${minuteOf(fromMs)} to ${minuteOf(endMs)}`}
      >
        {limitY === undefined ? null : (
          <path
            d={`M0 ${limitY}H${WIDTH}`}
            className="stroke-edge"
            strokeDasharray="2 3"
            vectorEffect="non-scaling-stroke"
          />
        )}
        {marks.map(({ atMs, label }) => (
          <path
            key={label}
            d={`M${xOf(atMs).toFixed(1)} 0V${HEIGHT}`}
            className="stroke-accent"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {drawn.map(({ name, line }, place) => (
          <path
            key={name}
            d={line}
            fill="none"
            strokeWidth="1.5"
            strokeLinejoin="round"
            className={LINES[place]}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <p className="flex justify-between pt-1 font-mono text-11 text-ink-3">
        <span>{minuteOf(fromMs)}</span>
        {marks.map(({ label, atMs }) => (
          <span key={label}>
            {label} {minuteOf(atMs)}
          </span>
        ))}
        <span>{minuteOf(endMs)}</span>
      </p>
    </div>
  )
}

function ChartTable({ chart }: { readonly chart: ChartData }): ReactNode {
  const { series, fromMs, stepMs, title } = chart
  const count = series[0]?.values.length ?? 0
  const each = Math.max(1, Math.ceil(count / ROWS))
  const slots = Array.from({ length: Math.ceil(count / each) }, (_, slot) => slot * each)
  return (
    <details className="no-print text-12">
      <summary className="cursor-pointer text-ink-2">Values</summary>
      <Table label={`${title}, values`}>
        <thead>
          <tr>
            <th>UTC</th>
            {series.map(({ name }) => (
              <th key={name} className="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {slots.map((slot) => (
            <tr key={slot}>
              <td className="font-mono">{minuteOf(fromMs + slot * stepMs)}</td>
              {series.map(({ name, values }) => (
                <td key={name} className="num font-mono">
                  {words(worst(values.slice(slot, slot + each)))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </details>
  )
}

function worst(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (most, value) => (value === null ? most : Math.max(most ?? value, value)),
    null,
  )
}

function words(value: number | null): string {
  return value === null ? 'no reading' : value.toLocaleString('en-US', { maximumFractionDigits: 1 })
}
