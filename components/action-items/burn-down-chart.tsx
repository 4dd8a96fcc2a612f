'use client'

import type { ReactNode } from 'react'
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

type Day = { readonly day: string; readonly open: number; readonly overdue: number }

/** BurnDownChart draws open items and, below them, those that are overdue; arrow keys walk through the days. */
export function BurnDownChart({ days }: { readonly days: readonly Day[] }): ReactNode {
  return (
    <div className="h-52 text-12 [&_.recharts-surface]:outline-offset-4">
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart
          data={[...days]}
          margin={{ top: 8, right: 12, bottom: 0, left: -16 }}
          title="Open and overdue action items by day"
          accessibilityLayer
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="day"
            minTickGap={48}
            tickFormatter={(day: string) => day.slice(5)}
            stroke="var(--line-2)"
            tick={{ fill: 'var(--ink-3)' }}
          />
          <YAxis allowDecimals={false} stroke="var(--line-2)" tick={{ fill: 'var(--ink-3)' }} />
          <Tooltip
            isAnimationActive={false}
            contentStyle={{ background: 'var(--over)', border: '1px solid var(--line-2)', borderRadius: 6 }}
            labelStyle={{ color: 'var(--ink)' }}
          />
          <Area
            name="open"
            dataKey="open"
            type="stepAfter"
            stroke="var(--ink-2)"
            fill="var(--raise)"
            isAnimationActive={false}
          />
          <Area
            name="overdue"
            dataKey="overdue"
            type="stepAfter"
            stroke="var(--breach)"
            fill="var(--breach-tint)"
            strokeDasharray="4 2"
            isAnimationActive={false}
          />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  )
}
