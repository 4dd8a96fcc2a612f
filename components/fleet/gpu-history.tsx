'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import type { HistoryProps } from '@/components/charts/history'
import { HistoryChart } from '@/components/charts/history-chart'
import { failedFace } from '@/components/state/failed-face'
import { PanelFace } from '@/components/state/panel-face'
import { queryOf } from '@/lib/client/api'
import type { GpuPath } from './rows'

const MINUTE_MS = 60_000

/** GpuHistory is the last hour of one GPU; a minute without a reading is a gap, never a line. */
export function GpuHistory({ gpu }: { readonly gpu: GpuPath }): ReactNode {
  const history = useQuery({
    ...queryOf('health.gpuHistory', { instanceId: gpu.instanceId, index: gpu.index, minutes: 60 }),
    refetchInterval: MINUTE_MS,
  })
  const { data, dataUpdatedAt } = history
  const charts = useMemo(
    () => (data ? chartsOf(data, Math.round(dataUpdatedAt / 1000)) : []),
    [data, dataUpdatedAt],
  )
  return (
    <section aria-label="Last hour" className="grid gap-3">
      <h3 className="flex justify-between text-12 font-medium text-ink-2">
        Last hour{' '}
        <span className="font-normal text-ink-3">
          {data === undefined
            ? ''
            : data.source === 'prometheus'
              ? `Prometheus, a point every ${data.stepSeconds} s`
              : "the console's own record, a point a minute"}
        </span>
      </h3>
      {data === undefined || data.note === '' ? null : (
        <p className="text-12 text-ink-3">Prometheus has no history of it: {data.note}.</p>
      )}
      {history.isPending ? <PanelFace face={{ kind: 'loading' }} /> : null}
      {history.error ? <PanelFace face={failedFace(history, 'The last hour could not be read.')} /> : null}
      {charts.map((chart) => (
        <HistoryChart key={chart.label} {...chart} />
      ))}
    </section>
  )
}

type Columns = {
  readonly t: readonly number[]
  readonly util: readonly (number | null)[]
  readonly temp: readonly (number | null)[]
  readonly vram: readonly (number | null)[]
  readonly stepSeconds: number
}

function chartsOf(columns: Columns, until: number): HistoryProps[] {
  const shared = { times: columns.t, stepSeconds: columns.stepSeconds, until }
  return [
    {
      ...shared,
      label: 'Temperature in the last hour',
      series: [{ title: 'Temperature', unit: '°C', values: columns.temp, tone: 'ink' }],
      limits: [
        { title: 'warns at 85 °C', value: 85, tone: 'warn' },
        { title: 'breach at 95 °C', value: 95, tone: 'breach' },
      ],
      height: 120,
    },
    {
      ...shared,
      label: 'Utilisation and memory use in the last hour',
      series: [
        { title: 'Utilisation', unit: '%', values: columns.util, tone: 'ink' },
        { title: 'Memory use', unit: '%', values: columns.vram, tone: 'spark' },
      ],
      height: 96,
    },
  ]
}
