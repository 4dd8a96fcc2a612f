'use client'

import type { ReactNode } from 'react'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { BIN_WORDS } from './insights-words'

/** DistributionChart draws how many incidents took how long; arrow keys walk through the bars. */
export function DistributionChart({
  bins,
  title,
}: {
  readonly bins: readonly number[]
  readonly title: string
}): ReactNode {
  const data = bins.map((count, place) => ({ name: BIN_WORDS[place] ?? '', count }))
  return (
    <div className="h-40 text-12 [&_.recharts-surface]:outline-offset-4">
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={data}
          margin={{ top: 4, right: 4, bottom: 0, left: -24 }}
          title={title}
          accessibilityLayer
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="name"
            interval="preserveStartEnd"
            stroke="var(--line-2)"
            tick={{ fill: 'var(--ink-3)' }}
          />
          <YAxis allowDecimals={false} stroke="var(--line-2)" tick={{ fill: 'var(--ink-3)' }} />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--raise)' }}
            contentStyle={{ background: 'var(--over)', border: '1px solid var(--line-2)', borderRadius: 6 }}
            labelStyle={{ color: 'var(--ink)' }}
          />
          <Bar name="incidents" dataKey="count" fill="var(--ink-2)" isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}
