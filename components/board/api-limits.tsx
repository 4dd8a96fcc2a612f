'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { minuteSlots } from '@/components/charts/minute-slots'
import { Sparkline } from '@/components/charts/sparkline'
import { limitWords } from '@/components/state/figure-text'
import { FigureValue } from '@/components/state/figure-value'
import { Panel } from '@/components/state/panel'
import { SourceAge } from '@/components/state/source-age'
import { LimitScale } from '@/components/ui/limit-scale'
import { StateWord } from '@/components/ui/state-word'
import { queryOf } from '@/lib/client/api'
import { useBoard } from '@/lib/client/health-store'
import type { Board, Figure } from '@/lib/health/wire'

const ROWS: readonly { readonly key: keyof Board['api']; readonly title: string }[] = [
  { key: 'serverErrors', title: '5xx' },
  { key: 'authErrors', title: '401, 403' },
  { key: 'rateLimited', title: '429' },
  { key: 'errorRatio', title: 'Error ratio' },
  { key: 'p95', title: 'p95' },
  { key: 'p99', title: 'p99' },
]

const MINUTES = 60
const REFRESH_MS = 60_000

/** ApiLimits sets each figure of the provider's API, as our integration sees it, against its limit. */
export function ApiLimits(): ReactNode {
  const api = useBoard((board) => board.api)
  const lines = useLines()
  if (api === undefined)
    return <Panel title="Vast.ai API against limits" face={{ kind: 'loading', rows: 6 }} />
  const figures = ROWS.map((row) => api[row.key])
  const newest = figures.reduce((best, figure) => (figure.at > best.at ? figure : best))
  const unread = figures.filter((figure) => figure.value === null)
  return (
    <div id="api" className="scroll-mt-4">
      <Panel
        title="Vast.ai API against limits"
        aside={<SourceAge source={newest.source || 'no source'} at={newest.at} />}
      >
        <table className="w-full">
          <caption className="sr-only">The provider's API as our integration sees it</caption>
          <thead className="sr-only">
            <tr>
              <th>Figure</th>
              <th>Value</th>
              <th>Scale</th>
              <th>Limit</th>
              <th>Rating</th>
              <th className="max-sm:hidden">Last hour</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.map((row) => (
              <ApiRow key={row.key} title={row.title} figure={api[row.key]} line={lines?.[row.key]} />
            ))}
          </tbody>
        </table>
        {unread.length === 0 ? null : (
          <p className="pt-2 text-12 text-ink-3">
            {unread.length === ROWS.length ? 'None of this is known' : `${unread.length} of 6 are unknown`}:{' '}
            {unread[0]?.why ?? 'not read yet'}.
          </p>
        )}
      </Panel>
    </div>
  )
}

type Line = readonly (number | null)[]

/** Decoration: while the minutes are unread or unreadable, the rows stand without their lines. */
function useLines(): Readonly<Record<keyof Board['api'], Line>> | undefined {
  const { data } = useQuery({
    ...queryOf('health.apiHistory', { minutes: MINUTES }),
    refetchInterval: REFRESH_MS,
  })
  return useMemo(() => {
    if (data === undefined) return undefined
    const line = (key: keyof Board['api']): Line =>
      minuteSlots({ t: data.t, values: data[key], until: data.until, minutes: MINUTES })
    return {
      serverErrors: line('serverErrors'),
      authErrors: line('authErrors'),
      rateLimited: line('rateLimited'),
      errorRatio: line('errorRatio'),
      p95: line('p95'),
      p99: line('p99'),
    }
  }, [data])
}

function ApiRow({
  title,
  figure,
  line,
}: {
  readonly title: string
  readonly figure: Figure
  readonly line: Line | undefined
}): ReactNode {
  return (
    <tr className="h-8.5 border-t short:h-7.5 last:border-b">
      <th scope="row" className="pr-3 text-left font-normal whitespace-nowrap">
        {title}
      </th>
      <td className="pr-4 text-right font-mono">
        <FigureValue figure={figure} />
      </td>
      <td className="pr-3 max-sm:hidden">
        {figure.limit === undefined ? null : (
          <LimitScale value={figure.value} limit={figure.limit} warn={figure.warn} />
        )}
      </td>
      <td className="pr-3 font-mono whitespace-nowrap text-ink-3">{limitWords(figure)}</td>
      <td className="text-right">
        <span className="inline-block w-22 text-left">
          <StateWord rating={figure.rating} />
        </span>
      </td>
      <td className="w-19 pr-1 pl-2 max-sm:hidden">
        <span className="block w-18">
          {line === undefined ? null : (
            <Sparkline values={[...line, figure.value]} limit={figure.limit} rating={figure.rating} />
          )}
        </span>
      </td>
    </tr>
  )
}
