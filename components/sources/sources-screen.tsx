'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { queryOf } from '@/lib/client/api'
import { useBoard, useServerNow } from '@/lib/client/health-store'
import type { SourceRow } from '@/lib/health/wire'
import { rowOfPoll, rowsOfSource } from './rows-of-source'
import { SourceItem } from './source-item'

const NO_ROWS = [] as const
const POLL_REFRESH_MS = 30_000

/** SourcesScreen lists what can be connected in order of value, with the state of each. */
export function SourcesScreen({
  mayConfigure,
  mayTest,
}: {
  readonly mayConfigure: boolean
  readonly mayTest: boolean
}): ReactNode {
  const list = useQuery(queryOf('sources.list', {}))
  const published = useBoard((board) => board.sources) ?? NO_ROWS
  const hasAlertmanager = list.data?.some((entry) => entry.id === 'alertmanager' && entry.connected) ?? false
  const rows = [...published, ...usePollRow(hasAlertmanager)]
  useOpenFromAddress(list.isSuccess)
  if (list.isPending) return <Panel title="Sources" face={{ kind: 'loading', rows: 6 }} />
  if (list.isError) {
    return <Panel title="Sources" face={failedFace(list, 'The list of sources could not be read.')} />
  }
  const next = list.data.find((entry) => !entry.connected)
  const isBare = list.data.every((entry) => !entry.connected)
  return (
    <section aria-labelledby="sources-title" className="max-w-5xl">
      <h2 id="sources-title" className="text-16">
        {isBare ? 'Nothing is connected yet' : 'What Watchfloor reads'}
      </h2>
      <p className="max-w-2xl pt-1 pb-4 text-ink-2">
        {isBare
          ? 'Connect in this order: each one answers more than the next. Everything that no source tells stays unknown; nothing is guessed.'
          : 'In order of value. Readings are only ever taken; nothing is changed at the source.'}
      </p>
      <div className="border-b">
        {list.data.map((entry) => (
          <SourceItem
            key={entry.id}
            entry={entry}
            rows={rowsOfSource(entry.id, rows)}
            isNext={mayConfigure && entry === next}
            mayConfigure={mayConfigure}
            mayTest={mayTest}
          />
        ))}
      </div>
    </section>
  )
}

/** The alert source is read by the alerts job, not by the collector: its row comes from there. */
function usePollRow(isConnected: boolean): readonly SourceRow[] {
  const { data } = useQuery({
    ...queryOf('alerts.groups', {}),
    refetchInterval: POLL_REFRESH_MS,
    enabled: isConnected,
  })
  const now = useServerNow()
  return isConnected && data?.poll && now !== 0 ? [rowOfPoll(data.poll, now / 1000)] : NO_ROWS
}

/** The address names the source to open; it may change while the page stays. */
function useOpenFromAddress(isReady: boolean): void {
  useEffect(() => {
    if (!isReady) return
    function open(): void {
      const found = document.getElementById(decodeURIComponent(window.location.hash.slice(1)))
      if (!(found instanceof HTMLDetailsElement)) return
      found.open = true
      found.scrollIntoView({ block: 'start' })
    }
    open()
    window.addEventListener('hashchange', open)
    return () => window.removeEventListener('hashchange', open)
  }, [isReady])
}
